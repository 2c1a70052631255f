import { createAwsAgent } from '../agent.ts'
import type { Identity } from '../identity.ts'
import type { RegistryLogin } from '../token.ts'
import type { Http } from '../../tools/http/types.ts'
import { createHttp } from '../../tools/http/http.ts'
import { type Problem, ProblemError, unwrap } from '../../model/problem.ts'
import { checkRegistry, type EcrRegistry, parseEcrRegistry } from '../../model/image/registry.ts'
import type { Ecr } from './client.ts'

/** The registry that was asked for, and the ways to its control plane. */
export interface OpenTarget {
  /** Whose credentials they are, being asked. Rejects with `ProblemError` when the account is another one. */
  readonly identity: Promise<Identity>
  readonly ecr: Ecr
  /** Requests to other hosts, through the same pool of connections. */
  readonly http: Http
  /** Asks for a login to ECR Public with the same credentials. Throws `ProblemError`. */
  readonly authorizePublic: () => Promise<RegistryLogin>
}

/**
 * Checks the registry's spelling against the region. Nothing is asked of AWS.
 * Throws `ProblemError` when the two contradict or the host is not one of ECR's.
 */
export function readTarget(text: string, region: string | undefined): EcrRegistry {
  const registry = unwrap(parseEcrRegistry(text))
  const problems = checkRegistry(registry, { ...(region !== undefined && { region }) })
  if (problems.length > 0) throw new ProblemError(problems)
  return registry
}

/** Opens the target with the credentials of the environment, and asks STS in the meantime whose they are. */
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
  const identity = identify(() => readIdentity(settings, signal), registry)
  // Whoever awaits it hears of a failure; until then it is nobody's unhandled rejection.
  identity.catch(() => undefined)
  return {
    identity,
    ecr: openEcr(settings, registry.account, signal),
    http: createHttp({ env, agent }),
    authorizePublic: async () => {
      const { authorizePublic } = await import('./public.ts')
      return authorizePublic(settings, signal)
    },
  }
}

async function identify(ask: () => Promise<Identity>, registry: EcrRegistry): Promise<Identity> {
  const identity = await ask()
  const problems: Problem[] = checkRegistry(registry, { account: identity.account })
  if (problems.length > 0) throw new ProblemError(problems)
  return identity
}
