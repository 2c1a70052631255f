import { join, resolve } from 'node:path'
import type { BootstrapFlags } from '../commands/bootstrap.ts'
import { settleRegion } from '../aws/region.ts'
import { withSession } from '../session/session.ts'
import { exitCodeOf, formatProblems } from '../cli/errors.ts'
import type { Context } from '../cli/main.ts'
import { toJson } from '../cli/text.ts'
import { readCopyFlags } from '../mirror/session/flags.ts'
import { describeUnfilled } from '../mirror/report/unfilled-text.ts'
import { readRepositoryRequest } from '../mirror/target/settings.ts'
import type { ChartList } from '../model/chart/chart-list.ts'
import { type Problem, ProblemError, problemsOfError, unwrap } from '../model/problem.ts'
import { parseEcrRegistry, parsePrefix } from '../model/image/registry.ts'
import { defaultListFile, readListFile } from '../sources/manifest/generated.ts'
import { defaultManifestFile, originOfManifest } from '../sources/manifest/file.ts'
import { readValuesFiles } from '../sources/values/values-file.ts'
import { makeFolder } from '../tools/files/files.ts'
import { makePrivateFolder } from '../tools/files/private-folder.ts'
import { render } from '../tools/process/exec.ts'
import { defaultStateFolder } from '../tools/install/cache.ts'
import { openAccount, openBootstrapDoors } from './doors.ts'
import { type IncompleteImport, checkFlags } from './arguments.ts'
import { findCheckout } from './application/artifacts.ts'
import { missingBuildTools } from './application/build.ts'
import { type Checklist, nameCaller, openChecklist, renderChecklist } from './checklist.ts'
import type { BootstrapJob } from './job.ts'
import type { Findings } from './findings.ts'
import { explainIncomplete, incompleteImportProblem } from './network.ts'
import { pipeline, runSteps } from './pipeline.ts'
import { planSteps, renderSteps } from './plan.ts'
import { releaseStep } from './steps/installation/release.ts'

/** Runs `bootstrap`. Checks all flags before doing anything else. Returns the exit code. */
export async function runBootstrap(
  flags: BootstrapFlags,
  words: readonly string[],
  context: Context,
): Promise<number> {
  const judged = checkFlags(flags)
  if ('problems' in judged) throw new ProblemError(judged.problems)
  if ('incomplete' in judged) {
    return failEarly(await explain(judged.incomplete, flags, context), flags, words, context)
  }
  const { request } = judged
  const planned = planSteps(request)
  const { list } = await readListFile(resolve(flags.list ?? defaultListFile))
  unwrap(parsePrefix(flags.prefix))
  const userValues = unwrap(await readValuesFiles(flags.helmValues ?? []))
  if (request.mirror) await checkMirrorFlags(flags, list)
  const checkout = await findCheckout(request)
  if (flags.plan) {
    if (flags.output === 'json') context.output(toJson({ steps: planned }))
    else context.print(renderSteps(planned))
    return 0
  }
  const missing = request.build.images ? await missingBuildTools(context.env) : []
  if (missing.length > 0) return failEarly(missing, flags, words, context)
  const stateRoot = await openState(flags)
  const checklist = openChecklist(planned, flags.quiet ? () => undefined : context.log)
  let findings: Findings = {}
  try {
    const origin = originOfManifest(flags.manifest)
    const options = { isQuiet: flags.quiet ?? false, values: 'given', origin } as const
    await withSession(context, options, (session) => {
      const job: BootstrapJob = {
        request,
        userValues,
        declared: list,
        manifestFile: resolve(flags.manifest ?? defaultManifestFile),
        checkout,
        stateRoot,
        session,
        context,
        doors: openBootstrapDoors(context),
        deadline: flags.waitMinutes * 60_000,
      }
      return runSteps(pipeline, job, checklist, (known) => {
        findings = known
      })
    })
  } catch (error) {
    return explainFailure(error, { checklist, findings, flags, words, context })
  }
  if (flags.output === 'json') {
    context.output(toJson({ steps: checklist.records(), ...summaryOf(findings) }))
  } else context.print(conclude(checklist, findings.missing))
  return findings.missing === undefined || findings.missing.length === 0 ? 0 : 1
}

/**
 * Checks the mirror flags as far as possible: the registry is only known later, and with it whether a KMS key can be
 * used there.
 */
async function checkMirrorFlags(flags: BootstrapFlags, list: ChartList): Promise<void> {
  const any = unwrap(parseEcrRegistry('000000000000.dkr.ecr.us-east-1.amazonaws.com'))
  const { repoKmsKey: _, ...others } = flags
  await readCopyFlags(flags, any)
  await readRepositoryRequest(others, list, any, originOfManifest(flags.manifest))
}

async function explain(
  incomplete: IncompleteImport,
  flags: BootstrapFlags,
  { env, signal }: Context,
): Promise<readonly Problem[]> {
  try {
    const { region } = await settleRegion(flags.region, env)
    const account = openAccount(region, env, signal)
    const listing = explainIncomplete(account.network, incomplete, region)
    return [await listing.finally(account.close)]
  } catch (error) {
    // Missing settings are reported all the same.
    return [incompleteImportProblem(incomplete), ...problemsOfError(error)]
  }
}

/** Ends a run that failed before its first step. */
function failEarly(
  problems: readonly Problem[],
  flags: BootstrapFlags,
  words: readonly string[],
  context: Context,
): number {
  const checklist = openChecklist([], context.log)
  const error = new ProblemError(problems)
  return explainFailure(error, { checklist, findings: {}, flags, words, context })
}

async function openState({ stateDir }: BootstrapFlags): Promise<string> {
  const folder = join(resolve(stateDir ?? defaultStateFolder()), 'bootstrap')
  await makeFolder(folder, '--state-dir')
  // helm reads the proven values from here.
  await makePrivateFolder(folder)
  return folder
}

function summaryOf({ foundation, missing = [] }: Findings) {
  if (foundation === undefined) return {}
  const { deployment, identity, account, stage, artifacts } = foundation
  return {
    ...(missing.length > 0 && { missing }),
    deployment: { ...deployment, stage, region: account.region, account: identity.account },
    release: artifacts.version ?? null,
  }
}

function conclude(checklist: Checklist, missing: Findings['missing'] = []): string[] {
  const records = checklist.records()
  const words = checklist.mayHaveChanged() ? 'Done.' : 'Nothing to do: everything is up to date.'
  return ['', ...renderChecklist(records), ...describeUnfilled(missing, []), '', words]
}

interface Failure {
  readonly checklist: Checklist
  readonly findings: Findings
  readonly flags: BootstrapFlags
  readonly words: readonly string[]
  readonly context: Context
}

/** Prints what failed, the checklist, and how to continue. */
function explainFailure(error: unknown, failure: Failure): number {
  const { checklist, findings, flags, context } = failure
  const problems = nameCaller(problemsOfError(error), findings.identity?.arn)
  context.log(formatProblems(problems, flags))
  const records = checklist.records()
  if (records.length > 0) context.log(['', ...renderChecklist(records)])
  const code = codeOf(problems, checklist, context)
  if (!checklist.mayHaveChanged()) context.log(['', 'nothing was changed'])
  if (code !== 2)
    context.log([
      '',
      'To continue, rerun it; completed steps are not repeated:',
      `  ${continuation(failure)}`,
    ])
  if (flags.output === 'json') {
    context.output(toJson({ steps: records, ...summaryOf(findings), problems }))
  }
  return code
}

/** Returns 130 when interrupted, 2 for invalid user input, 3 when nothing was changed, else 1. */
function codeOf(problems: readonly Problem[], checklist: Checklist, { signal }: Context): number {
  if (signal.aborted) return 130
  const isInput = problems.some(
    ({ kind, side }) => side === 'input' && ['usage', 'invalid-input', 'not-found'].includes(kind),
  )
  if (isInput && !checklist.mayHaveChanged()) return 2
  const code = exitCodeOf(problems)
  if (code === 130) return code
  return checklist.mayHaveChanged() ? 1 : 3
}

/** Returns the same command with `latest` resolved, and with --upgrade after a failure of helm. */
function continuation({ words, findings, checklist }: Failure): string {
  const version = findings.artifacts?.version
  const isOther = (word: string, index: number) =>
    word !== '--version' && words[index - 1] !== '--version' && !word.startsWith('--version=')
  const pinned = version === undefined ? words : [...words.filter(isOther), '--version', version]
  const hasFailed = checklist
    .records()
    .some(({ id, status, changed }) => id === releaseStep.id && status === 'failed' && changed)
  const args = hasFailed && !words.includes('--upgrade') ? [...pinned, '--upgrade'] : pinned
  return render({ tool: 'npx', args: ['tsx', 'bootstrap.ts', ...args] })
}
