import {
  type Content,
  type Platform,
  readManifest,
  readPlatform,
} from '../../model/image/content.ts'
import { readJson } from '../../model/tree/json.ts'
import { emptyTree, isTree } from '../../model/values/values.ts'
import {
  digestOfSelected,
  formatPlatform,
  matchesPlatform,
  type Selected,
  selectPlatforms,
} from '../../model/image/platform.ts'
import { failure, type Result, success } from '../../model/problem.ts'
import { pinnedReference } from '../../model/image/reference.ts'
import { configCommand } from '../../tools/process/crane.ts'
import { classifyRun } from '../../tools/process/failures.ts'
import { withoutPlainHttp } from '../../tools/internet/plain-http.ts'
import type { ImageStep } from '../plan/plan.ts'
import { sourceRoutesOf } from './routes.ts'
import type { OpenRun } from '../session/doors.ts'

/** The part of an image to copy, with its digest at the target. */
interface Picked {
  readonly digest: string
  readonly root: string
  readonly selected: Selected
}

/**
 * Picks the requested platforms out of an image. The index comes from the lock, else from the source, where Docker Hub
 * counts that as a pull. A single-platform image has to be built for one of the requested platforms.
 */
export async function pickPlatforms(
  run: OpenRun,
  step: ImageStep,
  root: string,
  wanted: readonly Platform[],
): Promise<Result<Picked>> {
  const content = await indexOf(run, step, root)
  if (!content.ok) return failure(content.problem)
  const selected = selectPlatforms(content.value, wanted)
  if (!selected.ok) return failure(selected.problem)
  if (content.value.children === undefined) {
    const checked = await checkSingle(run, step, root, wanted)
    if (!checked.ok) return failure(checked.problem)
  }
  const digest = digestOfSelected(selected.value, root) ?? root
  return success({ digest, root, selected: selected.value })
}

async function indexOf(
  { request, doors, state }: OpenRun,
  step: ImageStep,
  root: string,
): Promise<Result<Content>> {
  const known = state.contents.get(root)
  if (known !== undefined) return success(known)
  const [first, ...others] = sourceRoutesOf(step.reference, request.copying.mirrors)
  let manifest = await doors.registries.manifest(first, root)
  for (const route of others) {
    if (manifest.ok) break
    manifest = await doors.registries.manifest(route, root)
  }
  if (!manifest.ok) return manifest
  const content = readManifest(manifest.value.text, manifest.value.mediaType)
  if (content === undefined) {
    return failure({
      kind: 'unknown',
      side: 'source',
      message: `${root} is not an image manifest`,
    })
  }
  return success(content)
}

async function checkSingle(
  { request, doors }: OpenRun,
  step: ImageStep,
  root: string,
  wanted: readonly Platform[],
): Promise<Result<void>> {
  const [route] = sourceRoutesOf(step.reference, request.copying.mirrors)
  const result = await doors.run(configCommand(doors.crane, pinnedReference(route, root)), {
    ...withoutPlainHttp(doors.surroundings.crane, [route.registry]),
    signal: doors.signal,
    deadline: 60_000,
  })
  if (!result.ok) return failure(classifyRun(result, { sourceHost: step.host }))
  const configuration = readJson(result.stdout)
  const platform = readPlatform(isTree(configuration) ? configuration : emptyTree())
  if (wanted.some((one) => matchesPlatform(platform, one))) return success(undefined)
  return failure({
    kind: 'conflict',
    side: 'input',
    message: `only available for ${formatPlatform(platform)}`,
    next: 'add that platform with --platform, or leave out the image with --exclude',
  })
}
