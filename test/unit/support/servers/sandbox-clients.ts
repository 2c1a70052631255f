import { readFileSync } from 'node:fs'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { ProxyAgent } from 'proxy-agent'
import { accessKey } from '../../../../scripts/sandbox/aws/credentials.ts'
import type { Sandbox } from '../../../../scripts/sandbox/sandbox.ts'

/** What an AWS client needs to work in a sandbox: no retries, so that every error is seen. */
export function clientSettings(sandbox: Sandbox, region = 'us-east-2') {
  const httpsAgent = new ProxyAgent({
    getProxyForUrl: () => sandbox.proxyUrl,
    ca: readFileSync(sandbox.caFile),
  })
  return {
    region,
    maxAttempts: 1,
    credentials: { accessKeyId: accessKey.id, secretAccessKey: accessKey.secret },
    requestHandler: new NodeHttpHandler({ httpsAgent }),
  }
}
