import { createAwsAgent } from '../agent.ts'
import type { Identity } from '../identity.ts'
import type { RegistryLogin } from '../token.ts'
import type { Http } from '../../tools/http/types.ts'
import { createHttp } from '../../tools/http/http.ts'
import { type Problem, ProblemError, unwrap } from '../../model/problem.ts'
import { checkRegistry, type EcrRegistry, parseEcrRegistry } from '../../model/image/registry.ts'
import type { Ecr } from './client.ts'

/** The requested registry, and access to its control plane. */
export interface OpenTarget {
  /** The pending identity of the credentials, which may belong to another account. Rejects with `ProblemError`. */
  readonly identity: Promise<Identity>
  readonly ecr: Ecr
  /** HTTP requests to other hosts, through the same connection pool. */
  readonly http: Http
  /** Requests a login to ECR Public with the same credentials. Throws `ProblemError`. */
  readonly authorizePublic: () => Promise<RegistryLogin>
  /**
   * Requests a login to another registry with the same credentials, in its region. Whether they may read from it is
   * decided by that registry. Throws `ProblemError`.
   */
  readonly authorizeSource: (registry: EcrRegistry) => Promise<RegistryLogin>
}

/**
 * Checks the registry host against the region, without calling AWS.
 * Throws `ProblemError` when they contradict each other or the host is not an ECR registry.
 */
export function readTarget(text: string, region: string | undefined): EcrRegistry {
  const registry = unwrap(parseEcrRegistry(text))
  const problems = checkRegistry(registry, { ...(region !== undefined && { region }) })
  if (problems.length > 0) throw new ProblemError(problems)
  return registry
}

/** Opens the target with the credentials of the environment, and starts to look up their identity in STS. */
export async function openTarget(
  registry: EcrRegistry,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<OpenTarget> {
  const { region, fips, dualStack } = registry
  const agent = createAwsAgent(env)
  const settings = { region, fips, dualStack, agent }
  const [{ readIdentity }, { openEcr }] = await Promise.all([
    import('../identity.ts'),
    import('./client.ts'),
  ])
  const identity = readIdentity(settings, signal)
  // A failure surfaces when the promise is awaited; until then it must not count as an unhandled rejection.
  identity.catch(() => undefined)
  const ecr = openEcr(settings, registry.account, signal)
  return {
    identity,
    ecr: {
      ...ecr,
      // The answer is about the account of the credentials.
      mayMount: async () => {
        const { account } = await identity
        if (account !== registry.account) throw new ProblemError(unknownSetting(registry))
        return ecr.mayMount()
      },
    },
    http: createHttp({ env, agent }),
    authorizePublic: async () => {
      const { authorizePublic } = await import('./public.ts')
      return authorizePublic(settings, signal)
    },
    authorizeSource: async (source) => {
      const { authorizeRegistry } = await import('./client.ts')
      const { region: sourceRegion, fips: isFips, dualStack: isDualStack } = source
      const own = { region: sourceRegion, fips: isFips, dualStack: isDualStack, agent }
      return authorizeRegistry(own, signal)
    },
  }
}

function unknownSetting({ account }: EcrRegistry): Problem {
  return {
    kind: 'access-denied',
    side: 'target',
    message: `it is a setting of account ${account}, and the credentials are for another one`,
  }
}
