import { randomUUID } from 'node:crypto'
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  GetTemplateSummaryCommand,
  ListExportsCommand,
  type Parameter,
  type StackEvent as SdkEvent,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation'
import { ProblemError } from '../model/problem.ts'
import { recordFrom } from '../model/tree/tree.ts'
import { allPages, createCaller, type AwsSession } from './session.ts'

export interface Stack {
  readonly name: string
  /** CloudFormation's status: `CREATE_COMPLETE`. */
  readonly status: string
  readonly reason: string
  /** The parameters of its last deployment. */
  readonly parameters: Readonly<Record<string, string>>
}

export interface StackEvent {
  readonly id: string
  readonly at: Date
  readonly resource: string
  readonly type: string
  readonly status: string
  readonly reason: string
}

export interface StackExport {
  readonly name: string
  readonly value: string
}

/** A template: its text, or the S3 URL of one that is too long to send inline. */
export type StackTemplate = { readonly body: string } | { readonly url: string }

/** The declarations of a template. */
export interface TemplateSummary {
  readonly parameters: readonly string[]
}

export interface StackRequest {
  readonly name: string
  readonly template: StackTemplate
  readonly parameters: Readonly<Record<string, string>>
  /** Parameters of the existing stack that keep their values. */
  readonly kept: readonly string[]
}

/** The CloudFormation calls of a bootstrap. None deletes anything. Every failure is a `ProblemError`. */
export interface Stacks {
  readonly read: (name: string) => Promise<Stack | undefined>
  readonly summarize: (template: StackTemplate) => Promise<TemplateSummary>
  readonly create: (request: StackRequest) => Promise<void>
  /** Updates a stack. Returns false when it is already up to date. */
  readonly update: (request: StackRequest) => Promise<boolean>
  /** Returns the id of the newest event. */
  readonly newestEvent: (name: string) => Promise<string | undefined>
  /** Returns events, newest first, back to the one with this id. */
  readonly eventsSince: (name: string, id: string | undefined) => Promise<StackEvent[]>
  readonly exports: () => Promise<StackExport[]>
  readonly close: () => void
}

const capabilities = ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'] as const

export function openStacks(session: AwsSession): Stacks {
  const caller = createCaller(session, (settings) => new CloudFormationClient(settings))
  const { send } = caller
  return {
    close: caller.close,

    async read(name) {
      try {
        const { Stacks: [stack] = [] } = await send(
          'cloudformation:DescribeStacks',
          (client, options) => client.send(new DescribeStacksCommand({ StackName: name }), options),
        )
        if (stack === undefined) return undefined
        return {
          name,
          status: stack.StackStatus ?? 'UNKNOWN',
          reason: stack.StackStatusReason ?? '',
          parameters: recordFrom(
            (stack.Parameters ?? []).map(({ ParameterKey = '', ParameterValue = '' }) => [
              ParameterKey,
              ParameterValue,
            ]),
          ),
        }
      } catch (error) {
        // CloudFormation has no specific error for this, only the message "Stack with id x does not exist".
        if (says(error, /does not exist/)) return undefined
        throw error
      }
    },

    async summarize(template) {
      const { Parameters = [] } = await send(
        'cloudformation:GetTemplateSummary',
        (client, options) =>
          client.send(new GetTemplateSummaryCommand(sourceOf(template)), options),
      )
      return { parameters: Parameters.flatMap(({ ParameterKey }) => ParameterKey ?? []) }
    },

    async create(request) {
      const input = inputOf(request)
      await send('cloudformation:CreateStack', (client, options) =>
        client.send(new CreateStackCommand(input), options),
      )
    },

    async update(request) {
      const input = inputOf(request)
      try {
        await send('cloudformation:UpdateStack', (client, options) =>
          client.send(new UpdateStackCommand(input), options),
        )
        return true
      } catch (error) {
        if (says(error, /No updates are to be performed/)) return false
        throw error
      }
    },

    async newestEvent(name) {
      const { StackEvents: [newest] = [] } = await send(
        'cloudformation:DescribeStackEvents',
        (client, options) =>
          client.send(new DescribeStackEventsCommand({ StackName: name }), options),
      )
      return newest?.EventId
    },

    async eventsSince(name, id) {
      const found: StackEvent[] = []
      let token: string | undefined
      do {
        const input = { StackName: name, ...(token !== undefined && { NextToken: token }) }
        const { StackEvents = [], NextToken } = await send(
          'cloudformation:DescribeStackEvents',
          (client, options) => client.send(new DescribeStackEventsCommand(input), options),
        )
        for (const event of StackEvents) {
          if (id !== undefined && event.EventId === id) return found
          found.push(eventOf(event))
        }
        token = NextToken
      } while (token !== undefined)
      return found
    },

    async exports() {
      const listed = await allPages(
        (NextToken) =>
          send('cloudformation:ListExports', (client, options) =>
            client.send(
              new ListExportsCommand(NextToken === undefined ? {} : { NextToken }),
              options,
            ),
          ),
        ({ Exports }) => Exports,
        ({ NextToken }) => NextToken,
      )
      return listed.map(({ Name = '', Value = '' }) => ({ name: Name, value: Value }))
    },
  }
}

function says(error: unknown, words: RegExp): boolean {
  return error instanceof ProblemError && error.problems.some(({ message }) => words.test(message))
}

function sourceOf(template: StackTemplate) {
  return 'body' in template ? { TemplateBody: template.body } : { TemplateURL: template.url }
}

function inputOf({ name, template, parameters, kept }: StackRequest) {
  const given = Object.entries(parameters).map(([ParameterKey, ParameterValue]): Parameter => ({
    ParameterKey,
    ParameterValue,
  }))
  const previous = kept.map((ParameterKey): Parameter => ({ ParameterKey, UsePreviousValue: true }))
  return {
    StackName: name,
    ...sourceOf(template),
    Parameters: [...given, ...previous],
    Capabilities: [...capabilities],
    // When an answer is lost, the SDK repeats the request; CloudFormation recognizes the repetition by this token.
    ClientRequestToken: randomUUID(),
  }
}

function eventOf(event: SdkEvent): StackEvent {
  return {
    id: event.EventId ?? '',
    at: event.Timestamp ?? new Date(0),
    resource: event.LogicalResourceId ?? '',
    type: event.ResourceType ?? '',
    status: event.ResourceStatus ?? '',
    reason: event.ResourceStatusReason ?? '',
  }
}
