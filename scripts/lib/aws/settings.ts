import { NodeHttpHandler } from '@smithy/node-http-handler'
import type { ProxyAgent } from 'proxy-agent'

/** Shared by all AWS clients of a run. */
export interface AwsSettings {
  readonly region: string
  readonly fips: boolean
  readonly dualStack: boolean
  /** The connection pool of our HTTP client: the SDK alone supports neither proxies nor private CAs. */
  readonly agent: ProxyAgent
}

/** Returns the settings of an SDK client. */
export function clientSettings({ region, fips, dualStack, agent }: AwsSettings) {
  return {
    region,
    useFipsEndpoint: fips,
    useDualstackEndpoint: dualStack,
    ...callSettings(agent),
  }
}

/** Retry settings: throttled calls are tried 8 times, with the SDK's own growing pauses. */
export function callSettings(agent: ProxyAgent) {
  return {
    maxAttempts: 8,
    requestHandler: new NodeHttpHandler({
      httpAgent: agent,
      httpsAgent: agent,
      connectionTimeout: 10_000,
      requestTimeout: 60_000,
      // Without this setting, exceeding the time only logs a warning.
      throwOnRequestTimeout: true,
    }),
  }
}
