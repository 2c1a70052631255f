import type { RegistryLogin } from '../../aws/token.ts'
import { ProblemError } from '../../model/problem.ts'
import { dockerHub } from '../../model/image/reference.ts'
import type { CredentialStore } from '../../tools/credentials/credentials.ts'
import { logInToDockerHub } from '../../tools/credentials/docker-hub.ts'
import type { GateRules } from '../../tools/pacing/gate.ts'
import type { Notify } from '../../model/events.ts'

const ecrPublic = 'public.ecr.aws'

/** What logging in to the sources came to. */
export interface SourceLogins {
  /** Without a login ECR Public admits one pull a second. */
  readonly ecrPublicAnonymous: boolean
}

/**
 * Logs in where it raises limits: ECR Public with ECR_PUBLIC_PASSWORD or the AWS credentials, Docker Hub with DOCKERHUB_USERNAME and
 * DOCKERHUB_TOKEN. What is refused is said and done without.
 */
export async function logInToSources(
  hosts: ReadonlySet<string>,
  authorizePublic: () => Promise<RegistryLogin>,
  env: NodeJS.ProcessEnv,
  store: CredentialStore,
  notify: Notify,
): Promise<SourceLogins> {
  const notice = (text: string) => notify({ kind: 'notice', text })
  if (hosts.has(dockerHub)) await logInToDockerHub(env, store, notice)
  if (!hosts.has(ecrPublic)) return { ecrPublicAnonymous: false }
  const password = env['ECR_PUBLIC_PASSWORD']
  if (password) {
    await store.set(ecrPublic, 'AWS', password)
    return { ecrPublicAnonymous: false }
  }
  try {
    const login = await authorizePublic()
    await store.set(ecrPublic, login.username, login.password)
    return { ecrPublicAnonymous: false }
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    notice(`public.ecr.aws is read anonymously, one image a second: ${error.message}`)
    return { ecrPublicAnonymous: true }
  }
}

/** How many copies may read from one host at a time, and how far apart they start. */
export function gateRules(
  host: string,
  concurrency: number | undefined,
  { ecrPublicAnonymous }: SourceLogins,
): GateRules {
  const paced = host === ecrPublic && ecrPublicAnonymous
  return {
    concurrency: Math.min(concurrency ?? hostConcurrency, paced ? 1 : hostConcurrency),
    // ECR Public's quota page: one image pull a second without a login.
    interval: paced ? 1_000 : 0,
  }
}

/** quay.io speaks of "a few requests per second" and Docker Hub of abuse limits; eight copies have met neither. */
const hostConcurrency = 8
