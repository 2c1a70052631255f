import { z } from 'zod'
import { type Problem, ProblemError } from '../../model/problem.ts'
import { describeTreeFault } from '../../model/tree/fault-text.ts'
import { parseJson } from '../../model/tree/json.ts'
import { emptyTree, isTree, type ValuesNode } from '../../model/values/values.ts'
import type { Session } from '../../session/session.ts'
import type { Command } from '../../tools/process/command.ts'
import type { RunResult } from '../../tools/process/exec.ts'
import { classifyRun } from '../../tools/process/failures.ts'
import {
  getValuesCommand,
  historyCommand,
  listCommand,
  type ReleasePlace,
} from '../../tools/process/helm.ts'
import { blockage, type ReleaseState } from '../application/release-state.ts'

const listSchema = z.array(
  z.object({ chart: z.string(), status: z.string(), revision: z.coerce.number() }),
)
const historySchema = z.array(z.object({ description: z.string() }))

/** Checks for a conflicting release before anything is copied. Throws `ProblemError` when there is one. */
export async function refuseBlocked(
  place: ReleasePlace,
  upgrade: boolean,
  session: Session,
): Promise<void> {
  const state = await readRelease(place, session)
  const problem = state && blockage(state, place, upgrade)
  if (problem !== undefined) throw new ProblemError(problem)
}

/** Returns the release as reported by helm; nothing when there is none. Throws `ProblemError` when helm fails. */
export async function readRelease(
  place: ReleasePlace,
  session: Session,
): Promise<ReleaseState | undefined> {
  const helm = session.helm.path
  const [listed] = listSchema.parse(await runJson(listCommand(helm, place), session))
  if (listed === undefined) return undefined
  const [last] = historySchema.parse(await runJson(historyCommand(helm, place), session))
  const values = await runJson(getValuesCommand(helm, place), session)
  return {
    ...listed,
    description: last?.description ?? '',
    values: isTree(values) ? values : emptyTree(),
  }
}

async function runJson(
  command: Command,
  { run, surroundings, signal }: Session,
): Promise<ValuesNode> {
  const options = { ...surroundings.helm, signal, deadline: 2 * 60_000 }
  const result = await run(command, options)
  if (!result.ok) throw new ProblemError(aboutHelm(result))
  const read = parseJson(result.stdout)
  if (read.ok) return read.value
  throw new ProblemError({
    kind: 'unknown',
    side: 'target',
    message: `helm ${command.args[0] ?? ''} did not print valid JSON: ${describeTreeFault(read.problem.fault, read.problem.words)}`,
  })
}

/** Returns the problem of a helm that talks to the cluster. */
export function aboutHelm(result: RunResult): Problem {
  const problem = classifyRun(result)
  return { ...problem, side: problem.side === 'source' ? 'target' : problem.side }
}
