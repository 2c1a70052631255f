import type { IndexEntry } from '../../charts/fetch/index-file.ts'
import { withArchive } from '../sources/archive.ts'
import type { Origin } from '../../model/origin.ts'
import {
  about,
  failure,
  type Problem,
  type Result,
  toResult,
  success,
} from '../../model/problem.ts'
import type { Selected } from '../../model/image/platform.ts'
import { pinnedReference, type Reference } from '../../model/image/reference.ts'
import { copyCommand, type CopyLine, readCopyLine } from '../../tools/process/crane.ts'
import { classifyRun } from '../../tools/process/failures.ts'
import { pushCommand } from '../../tools/process/helm.ts'
import { withoutPlainHttp } from '../../tools/internet/plain-http.ts'
import type { LocalArchive } from '../plan/placement.ts'
import { type Stored, storedOf } from '../../aws/ecr/inventory.ts'
import { limitsOf } from '../plan/deadline.ts'
import { immutableAdvice } from '../plan/outcome.ts'
import type { ChartStep, MirrorStep } from '../plan/plan.ts'
import { type Resolved, sourceAdvice } from '../sources/sources.ts'
import { explainUnreadable, unreadableProblem } from '../../aws/ecr/unreadable.ts'
import type { Ledger } from '../traffic/ledger.ts'
import { lookForArchive } from '../traffic/settle-traffic.ts'
import type { OpenRun } from '../session/doors.ts'
import type { Copied } from './copied.ts'

/** Where an attempt records the bytes that it moves. */
export interface Recording {
  readonly ledger: Ledger
  /** Starts reading the output lines of one process. */
  readonly openLines: () => (line: CopyLine) => void
}

/** Tries once to copy an image or a chart of a registry, then reads back the result. */
export async function copyImage(
  run: OpenRun,
  step: MirrorStep,
  route: Reference,
  resolved: Resolved & { readonly digest: string },
  recording: Recording,
): Promise<Result<Copied>> {
  const { digest, root = digest, selected = { kind: 'whole' } } = resolved
  const byDigest = (one: string) => `${run.request.registry.host}/${step.repository}@${one}`
  const replaces = replacesImmutable(step)
  const pairs =
    selected.kind === 'index'
      ? selected.children.map((child) => [child.digest, byDigest(child.digest)] as const)
      : [
          [
            selected.kind === 'child' ? digest : root,
            replaces ? byDigest(digest) : step.destination,
          ] as const,
        ]
  for (const [source, destination] of pairs) {
    const onCopyLine = recording.openLines()
    const problem = await runCrane(run, step, route, { source, destination }, onCopyLine)
    if (problem !== undefined) return failure(problem)
  }
  if (selected.kind === 'index' || replaces) {
    const tagged = await tagManifest(run, step, digest, selected, replaces)
    if (!tagged.ok) return failure(explainCopy(step, tagged.problem, run.request.origin))
    // A filtered index is stored by this request alone; an image was already pushed by its digest.
    if (selected.kind !== 'index') recording.ledger.putBytes += tagged.value
  }
  recording.ledger.isTagged = true
  return checkStored(run, step, (stored) => stored.digest, digest)
}

/** Removes an immutable tag first, because ECR does not let it point to another image. */
function replacesImmutable({ action, immutable }: MirrorStep): boolean {
  return action === 'overwrite' && immutable
}

async function runCrane(
  run: OpenRun,
  step: MirrorStep,
  route: Reference,
  { source, destination }: { readonly source: string; readonly destination: string },
  onCopyLine: (line: CopyLine) => void,
): Promise<Problem | undefined> {
  const command = copyCommand(run.doors.crane, pinnedReference(route, source), destination)
  const result = await run.doors.run(command, {
    ...withoutPlainHttp(run.doors.surroundings.crane, [route.registry]),
    signal: run.doors.signal,
    ...limitsOf(step, run.request.copying.deadline),
    onLine: (text) => {
      const line = readCopyLine(text)
      if (line !== undefined) onCopyLine(line)
    },
  })
  if (result.ok) return undefined
  const targetHost = run.request.registry.host
  const problem = classifyRun(result, { sourceHost: route.registry, targetHost })
  // A pull-through cache is a source at the target's own host; the path tells the two apart.
  const isCache = route.registry === targetHost && result.stderr.includes(route.path)
  return explainCopy(step, isCache ? { ...problem, side: 'source' } : problem, run.request.origin)
}

/**
 * Puts the tag on a manifest that is present by digest: a filtered index, or an image that replaces another one under
 * an immutable tag, which ECR allows only once the tag is gone. Returns the size of the manifest in bytes.
 */
async function tagManifest(
  run: OpenRun,
  step: MirrorStep,
  digest: string,
  selected: Selected,
  replaces: boolean,
): Promise<Result<number>> {
  const manifest = selected.kind === 'index' ? success(selected) : await readBack(run, step, digest)
  if (!manifest.ok) return manifest
  if (replaces) {
    const deleted = await removeTag(run, step)
    if (!deleted.ok) return deleted
  }
  const place = { registry: run.request.registry.host, path: step.repository }
  const put = await run.doors.registries.putManifest(place, step.place.tag, manifest.value)
  if (!put.ok) return failure({ ...put.problem, side: 'target' })
  return success(Buffer.byteLength(manifest.value.text))
}

async function removeTag(run: OpenRun, step: MirrorStep): Promise<Result<void>> {
  const text = `"${step.destination}": removing its immutable tag and re-creating it`
  run.doors.notify({ kind: 'notice', text })
  return toResult(run.doors.ecr.deleteTag(step.repository, step.place.tag))
}

async function readBack(run: OpenRun, step: MirrorStep, digest: string) {
  const read = await toResult(run.doors.ecr.readManifests(step.repository, [digest]))
  if (!read.ok) return read
  const [manifest] = read.value
  return manifest === undefined ? failure(notStored(step, undefined, digest)) : success(manifest)
}

/** Tries once to pull a chart of an HTTP repository and to push it with helm. */
export async function copyArchive(
  run: OpenRun,
  step: ChartStep,
  entry: IndexEntry,
  { ledger }: Recording,
): Promise<Result<Copied>> {
  const result = await withArchive(run, step, entry, (pulled) =>
    pushArchive(run, step, pulled, ledger),
  )
  return result.ok ? result : failure(explainCopy(step, result.problem, run.request.origin))
}

/** Tries once to push an archive from this machine. */
export async function pushLocal(
  run: OpenRun,
  step: ChartStep,
  archive: LocalArchive,
  { ledger }: Recording,
): Promise<Result<Copied>> {
  const result = await pushArchive(run, step, archive, ledger)
  return result.ok ? result : failure(explainCopy(step, result.problem, run.request.origin))
}

async function pushArchive(
  run: OpenRun,
  step: ChartStep,
  pulled: LocalArchive,
  ledger: Ledger,
): Promise<Result<Copied>> {
  const digest = `sha256:${pulled.sha256}`
  await lookForArchive(run.doors.ecr, step.repository, digest, ledger)
  // helm appends the chart's own name to the target, so the last part of the repository is left out here.
  const parent = step.repository.slice(0, -step.chart.name.length).replace(/\/$/, '')
  const target =
    parent === '' ? run.request.registry.host : `${run.request.registry.host}/${parent}`
  if (replacesImmutable(step)) {
    // helm pushes by tag only, so the old chart has to be removed before the new one is pushed.
    const deleted = await removeTag(run, step)
    if (!deleted.ok) return deleted
  }
  const result = await run.doors.run(pushCommand(run.doors.helm, pulled.file, target), {
    ...run.doors.surroundings.helm,
    signal: run.doors.signal,
    ...limitsOf(step, run.request.copying.deadline),
  })
  if (!result.ok) {
    const problem = classifyRun(result, { targetHost: run.request.registry.host })
    return failure({ ...problem, side: 'target' })
  }
  ledger.isTagged = true
  return checkStored(run, step, (stored) => stored.layer, digest)
}

/** Reads back what the tag points to: a copy counts only when the target itself reports the expected digest. */
async function checkStored(
  run: OpenRun,
  step: MirrorStep,
  part: (stored: Stored) => string | undefined,
  expected: string,
): Promise<Result<Copied>> {
  const read = await toResult(run.doors.ecr.readImages(step.repository, [step.place.tag]))
  if (!read.ok) return read
  const [image] = read.value.images
  const found = image && part(storedOf(image))
  if (image !== undefined && found === expected) {
    return success({ digest: image.digest, manifest: image.manifest })
  }
  const kept = await explainUnreadable(run.doors.ecr, step.repository, read.value.unreadable)
  const unreadable = kept.get(step.place.tag)
  return failure(
    unreadable === undefined
      ? notStored(step, found, expected)
      : unreadableProblem({
          ...step,
          registry: run.request.registry,
          tag: step.place.tag,
          unreadable,
        }),
  )
}

function notStored(step: MirrorStep, found: string | undefined, expected: string): Problem {
  return {
    kind: 'digest-mismatch',
    side: 'target',
    message: `"${step.destination}" points to ${found ?? 'nothing'} after the copy, not to ${expected}`,
    next: 'another process may be writing to this tag; find and stop it, then rerun',
  }
}

function explainCopy(step: MirrorStep, problem: Problem, origin: Origin): Problem {
  if (problem.kind === 'interrupted' || problem.kind === 'checksum-mismatch') return problem
  const next = problem.next ?? adviceFor(step, problem, origin)
  return about(step.name, { ...problem, next })
}

function adviceFor(step: MirrorStep, problem: Problem, origin: Origin): string {
  const { kind, side } = problem
  switch (kind) {
    case 'tag-immutable':
      return immutableAdvice
    case 'quota':
    case 'rate-limited':
      return side === 'target'
        ? 'lower --concurrency, or wait until ECR stops throttling, then rerun'
        : sourceAdvice(step, problem, origin)
    case 'repository-missing':
      return `repository "${step.repository}" was deleted during the run; rerun the same command`
    case 'access-denied':
    case 'unauthorized':
      return side === 'target'
        ? `allow ecr:InitiateLayerUpload, UploadLayerPart, CompleteLayerUpload, PutImage, BatchCheckLayerAvailability and BatchGetImage on "${step.repository}"`
        : `provide credentials for "${step.host}", which denied access to this image`
    case 'timeout':
      return 'if the image is large or the network is slow, raise --deadline, then rerun'
    default:
      return 'rerun the same command; completed items are not copied again'
  }
}
