import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ListExportsCommand,
} from '@aws-sdk/client-cloudformation'
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { EC2Client } from '@aws-sdk/client-ec2'
import { type Moto, tell } from '../moto.ts'

const templates = resolve(import.meta.dirname, '../../../fixtures/templates')
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }

/** A region of a moto server's account, with clients for it. */
export interface Account {
  readonly moto: Moto
  readonly region: string
  readonly cloudFormation: CloudFormationClient
  readonly cloudWatch: CloudWatchClient
  readonly ec2: EC2Client
}

export function openAccount(moto: Moto, region: string): Account {
  const settings = { endpoint: moto.url, region, credentials, maxAttempts: 1 }
  return {
    moto,
    region,
    cloudFormation: new CloudFormationClient(settings),
    cloudWatch: new CloudWatchClient(settings),
    ec2: new EC2Client(settings),
  }
}

/**
 * The variables that point a child's AWS clients to the account, in addition to a sandbox's environment, which keeps
 * STS and ECR.
 */
export function accountEnvironment({ moto, region }: Account): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_CLOUDFORMATION: moto.url,
    AWS_ENDPOINT_URL_CLOUDWATCH: moto.url,
    AWS_ENDPOINT_URL_EC2: moto.url,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    NO_PROXY: '127.0.0.1',
    no_proxy: '127.0.0.1',
  }
}

/** One of the templates of the fixtures. */
export function readTemplate(name: 'create-vpc' | 'import-vpc'): Promise<string> {
  return readFile(join(templates, `${name}.json`), 'utf8')
}

export interface WantedStack {
  readonly name: string
  readonly template: string
  readonly parameters?: Readonly<Record<string, string>>
}

/** Deploys a stack and returns its id. */
export async function createStack(account: Account, wish: WantedStack): Promise<string> {
  const { StackId } = await account.cloudFormation.send(
    new CreateStackCommand({
      StackName: wish.name,
      TemplateBody: wish.template,
      Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
      Parameters: parametersOf(wish.parameters ?? {}),
    }),
  )
  return StackId ?? ''
}

export function parametersOf(values: Readonly<Record<string, string>>) {
  return Object.entries(values).map(([ParameterKey, ParameterValue]) => ({
    ParameterKey,
    ParameterValue,
  }))
}

/** Creates a stack that only exports a value under a name. */
export function exporting(name: string, value: string): string {
  return JSON.stringify({
    Resources: { VPC: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.250.0.0/16' } } },
    Outputs: { Exported: { Value: value, Export: { Name: name } } },
  })
}

/** Puts a stack into a state that moto never reaches on its own, with an event that gives the reason. */
export function setStackState(
  { moto, region }: Account,
  stack: string,
  state: string,
  reason?: string,
): Promise<void> {
  const wish = { account: moto.account, region, stack, state, reason }
  return tell(`${moto.url}/moto-api/state`, wish)
}

/** Puts a VPC endpoint, which moto creates immediately, into a state such as `pending`. */
export function setEndpointState(
  { moto, region }: Account,
  endpoint: string,
  state: string,
): Promise<void> {
  return tell(`${moto.url}/moto-api/state`, { account: moto.account, region, endpoint, state })
}

/** Puts a template into a bucket of the account and returns the only form of URL under which moto finds it. */
export async function uploadTemplate({ moto, region }: Account, key: string, template: string) {
  for (const [path, body] of [
    ['templates', ''],
    [`templates/${key}`, template],
  ]) {
    const answer = await fetch(`${moto.url}/${path}`, { method: 'PUT', body: body ?? '' })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  }
  return `https://s3.${region}.amazonaws.com/templates/${key}`
}

/** Returns everything that the account exports, by name. */
export async function exportsOf({ cloudFormation }: Account): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  let NextToken: string | undefined
  do {
    const page = await cloudFormation.send(new ListExportsCommand({ NextToken }))
    for (const { Name = '', Value = '' } of page.Exports ?? []) found[Name] = Value
    NextToken = page.NextToken
  } while (NextToken !== undefined)
  return found
}

export async function stateOf({ cloudFormation }: Account, StackName: string) {
  const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName }))
  return Stacks?.[0]?.StackStatus
}

/** The events of a stack, the oldest first. */
export async function eventsOf({ cloudFormation }: Account, StackName: string): Promise<string[]> {
  const { StackEvents = [] } = await cloudFormation.send(
    new DescribeStackEventsCommand({ StackName }),
  )
  return StackEvents.toReversed().map(
    ({ LogicalResourceId, ResourceStatus }) => `${LogicalResourceId} ${ResourceStatus}`,
  )
}
