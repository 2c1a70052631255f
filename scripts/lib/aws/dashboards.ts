import {
  CloudWatchClient,
  GetDashboardCommand,
  PutDashboardCommand,
} from '@aws-sdk/client-cloudwatch'
import { ProblemError } from '../model/problem.ts'
import { createCaller, type AwsSession } from './session.ts'

/** The CloudWatch calls of a bootstrap. Every failure is a `ProblemError`. */
export interface Dashboards {
  /** Returns the body as JSON text; nothing when the dashboard does not exist. */
  readonly read: (name: string) => Promise<string | undefined>
  /** Writes a dashboard. Returns CloudWatch's validation messages. */
  readonly put: (name: string, body: string) => Promise<string[]>
  readonly close: () => void
}

export function openDashboards(session: AwsSession): Dashboards {
  const caller = createCaller(session, (settings) => new CloudWatchClient(settings))
  const { send } = caller
  return {
    close: caller.close,

    async read(name) {
      try {
        const { DashboardBody } = await send('cloudwatch:GetDashboard', (client, options) =>
          client.send(new GetDashboardCommand({ DashboardName: name }), options),
        )
        return DashboardBody
      } catch (error) {
        if (
          error instanceof ProblemError &&
          error.problems.every(({ kind }) => kind === 'not-found')
        )
          return undefined
        throw error
      }
    },

    async put(name, body) {
      const { DashboardValidationMessages = [] } = await send(
        'cloudwatch:PutDashboard',
        (client, options) =>
          client.send(
            new PutDashboardCommand({ DashboardName: name, DashboardBody: body }),
            options,
          ),
      )
      return DashboardValidationMessages.map(
        ({ DataPath = '', Message = '' }) => `${DataPath}: ${Message}`,
      )
    },
  }
}
