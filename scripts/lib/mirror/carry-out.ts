import type { Ecr } from '../aws/ecr/client.ts'
import type { RegistryLogin } from '../aws/token.ts'
import { contentsOf } from '../model/manifest/lock.ts'
import { failure, type Problem, type Result, resultWithAll, success } from '../model/problem.ts'
import { openCredentials } from '../tools/credentials/credentials.ts'
import { run } from '../tools/process/exec.ts'
import { createGates } from '../tools/pacing/gate.ts'
import { createHttp } from '../tools/http/http.ts'
import { findTool, prepareTools } from '../tools/install/install.ts'
import { createRegistryClient } from '../tools/registry/client.ts'
import { defaultBackoff } from '../tools/pacing/retry.ts'
import { toolNames } from '../tools/install/pins.ts'
import { applyPlan } from './copy/apply.ts'
import { budgetProblem, hubPulls } from './sources/hub-budget.ts'
import type { Inventory } from './target/inventory.ts'
import { keepLogin } from './target/logins.ts'
import type { Plan } from './plan/plan.ts'
import { nameWayOn } from './sources/missing.ts'
import { checkSources, impossibleSteps, refusalsOf, stepsToAsk } from './preflight.ts'
import { makeReport } from './report/report.ts'
import { lockRun } from './target/run-lock.ts'
import { type Mirrored, type MirrorOptions, runFolder } from './session/request.ts'
import { openMounter } from './layers/sharing.ts'
import { gateRules, logInToSources } from './sources/logins.ts'
import { openSources } from './sources/sources.ts'
import type { OpenTarget } from './target/target.ts'
import { interrupted, type Doors } from './session/doors.ts'

interface Planned {
  readonly plan: Plan
  readonly inventory: Inventory
}

interface Beginning {
  readonly startedAt: Date
  /** By `performance.now()`. */
  readonly began: number
}

/** ECR_PRIVATE_PASSWORD stands for the token that AWS would be asked for: some pipelines have the one and not the other. */
function authorizer(env: NodeJS.ProcessEnv, ecr: Ecr): () => Promise<RegistryLogin> {
  const password = env['ECR_PRIVATE_PASSWORD']
  return password ? async () => ({ username: 'AWS', password }) : ecr.authorize
}

/** The problems of tools that are not here; nothing is installed. */
export async function findMissingTools({ env, signal }: MirrorOptions): Promise<Problem[]> {
  const found = await Promise.all(toolNames.map((name) => findTool(name, { env, run, signal })))
  return found.flatMap((result) => (result.ok ? [] : [result.problem]))
}

/** Carries a plan out that has something to do: tools, the run lock, logins, the rest of the preflight, the copies. */
export async function carryOut(
  planned: Planned,
  target: OpenTarget,
  options: MirrorOptions,
  began: Beginning,
): Promise<Result<Mirrored, readonly Problem[]>> {
  const { registry, env, signal, notify, stateFolder } = options
  const { plan } = planned
  const onNotice = (text: string) => notify({ kind: 'notice', text })
  const prepared = await resultWithAll(prepareTools({ env, run, signal, onNotice }))
  if (!prepared.ok) return prepared
  const tools = prepared.value
  notify({
    kind: 'phase',
    text: `with crane ${tools.crane.version} and helm ${tools.helm.version}`,
  })
  const locked = await resultWithAll(
    lockRun(
      runFolder(options),
      signal,
      (owner) => onNotice(`waiting for the lock of ${owner}`),
      () => onNotice('the run lock was lost; another run on this target may do the same work'),
    ),
  )
  if (!locked.ok) return locked
  const credentials = await openCredentials(env, stateFolder)
  try {
    const hosts = new Set(stepsToAsk(plan).map(({ host }) => host))
    for (const place of [...options.mirrors].flatMap(([host, places]) =>
      hosts.has(host) ? places : [],
    )) {
      hosts.add(place.split('/')[0] ?? place)
    }
    const sourceLogins = await logInToSources(hosts, target.settings, env, credentials, options)
    const http = createHttp({ env, agent: target.settings.agent })
    const doors: Doors = {
      run,
      http,
      registries: createRegistryClient(http, credentials.get, signal),
      mirrors: options.mirrors,
      origin: options.origin,
      contents: contentsOf(options.lock),
      pulls: {},
      replaceImmutable: options.replaceImmutable,
      ecr: target.ecr,
      registry,
      logins: keepLogin(registry.host, authorizer(env, target.ecr), credentials),
      workFolder: credentials.folder,
      surroundings: credentials.surroundings,
      crane: tools.crane.path,
      helm: tools.helm.path,
      gate: createGates((host) => gateRules(host, options.concurrency, sourceLogins), signal),
      signal,
      notify,
      backoff: defaultBackoff,
      deadline: options.deadline,
    }
    return await checkAndApply(planned, doors, options, began)
  } finally {
    await credentials.remove()
    await locked.value()
  }
}

async function checkAndApply(
  { plan, inventory }: { readonly plan: Plan; readonly inventory: Inventory },
  doors: Doors,
  options: MirrorOptions,
  { startedAt, began }: Beginning,
): Promise<Result<Mirrored, readonly Problem[]>> {
  const sources = openSources(doors)
  const checked = options.check ? await checkSources(plan, sources, options.notify) : plan
  const { missing, others } = refusalsOf(plan, checked)
  const { onMissing, hasExclude = false } = options
  const pulls = hubPulls(checked.steps, doors.contents, doors.mirrors, sources.known)
  const budget = options.check ? budgetProblem(pulls, doors.pulls.left) : undefined
  const problems = options.tolerant
    ? []
    : [
        ...(onMissing === 'skip' ? [] : missing.map((one) => nameWayOn(one, hasExclude))),
        ...others,
        ...impossibleSteps(checked, options.replaceImmutable),
        ...(budget ? [budget] : []),
      ]
  if (options.signal.aborted) return failure([interrupted])
  if (problems.length > 0) return failure(problems)
  if (options.tolerant && budget) options.notify({ kind: 'notice', text: budget.message })
  const mounter = await openMounter(
    checked,
    inventory,
    options.siblings,
    options.mount,
    doors,
    sources,
  )
  const { concurrency, putRate } = options
  const applied = await applyPlan(checked, doors, sources, mounter, {
    concurrency,
    putRate,
    began,
  })
  const milliseconds = performance.now() - began
  const report = makeReport(checked, applied, { startedAt, milliseconds })
  return success({ report, learned: applied.learned })
}
