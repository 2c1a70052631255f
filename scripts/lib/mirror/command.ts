import { dirname, resolve } from 'node:path'
import { formatProblems } from '../cli/errors.ts'
import type { Context } from '../cli/main.ts'
import type { MirrorFlags } from '../commands/mirror-to-ecr.ts'
import { reporterFor } from '../cli/reporter.ts'
import { count, toJson } from '../cli/text.ts'
import type { Content } from '../model/image/content.ts'
import type { Outcome } from '../model/events.ts'
import { extendLock, type LockedImage } from '../model/manifest/lock.ts'
import { type Problem, unwrap } from '../model/problem.ts'
import { parsePrefix } from '../model/image/registry.ts'
import { recordFrom } from '../model/tree/tree.ts'
import { loadLock, lockFileOf, renderLock } from '../sources/manifest/lock-file.ts'
import { defaultManifestFile, loadManifest, originOfManifest } from '../sources/manifest/file.ts'
import { readCopyFlags } from './session/flags.ts'
import { mirror, planMirror } from './mirror.ts'
import { openMirrorDoors } from './session/open-doors.ts'
import { type MirrorRequest, runFolder } from './session/request.ts'
import { placeSelection } from './plan/placement.ts'
import { renderPlan } from './plan/table.ts'
import { exitCodeOfReport, problemsOf, type Report } from './report/report.ts'
import { pageToName, reportFiles, writeReport } from './report/files.ts'
import { renderSummary } from './report/summary.ts'
import { selectFrom } from './plan/selection.ts'
import { checkPlace, replaceFile } from '../tools/files/files.ts'
import { refuseLinks } from '../tools/files/links.ts'
import { readTarget } from '../aws/ecr/target.ts'
import { readRepositoryRequest } from './target/settings.ts'

/** Runs `mirror-to-ecr`. Checks all user input before doing anything else. Returns the exit code. */
export async function runMirror(
  registryText: string,
  flags: MirrorFlags,
  context: Context,
): Promise<number> {
  const registry = readTarget(registryText, flags.region)
  const prefix = unwrap(parsePrefix(flags.prefix))
  const copying = await readCopyFlags(flags, registry)
  const manifestFile = flags.manifest ?? defaultManifestFile
  const manifest = await loadManifest(manifestFile)
  const lock = await loadLock(manifestFile)
  const { only, exclude, group } = flags
  const kind = flags.imagesOnly ? 'images' : flags.chartsOnly ? 'charts' : undefined
  const selection = unwrap(
    selectFrom(manifest, {
      ...(only && { only }),
      ...(exclude && { exclude }),
      ...(group !== undefined && { group }),
      ...(kind && { kind }),
    }),
  )
  const repositories = await readRepositoryRequest(
    flags,
    manifest,
    registry,
    originOfManifest(manifestFile),
  )
  const placed = unwrap(placeSelection(manifest, selection))
  const siblings = () => unwrap(placeSelection(manifest, { images: manifest.images, charts: [] }))
  // Checked now, not when a report cannot be written after hours of work.
  for (const file of flags.report ?? []) await checkPlace(resolve(file), '--report')
  const reporter = await reporterFor(flags)
  const request: MirrorRequest = {
    registry,
    prefix,
    placed,
    siblings,
    lock,
    copying,
    repositories,
    hasExclude: true,
    tolerant: false,
    origin: originOfManifest(manifestFile),
  }
  const doors = openMirrorDoors(context, reporter.notify)
  if (flags.plan) {
    const planned = await planMirror(request, doors).finally(reporter.close)
    if (!planned.ok) return refuse(planned.problem, flags, context)
    const plan = planned.value
    const blocked = plan.steps.flatMap(({ refused }) => refused ?? [])
    context.log(formatProblems(blocked, { verbose: flags.verbose }))
    if (flags.output === 'json') context.output(toJson(plan))
    else context.print(renderPlan(plan))
    return 0
  }
  const result = await mirror(request, doors).finally(reporter.close)
  if (!result.ok) return refuse(result.problem, flags, context)
  const { report, learned } = result.value
  if (flags.updateLock) {
    const images = lockedOf(report.outcomes, learned)
    const file = lockFileOf(manifestFile)
    await refuseLinks(dirname(file), file)
    await replaceFile(file, renderLock(extendLock(lock, images)))
    context.log(`${count(Object.keys(images).length, 'image')} written to ${file}`)
  }
  return showReport(report, request, flags, context)
}

/** Returns the lock entries of copied images. */
function lockedOf(
  outcomes: readonly Outcome[],
  learned: ReadonlyMap<string, Content>,
): Record<string, LockedImage> {
  return recordFrom(
    outcomes.flatMap(({ kind, name, digest }) => {
      const content = digest === undefined ? undefined : learned.get(digest)
      return kind === 'image' && digest !== undefined && content !== undefined
        ? [[name, { digest, ...content }] as const]
        : []
    }),
  )
}

async function showReport(
  report: Report,
  request: MirrorRequest,
  flags: MirrorFlags,
  context: Context,
): Promise<number> {
  const problems = problemsOf(report)
  context.log(formatProblems(problems, flags))
  const files = reportFiles(report, runFolder(request), flags.report)
  if (flags.output === 'json') context.output(toJson(report))
  else context.print(renderSummary(report, pageToName(report, files)))
  // Also kept in the state folder, so that the result can be read after the terminal is gone.
  await writeReport(report, files)
  return exitCodeOfReport(report)
}

/** Prints why nothing was done. Returns 2 when the user's input is at fault, else 3 (preflight failed). */
function refuse(problems: readonly Problem[], flags: MirrorFlags, context: Context): number {
  if (context.signal.aborted) {
    context.log('interrupted before anything was changed; rerun the same command')
    return 130
  }
  context.log(formatProblems(problems, flags))
  // Data from a source may be invalid as well; that is not the user's fault.
  const isInput = problems.some(
    ({ kind, side }) => side === 'input' && (kind === 'invalid-input' || kind === 'usage'),
  )
  if (!isInput) context.log('nothing was changed')
  return isInput ? 2 : 3
}
