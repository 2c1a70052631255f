import pLimit from 'p-limit'
import { about, type Problem, toResult } from '../../model/problem.ts'
import type { Drift } from '../../model/repository/drift.ts'
import { policySettings } from '../../model/repository/settings.ts'
import type { Plan } from '../plan/plan.ts'
import { templateFor } from '../target/repositories.ts'
import { explainDrift, explainLeft } from '../target/repositories-text.ts'
import type { RunDoors } from '../session/doors.ts'

/** The rate limit of CreateRepository is not published; a few calls at a time have never been throttled. */
const callsAtOnce = 4

/** What was done to repositories. */
export interface Preparation {
  readonly created: readonly string[]
  /** Missing ones that ECR creates from a template on push. */
  readonly left: readonly string[]
  /** Existing ones that were changed. */
  readonly changed: readonly string[]
  /** The problem of each repository that could not be created, by name. */
  readonly problems: ReadonlyMap<string, Problem>
  /** Problems of settings that could not be applied; the repositories still accept images. */
  readonly faults: readonly Problem[]
}

type CreateDoors = Pick<RunDoors, 'ecr' | 'signal' | 'notify'>
type Planned = Pick<Plan, 'create' | 'repositories'>

/**
 * Creates missing repositories and changes existing ones, as planned. One failure never stops the others.
 *
 * @param onReady called for each missing repository when it accepts images, or with the reason why it never will
 */
export async function prepareRepositories(
  doors: CreateDoors,
  plan: Planned,
  onReady: (name: string, problem?: Problem) => void = () => undefined,
): Promise<Preparation> {
  const { drift = [], update = false, templates = [] } = plan.repositories ?? {}
  for (const text of explainDrift(drift, update)) doors.notify({ kind: 'notice', text })
  const creation = await createRepositories(doors, plan, onReady)
  for (const text of explainLeft(creation.left, templates)) doors.notify({ kind: 'notice', text })
  const changes = update
    ? await changeRepositories(doors, plan, drift)
    : { changed: [], faults: [] }
  return {
    ...creation,
    changed: changes.changed,
    faults: [...creation.faults, ...changes.faults],
  }
}

/**
 * Creates repositories with the requested settings. One that another process has created meanwhile is accepted. Without
 * permission to create one, it is left to a matching creation template for pushes.
 */
async function createRepositories(
  { ecr, signal }: CreateDoors,
  { create: names, repositories }: Planned,
  onReady: (name: string, problem?: Problem) => void,
): Promise<Omit<Preparation, 'changed'>> {
  const { settings = {}, templates = [], leave = [] } = repositories ?? {}
  const limit = pLimit(callsAtOnce)
  const created: string[] = []
  const left: string[] = [...leave]
  const problems = new Map<string, Problem>()
  const faults: Problem[] = []

  const givePolicies = async (name: string) => {
    for (const setting of policySettings) {
      const policy = settings[setting]
      if (policy === undefined) continue
      const given = await toResult(ecr.putPolicy(name, setting, policy))
      if (!given.ok) faults.push(about(`repository "${name}"`, given.problem))
    }
  }
  const create = async (name: string) => {
    if (!signal.aborted) await createOne(name)
    onReady(name, problems.get(name))
  }
  const createOne = async (name: string) => {
    const made = await toResult(ecr.createRepository(name, settings))
    if (!made.ok) {
      const isLeft = made.problem.kind === 'access-denied' && templateFor(templates, name)
      if (isLeft) left.push(name)
      else problems.set(name, explainRefusal(made.problem))
    } else if (made.value === 'created') {
      created.push(name)
      await givePolicies(name)
    }
  }
  await Promise.all(names.map((name) => limit(() => create(name))))
  return { created: created.toSorted(), left: left.toSorted(), problems, faults }
}

/** Changes every setting that differs and can be changed. */
async function changeRepositories(
  { ecr, signal }: CreateDoors,
  { repositories }: Planned,
  drift: readonly Drift[],
): Promise<Pick<Preparation, 'changed' | 'faults'>> {
  const { settings = {} } = repositories ?? {}
  const limit = pLimit(callsAtOnce)
  const changed = new Set<string>()
  const faults: Problem[] = []
  const change = async ({ repository: name, arn, differences }: Drift) => {
    for (const { setting } of differences) {
      if (setting === 'encryption' || signal.aborted) continue
      const done = await toResult(ecr.changeSetting({ name, arn }, setting, settings))
      if (!done.ok) faults.push(about(`repository "${name}"`, done.problem))
      else changed.add(name)
    }
  }
  await Promise.all(drift.map((one) => limit(() => change(one))))
  return { changed: [...changed].toSorted(), faults }
}

function explainRefusal(problem: Problem): Problem {
  if (problem.kind !== 'access-denied' || problem.next === undefined) return problem
  const next = `${problem.next}, or add a matching creation template for CREATE_ON_PUSH`
  return { ...problem, next }
}
