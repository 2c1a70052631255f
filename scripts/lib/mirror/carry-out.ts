import type { OpenTarget } from '../aws/ecr/target.ts'
import type { RegistryLogin } from '../aws/token.ts'
import type { Ecr } from '../aws/ecr/client.ts'
import { contentsOf } from '../model/manifest/lock.ts'
import { failure, type Problem, toResultWithAll, success } from '../model/problem.ts'
import { createGates } from '../tools/pacing/gate.ts'
import { createRegistryClient } from '../tools/registry/client.ts'
import { applyPlan } from './copy/apply.ts'
import { budgetProblem, hubPulls } from './sources/hub-budget.ts'
import type { Inventory } from '../aws/ecr/inventory.ts'
import { keepLogin, withSources } from './target/logins.ts'
import type { Plan } from './plan/plan.ts'
import { nameWayOn } from './sources/missing.ts'
import { checkSources, impossibleSteps, refusalsOf, stepsToAsk } from './preflight.ts'
import { makeReport, type Mirrored } from './report/report.ts'
import { interrupted, type MirrorRequest, type Preflighted, runFolder } from './session/request.ts'
import { openMounter } from './layers/sharing.ts'
import { gateRules, logInToSources } from './sources/logins.ts'
import { openSources, type Sources } from './sources/sources.ts'
import type { MirrorDoors, OpenRun } from './session/doors.ts'

interface Planned {
  readonly plan: Plan
  readonly inventory: Inventory
}

/** The start of a run. */
export interface Beginning {
  readonly startedAt: Date
  /** In the ticks of `clock.ticks()`. */
  readonly began: number
}

/** Returns ECR_PRIVATE_PASSWORD or a token from AWS: some pipelines have only one of the two. */
function authorizer(env: NodeJS.ProcessEnv, ecr: Ecr): () => Promise<RegistryLogin> {
  const password = env['ECR_PRIVATE_PASSWORD']
  return password ? async () => ({ username: 'AWS', password }) : ecr.authorize
}

/** Carries out a plan that has work to do: tools, the run lock, logins, the rest of the preflight, the copies. */
export async function carryOut(
  planned: Planned,
  { ecr, http, authorizePublic, authorizeSource }: OpenTarget,
  request: MirrorRequest,
  doors: MirrorDoors,
  beginning: Beginning,
): Promise<Preflighted<Mirrored>> {
  const { registry, copying } = request
  const { run, clock, notify, signal, env, backoff } = doors
  const onNotice = (text: string) => notify({ kind: 'notice', text })
  const prepared = await toResultWithAll(doors.tools.prepare(onNotice))
  if (!prepared.ok) return prepared
  const { crane, helm } = prepared.value
  notify({ kind: 'phase', text: `using crane ${crane.version} and helm ${helm.version}` })
  const locked = await toResultWithAll(
    doors.lock(runFolder(request), {
      onWait: (owner) => onNotice(`waiting for the lock held by ${owner}`),
      onLost: () =>
        onNotice('lost the run lock; another run on this target may repeat the same work'),
    }),
  )
  if (!locked.ok) return locked
  const credentials = await doors.openCredentials(copying.stateFolder)
  try {
    const hosts = hostsToRead(planned.plan, copying)
    hosts.delete(registry.host)
    const logins = await logInToSources(
      hosts,
      { public: authorizePublic, private: authorizeSource },
      { env, store: credentials, notify, now: clock.time },
    )
    return await checkAndApply(
      planned,
      {
        request,
        doors: {
          run,
          clock,
          notify,
          signal,
          backoff,
          http,
          ecr,
          registries: createRegistryClient(http, credentials.get, signal),
          logins: withSources(
            keepLogin(registry.host, authorizer(env, ecr), credentials, clock.time),
            logins.kept,
          ),
          gate: createGates((host) => gateRules(host, copying.concurrency, logins), signal, clock),
          workFolder: credentials.folder,
          surroundings: credentials.surroundings,
          crane: crane.path,
          helm: helm.path,
        },
        state: { began: beginning.began, contents: contentsOf(request.lock), pulls: {} },
      },
      beginning.startedAt,
    )
  } finally {
    await credentials.remove()
    await locked.value()
  }
}

/** Returns the hosts that a plan may read from: the sources and their mirrors. */
function hostsToRead(plan: Plan, { mirrors }: MirrorRequest['copying']): Set<string> {
  const hosts = new Set(stepsToAsk(plan).map(({ host }) => host))
  const places = [...mirrors].flatMap(([host, own]) => (hosts.has(host) ? own : []))
  return new Set([...hosts, ...places.map((place) => place.split('/')[0] ?? place)])
}

async function checkAndApply(
  { plan, inventory }: Planned,
  run: OpenRun,
  startedAt: Date,
): Promise<Preflighted<Mirrored>> {
  const { request, doors, state } = run
  const sources = openSources(run)
  const checked = request.copying.check ? await checkSources(plan, sources, run) : plan
  const { problems, budget } = findObstacles(plan, checked, sources.known, run)
  if (doors.signal.aborted) return failure([interrupted])
  if (!request.tolerant && problems.length > 0) return failure(problems)
  if (request.tolerant && budget) doors.notify({ kind: 'notice', text: budget.message })
  const mounter = await openMounter(checked, inventory, run, sources)
  const applied = await applyPlan(checked, run, sources, mounter)
  const milliseconds = doors.clock.ticks() - state.began
  const report = makeReport(checked, applied, { startedAt, milliseconds })
  return success({ report, learned: applied.learned })
}

/** Returns the problems of a checked plan before anything is changed. */
function findObstacles(
  plan: Plan,
  checked: Plan,
  known: Sources['known'],
  { request, state }: OpenRun,
): { readonly problems: readonly Problem[]; readonly budget: Problem | undefined } {
  const { copying, hasExclude = false } = request
  const { missing, others } = refusalsOf(plan, checked)
  const pulls = hubPulls(checked.steps, state.contents, copying.mirrors, known)
  const budget = copying.check ? budgetProblem(pulls, state.pulls.left) : undefined
  const problems = [
    ...(copying.onMissing === 'skip' ? [] : missing.map((one) => nameWayOn(one, hasExclude))),
    ...others,
    ...impossibleSteps(checked, copying.replaceImmutable),
    ...(budget ? [budget] : []),
  ]
  return { problems, budget }
}
