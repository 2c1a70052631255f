import type { Stack, StackEvent, Stacks, Template } from '../../aws/stacks.ts'
import { type Problem, ProblemError } from '../../model/problem.ts'
import { change, type Step } from '../checklist.ts'
import { judgeStack, stackEnding } from '../application/stack-state.ts'
import { type Patience, waitFor } from './wait.ts'

export interface WantedStack {
  readonly name: string
  readonly template: Template
  readonly parameters: Readonly<Record<string, string>>
  /** Those of them that a template of an older release may lack; they are left out then. */
  readonly optional?: readonly string[]
  /** Those of them that the user did not name; a stack that was deployed with another value is refused. */
  readonly assumed?: readonly string[]
}

/**
 * Creates or updates a stack and waits until it is done. A stack that is as requested already is left alone; one in a
 * broken state is refused, never removed. Throws `ProblemError`, with the first resources that failed.
 */
export async function deployStack(
  stacks: Stacks,
  wanted: WantedStack,
  step: Step,
  patience: Patience,
): Promise<void> {
  const { name, template } = wanted
  const existing = await stacks.read(name)
  const judged = judgeStack(name, existing?.status, existing?.reason)
  if (judged.move === 'refuse') throw new ProblemError(judged.problem)
  const { parameters: declared } = await stacks.summarize(template)
  const isLeft = (key: string) => !declared.includes(key) && wanted.optional?.includes(key) === true
  const left = Object.keys(wanted.parameters).filter(isLeft)
  if (left.length > 0) step.note(`the template has no ${left.join(', ')}, so that is left out`)
  const parameters = Object.fromEntries(
    Object.entries(wanted.parameters).filter(([key]) => !isLeft(key)),
  )
  const problems = [...undeclared(parameters, declared), ...contradictions(wanted, existing)]
  if (problems.length > 0) throw new ProblemError(problems)
  // What an earlier deployment has set, and this one does not speak of, stays.
  const kept = Object.keys(existing?.parameters ?? {}).filter(
    (key) => declared.includes(key) && !Object.hasOwn(parameters, key),
  )
  const last = existing && (await stacks.newestEvent(name))
  const request = { name, template, parameters, kept }
  if (existing === undefined) await change(step, () => stacks.create(request))
  else if (!(await change(step, () => stacks.update(request)))) {
    step.unchanged(`stack "${name}" is already up to date (${existing.status})`)
    return
  }
  const status = await waitForStack(stacks, name, last, step, patience)
  if (stackEnding(status) === 'failed') throw await deployFailure(stacks, name, status, last)
  step.done(`stack "${name}" ${existing === undefined ? 'created' : 'updated'} (${status})`)
}

/** A parameter that the template does not know would be refused by CloudFormation in words that help nobody. */
function undeclared(parameters: WantedStack['parameters'], declared: readonly string[]): Problem[] {
  return Object.keys(parameters)
    .filter((key) => !declared.includes(key))
    .map((key) => ({
      kind: 'invalid-input',
      side: 'input',
      message: `the template has no parameter "${key}"`,
      next: `its parameters are ${declared.join(', ')}; take a release whose template has it, or leave out what asks for it`,
    }))
}

/** A default that changes the stage of a stack would replace everything that bears its name. */
function contradictions(
  { name, parameters, assumed = [] }: WantedStack,
  existing: Stack | undefined,
): Problem[] {
  return assumed.flatMap((key): Problem[] => {
    const [value, requested] = [existing?.parameters[key], parameters[key]]
    if (value === undefined || value === requested) return []
    return [
      {
        kind: 'usage',
        side: 'input',
        message: `stack "${name}" was deployed with ${key}=${value}; this run would make it ${requested}, which you did not name`,
        next: `write --${key.toLowerCase()} ${value}; or --${key.toLowerCase()} ${requested} if that is what you want`,
      },
    ]
  })
}

async function waitForStack(
  stacks: Stacks,
  name: string,
  last: string | undefined,
  step: Step,
  patience: Patience,
): Promise<string> {
  const options = {
    what: `stack "${name}"`,
    ...patience,
    tell: step.wait,
    next: `it goes on by itself: watch it with "aws cloudformation describe-stack-events --stack-name ${name}", and run the same command again when it is done`,
  }
  return waitFor(options, async () => {
    const [stack, events] = await Promise.all([stacks.read(name), stacks.eventsSince(name, last)])
    const status = stack?.status ?? 'DELETE_COMPLETE'
    return stackEnding(status) === undefined
      ? { state: [status, ...latest(events, name)].join(' · ') }
      : { done: status }
  })
}

/** The newest event of a resource, in words. */
function latest(events: readonly StackEvent[], name: string): string[] {
  const newest = events.find(({ resource }) => resource !== name)
  const finished = new Set(
    events
      .filter(({ status, resource }) => status.endsWith('_COMPLETE') && resource !== name)
      .map(({ resource }) => resource),
  )
  return newest === undefined
    ? []
    : [`${newest.resource} ${newest.status}`, `${finished.size} resources done`]
}

const shownFailures = 5

async function deployFailure(
  stacks: Stacks,
  name: string,
  status: string,
  last: string | undefined,
): Promise<ProblemError> {
  const events = (await stacks.eventsSince(name, last)).toReversed()
  const failed = events.filter(
    (event) =>
      event.status.endsWith('_FAILED') &&
      // What was stopped because another one failed explains nothing.
      !/cancelled|canceled/i.test(event.reason),
  )
  const lines = failed
    .slice(0, shownFailures)
    .map(
      ({ resource, type, status: state, reason }) => `  ${resource} (${type}) ${state}: ${reason}`,
    )
  return new ProblemError({
    kind: 'unknown',
    side: 'target',
    message: [`the deployment of stack "${name}" ended in ${status}`, ...lines].join('\n'),
    next:
      status === 'UPDATE_ROLLBACK_COMPLETE'
        ? 'it is as it was before; mend the cause, and run the same command again'
        : 'mend the cause; a stack whose creation failed has to be deleted by you before the next attempt',
  })
}
