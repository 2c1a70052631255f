import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls'
import { ProxyAgent } from 'proxy-agent'
import { ProblemError } from '../../model/problem.ts'
import { checkProxy, proxyForUrl } from './proxy.ts'

/** The variables with which users set private certificate authorities; all of them are used. */
const caVariables = ['AWS_CA_BUNDLE', 'SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'] as const

/**
 * Returns a connection pool that keeps connections alive, and uses the proxy and the private certificate authorities of
 * the given environment. The AWS SDK gets it as its http and https agent.
 * Throws `ProblemError` when a certificate file cannot be read.
 *
 * @param more further authorities to trust, as PEM
 */
export function createAgent(env: NodeJS.ProcessEnv, more: readonly string[] = []): ProxyAgent {
  const secureContext = trustOf(env, more)
  return new ProxyAgent({
    keepAlive: true,
    getProxyForUrl: (url) => checkProxy(proxyForUrl(url, env)),
    ...(secureContext !== undefined && { secureContext }),
  })
}

/**
 * Returns one TLS context for all connections: parsing 150 certificates takes tens of milliseconds, which the option
 * `ca` would cost for every new connection. Without certificate files there is none, and Node's own store applies.
 */
function trustOf(env: NodeJS.ProcessEnv, more: readonly string[]): SecureContext | undefined {
  const files = new Map<string, string>()
  for (const variable of caVariables) {
    const file = env[variable]
    if (file !== undefined && file !== '' && !files.has(file)) files.set(file, variable)
  }
  if (files.size + more.length === 0) return undefined
  const named = [...files].map(([file, variable]) => readAuthority(file, variable))
  return createSecureContext({ ca: [...rootCertificates, ...named, ...more] })
}

function readAuthority(file: string, variable: string): string {
  try {
    const text = readFileSync(file, 'utf8')
    // A context silently ignores text that is not a certificate; this throws.
    void new X509Certificate(text)
    return text
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    throw new ProblemError({
      kind: 'tls',
      side: 'local',
      message: `cannot use the certificate file "${file}" from ${variable}: ${words}`,
      next: `correct ${variable}, or unset it`,
    })
  }
}
