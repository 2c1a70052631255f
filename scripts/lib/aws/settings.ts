import { NodeHttpHandler } from '@smithy/node-http-handler'
import type { ProxyAgent } from 'proxy-agent'

/** What every AWS client of a run shares. */
export interface AwsSettings {
  readonly region: string
  readonly fips: boolean
  readonly dualStack: boolean
  /** The HTTP door's pool: the SDK by itself knows neither proxies nor private certificate authorities. */
  readonly agent: ProxyAgent
}

/** Settings of an SDK client. */
export function clientSettings({ region, fips, dualStack, agent }: AwsSettings) {
  return {
    region,
    useFipsEndpoint: fips,
    useDualstackEndpoint: dualStack,
    ...callSettings(agent),
  }
}

/** How calls are made. Throttled ones are tried 8 times, with the SDK's own growing pauses. */
export function callSettings(agent: ProxyAgent) {
  return {
    maxAttempts: 8,
    requestHandler: new NodeHttpHandler({
      httpAgent: agent,
      httpsAgent: agent,
      connectionTimeout: 10_000,
      requestTimeout: 60_000,
      // Without it the time is only remarked upon.
      throwOnRequestTimeout: true,
    }),
  }
}
