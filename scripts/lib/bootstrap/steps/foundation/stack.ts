import { shellWord } from '../../../model/text/shell-word.ts'
import type { Stack, StackEvent, Stacks, StackTemplate } from '../../../aws/stacks.ts'
import { routeTablesOf } from '../../../model/internet/network.ts'
import { type Problem, ProblemError } from '../../../model/problem.ts'
import {
  endpointParameters,
  namesAllEndpoints,
  routeTablesParameter,
} from '../../application/endpoint-tokens.ts'
import { decideStack, stackEnding } from '../../application/stack-state.ts'
import { change, type Step } from '../../checklist.ts'
import { having } from '../../findings.ts'
import { waitLimits } from '../../job.ts'
import { readSubnets } from '../../network.ts'
import { type WaitLimits, waitFor } from '../../wait.ts'
import type { StepDefinition } from '../definition.ts'

/** Deploys the stack. */
export const stackStep: StepDefinition = {
  id: 'stack',
  title: 'Stack',
  changes: () => true,

  plan({ deploy, flags }) {
    if (deploy.kind === 'skip') return undefined
    const parameters = [`Stage=${flags.stage ?? 'dev'}`]
    if (deploy.kind === 'import-vpc') {
      parameters.push(`VPCId=${deploy.vpc}`, `VPCSubnetIds=${deploy.subnets.join(',')}`)
      parameters.push(...deploy.endpoints.map((token) => `${endpointParameters[token]}=true`))
    }
    return `create or update stack "${deploy.stackName}" with ${parameters.join(' ')}, and wait until it is done`
  },

  async run(job, findings, step) {
    const { deploy, flags } = job.request
    const { account, artifacts, subnets } = having(findings, 'account', 'artifacts')
    const template = findings.template ?? artifacts.template
    if (deploy.kind === 'skip' || template === undefined) {
      throw new Error('there is no template to deploy')
    }
    const parameters: Record<string, string> = { Stage: flags.stage ?? 'dev' }
    if (deploy.kind === 'import-vpc') {
      parameters['VPCId'] = deploy.vpc
      parameters['VPCSubnetIds'] = deploy.subnets.join(',')
      for (const token of deploy.endpoints) parameters[endpointParameters[token]] = 'true'
      if (deploy.endpoints.includes('s3')) {
        const routed = subnets ?? (await readSubnets(account.network, deploy.vpc, deploy.subnets))
        parameters[routeTablesParameter] = routeTablesOf(routed).join(',')
      }
    }
    const wanted = {
      name: deploy.stackName,
      template,
      parameters,
      // `all` means all endpoints that the template has; a required one that is missing is reported later.
      optional: [
        routeTablesParameter,
        ...(namesAllEndpoints(flags.createVpcEndpoints) ? Object.values(endpointParameters) : []),
      ],
      assumed: flags.stage === undefined ? ['Stage'] : [],
    }
    await deployStack(account.stacks, wanted, step, waitLimits(job))
    return {}
  },
}

export interface WantedStack {
  readonly name: string
  readonly template: StackTemplate
  readonly parameters: Readonly<Record<string, string>>
  /** Optional parameters, which are left out if the template of an older release does not have them. */
  readonly optional?: readonly string[]
  /** Parameters with a default that the user did not set; a stack deployed with another value is refused. */
  readonly assumed?: readonly string[]
}

/**
 * Creates or updates a stack and waits until it is done. Leaves a stack that is up to date unchanged; refuses one in a
 * broken state, and never deletes it. Throws `ProblemError` with the first resources that failed.
 */
export async function deployStack(
  stacks: Stacks,
  wanted: WantedStack,
  step: Step,
  patience: WaitLimits,
): Promise<void> {
  const { name, template } = wanted
  const existing = await stacks.read(name)
  const judged = decideStack(name, existing?.status, existing?.reason)
  if (judged.move === 'refuse') throw new ProblemError(judged.problem)
  const { parameters: declared } = await stacks.summarize(template)
  const isLeft = (key: string) => !declared.includes(key) && wanted.optional?.includes(key) === true
  const left = Object.keys(wanted.parameters).filter(isLeft)
  if (left.length > 0) step.note(`leaving out ${left.join(', ')}: not in this template`)
  const parameters = Object.fromEntries(
    Object.entries(wanted.parameters).filter(([key]) => !isLeft(key)),
  )
  const problems = [...undeclared(parameters, declared), ...contradictions(wanted, existing)]
  if (problems.length > 0) throw new ProblemError(problems)
  // Parameters that this deployment does not set keep their previous values.
  const kept = Object.keys(existing?.parameters ?? {}).filter(
    (key) => declared.includes(key) && !Object.hasOwn(parameters, key),
  )
  const last = existing && (await stacks.newestEvent(name))
  const request = { name, template, parameters, kept }
  if (existing === undefined) await change(step, () => stacks.create(request))
  else if (!(await change(step, () => stacks.update(request)))) {
    step.unchanged(`stack "${name}" is up to date (${existing.status})`)
    return
  }
  const status = await waitForStack(stacks, name, last, step, patience)
  if (stackEnding(status) === 'failed') throw await deployFailure(stacks, name, status, last)
  step.done(`stack "${name}" ${existing === undefined ? 'created' : 'updated'} (${status})`)
}

/** Refuses parameters that the template does not have, with better advice than CloudFormation's own message. */
function undeclared(parameters: WantedStack['parameters'], declared: readonly string[]): Problem[] {
  return Object.keys(parameters)
    .filter((key) => !declared.includes(key))
    .map((key) => ({
      kind: 'invalid-input',
      side: 'input',
      message: `the template has no parameter "${key}"`,
      next: `use a release whose template has it, or remove the flag that sets it; existing parameters: ${declared.join(', ')}`,
    }))
}

/** Refuses a default that would change the stage of a stack: that would replace every resource named after it. */
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
        message: `stack "${name}" was deployed with ${key}=${value}, but this run defaults to ${requested}`,
        next: `add --${key.toLowerCase()} ${shellWord(value)} to keep it, or --${key.toLowerCase()} ${shellWord(requested ?? '')} to change it`,
      },
    ]
  })
}

async function waitForStack(
  stacks: Stacks,
  name: string,
  last: string | undefined,
  step: Step,
  patience: WaitLimits,
): Promise<string> {
  const options = {
    what: `stack "${name}"`,
    ...patience,
    tell: step.wait,
    next: `the deployment continues: watch it with "aws cloudformation describe-stack-events --stack-name ${name}", and rerun the same command when it is done`,
  }
  return waitFor(options, async () => {
    const [stack, events] = await Promise.all([stacks.read(name), stacks.eventsSince(name, last)])
    const status = stack?.status ?? 'DELETE_COMPLETE'
    return stackEnding(status) === undefined
      ? { state: [status, ...latest(events, name)].join(' · ') }
      : { done: status }
  })
}

/** Describes the newest event of a resource. */
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
      // Resources that were cancelled because another one failed do not show the cause.
      !/cancelled|canceled/i.test(event.reason),
  )
  const lines = failed
    .slice(0, shownFailures)
    .map(
      ({ resource, type, status: state, reason }) => `  ${resource} (${type}) ${state}: ${reason}`,
    )
  const headline = `the deployment of stack "${name}" ended in ${status}`
  return new ProblemError({
    kind: 'unknown',
    side: 'target',
    message: [headline, ...lines].join('\n'),
    headline,
    next:
      status === 'UPDATE_ROLLBACK_COMPLETE'
        ? 'it was rolled back to its previous state; fix the cause, then rerun the same command'
        : 'fix the cause, delete the stack, then rerun the same command: the stack could not be created',
  })
}
