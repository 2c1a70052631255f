import { join } from 'node:path'
import { count } from '../cli/text.ts'
import type { Content } from '../model/content.ts'
import type { Target } from '../model/layout.ts'
import { contentsOf, type Lock } from '../model/lock.ts'
import type { Manifest } from '../model/manifest.ts'
import type { PlatformChoice } from '../model/platform.ts'
import { type Problem, unwrap } from '../model/problem.ts'
import type { EcrRegistry } from '../model/registry.ts'
import { openCredentials } from '../tools/credentials.ts'
import { run } from '../tools/exec.ts'
import { createGates } from '../tools/gate.ts'
import { createHttp } from '../tools/http.ts'
import { prepareTools } from '../tools/install.ts'
import { createRegistryClient } from '../tools/registry-client.ts'
import { defaultBackoff } from '../tools/retry.ts'
import { applyPlan } from './apply.ts'
import type { Notify } from '../model/events.ts'
import { budgetProblem, hubPulls } from './hub-budget.ts'
import { type Inventory, readInventory } from './inventory.ts'
import { keepLogin } from './logins.ts'
import type { MountPolicy } from './mount.ts'
import { placeSelection, placesToRead } from './placement.ts'
import { type ExistingPolicy, makePlan, type Plan } from './plan.ts'
import { check } from './attempt.ts'
import { checkSources, impossibleSteps, stepsToAsk } from './preflight.ts'
import { makeReport, type Report } from './report.ts'
import { expectRepositories, planRepositories } from './repositories.ts'
import type { RepositoryWishes } from './repository-wishes.ts'
import type { SourceMirrors } from './routes.ts'
import { lockRun } from './run-lock.ts'
import type { Selection } from './selection.ts'
import { openMounter } from './sharing.ts'
import { gateRules, logInToSources } from './source-logins.ts'
import { openSources } from './sources.ts'
import { type OpenTarget, openTarget } from './target.ts'
import { interrupted, type World } from './world.ts'

export interface MirrorOptions {
  readonly registry: EcrRegistry
  readonly prefix: string
  readonly manifest: Manifest
  readonly selection: Selection
  readonly lock: Lock
  readonly existing: ExistingPolicy
  readonly wishes: RepositoryWishes
  /** Copies at a time; left out, the run finds its own pace. */
  readonly concurrency: number | undefined
  readonly platforms: PlatformChoice
  readonly mount: MountPolicy
  readonly mirrors: SourceMirrors
  readonly replaceImmutable: boolean
  /** Manifests a second that the target admits, where that is known. */
  readonly putRate: number | undefined
  /** Learn what copied images consist of, for the lock. */
  readonly learn: boolean
  /** Milliseconds that one copy may take; by default that follows from its size. */
  readonly deadline: number | undefined
  /** Ask every source before anything is changed. */
  readonly check: boolean
  readonly stateFolder: string
  readonly env: NodeJS.ProcessEnv
  readonly signal: AbortSignal
  readonly notify: Notify
}

/** Everything that would be done, or was found to be impossible; nothing was changed. */
export type Preflight = { readonly plan: Plan } | { readonly problems: readonly Problem[] }

/** Reads the target and plans. The same plan is printed by a dry run and applied by a real one. */
export async function planMirror(options: MirrorOptions): Promise<Preflight> {
  const target = await check(openTarget(options.registry, options.env, options.signal))
  if ('problems' in target) return target
  try {
    const planned = await readAndPlan(options, target.value)
    return 'problems' in planned ? planned : { plan: planned.plan }
  } finally {
    target.value.ecr.close()
  }
}

async function readAndPlan(
  options: MirrorOptions,
  { ecr }: OpenTarget,
): Promise<
  { readonly plan: Plan; readonly inventory: Inventory } | { readonly problems: readonly Problem[] }
> {
  const { registry, prefix, manifest, selection, existing, lock, platforms, wishes } = options
  const target: Target = { registry: registry.host, prefix }
  const placed = unwrap(placeSelection(manifest, selection))
  options.notify({ kind: 'phase', text: `reading ${registry.host}` })
  const read = await check(readInventory(ecr, placesToRead(placed, target)))
  if ('problems' in read) return read
  const found = read.value.repositories
  const inventory = { ...read.value, repositories: expectRepositories(found, wishes) }
  const plan = makePlan(placed, inventory, { target, existing, platforms, lock })
  const wished = await check(planRepositories(ecr, plan.create, found, wishes, options.signal))
  const pinned = placed.filter(
    (item) => item.kind === 'image' && item.reference.digest !== undefined,
  )
  if (platforms !== 'auto' && pinned.length > 0) {
    const images = count(pinned.length, 'image is', 'images are')
    options.notify({
      kind: 'notice',
      text: `${images} pinned by digest and copied whole: a part of it has another digest`,
    })
  }
  return 'problems' in wished ? wished : { plan: { ...plan, ...wished.value }, inventory }
}

/** What a run came to, and what it learned of the images that it copied. */
export interface Mirrored {
  readonly report: Report
  readonly learned: ReadonlyMap<string, Content>
}

/**
 * Mirrors a selection: preflight, which changes nothing and finds everything at once, then the copies.
 * Returns the problems when the preflight fails, else the report, in which failures of single items stand.
 */
export async function mirror(
  options: MirrorOptions,
): Promise<Mirrored | { readonly problems: readonly Problem[] }> {
  const startedAt = new Date()
  const began = performance.now()
  const { registry, env, signal, notify, stateFolder } = options
  const onNotice = (text: string) => notify({ kind: 'notice', text })
  const checks = await Promise.all([
    check(openTarget(registry, env, signal)),
    check(prepareTools({ env, run, signal, onNotice })),
  ])
  const [opened, prepared] = checks
  if ('problems' in opened || 'problems' in prepared) {
    return {
      problems: checks.flatMap((checked) => ('problems' in checked ? checked.problems : [])),
    }
  }
  const target = opened.value
  const tools = prepared.value
  notify({
    kind: 'phase',
    text: `as ${target.identity.arn}, with crane ${tools.crane.version} and helm ${tools.helm.version}`,
  })

  const locked = await check(
    lockRun(
      runFolder(options),
      signal,
      (owner) => onNotice(`waiting for the lock of ${owner}`),
      () => onNotice('the run lock was lost; another run on this target may do the same work'),
    ),
  )
  if ('problems' in locked) {
    target.ecr.close()
    return locked
  }
  const credentials = await openCredentials(env, stateFolder)
  try {
    const planned = await readAndPlan(options, target)
    if ('problems' in planned) return planned
    const { plan } = planned
    const hosts = new Set(stepsToAsk(plan).map(({ host }) => host))
    for (const place of [...options.mirrors].flatMap(([host, places]) =>
      hosts.has(host) ? places : [],
    )) {
      hosts.add(place.split('/')[0] ?? place)
    }
    const sourceLogins = await logInToSources(hosts, target.settings, env, credentials, options)
    const http = createHttp({ env, agent: target.settings.agent })
    const world: World = {
      run,
      http,
      registries: createRegistryClient(http, credentials.get, signal),
      mirrors: options.mirrors,
      contents: contentsOf(options.lock),
      pulls: {},
      replaceImmutable: options.replaceImmutable,
      ecr: target.ecr,
      registry,
      logins: keepLogin(registry.host, target.ecr.authorize, credentials),
      workFolder: credentials.folder,
      crane: tools.crane.path,
      helm: tools.helm.path,
      gate: createGates((host) => gateRules(host, options.concurrency, sourceLogins), signal),
      signal,
      notify,
      backoff: defaultBackoff,
      deadline: options.deadline,
    }
    return await checkAndApply(planned, world, options, { startedAt, began })
  } finally {
    await credentials.remove()
    await locked.value()
    target.ecr.close()
  }
}

async function checkAndApply(
  { plan, inventory }: { readonly plan: Plan; readonly inventory: Inventory },
  world: World,
  options: MirrorOptions,
  { startedAt, began }: { readonly startedAt: Date; readonly began: number },
): Promise<Mirrored | { readonly problems: readonly Problem[] }> {
  const sources = openSources(world)
  const checked = options.check
    ? await checkSources(plan, sources, options.notify)
    : { plan, problems: [] }
  const pulls = hubPulls(checked.plan.steps, world.contents, world.mirrors)
  const budget = options.check ? budgetProblem(pulls, world.pulls.left) : undefined
  const problems = [
    ...checked.problems,
    ...impossibleSteps(checked.plan, options.replaceImmutable),
    ...(budget ? [budget] : []),
  ]
  if (options.signal.aborted) return { problems: [interrupted] }
  if (problems.length > 0) return { problems }
  const everything = { images: options.manifest.images, charts: [] }
  const siblings = placesToRead(unwrap(placeSelection(options.manifest, everything)), plan.target)
  const mounter = await openMounter(
    checked.plan,
    inventory,
    siblings,
    options.mount,
    world,
    sources,
  )
  const { concurrency, putRate, learn } = options
  const applied = await applyPlan(checked.plan, world, sources, mounter, {
    concurrency,
    putRate,
    learn,
  })
  const milliseconds = performance.now() - began
  const report = makeReport(checked.plan, applied, { startedAt, milliseconds })
  return { report, learned: applied.learned }
}

/** The state of one target: runs to different registries or prefixes do not wait for each other. */
export function runFolder({ registry, prefix, stateFolder }: MirrorOptions): string {
  const name = prefix === '' ? registry.host : `${registry.host}_${prefix.replaceAll('/', '_')}`
  return join(stateFolder, name)
}
