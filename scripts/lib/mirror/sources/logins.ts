import type { RegistryLogin } from '../../aws/token.ts'
import { ProblemError } from '../../model/problem.ts'
import { dockerHub } from '../../model/image/reference.ts'
import type { CredentialStore } from '../../tools/credentials/credentials.ts'
import { logInToDockerHub } from '../../tools/credentials/docker-hub.ts'
import type { GateRules } from '../../tools/pacing/gate.ts'
import type { Notify } from '../../model/events.ts'

const ecrPublic = 'public.ecr.aws'

/** The result of logging in to the sources. */
export interface SourceLogins {
  /** False without a login, with which ECR Public allows one pull per second. */
  readonly ecrPublicAnonymous: boolean
}

/**
 * Logs in where that raises limits: to ECR Public with ECR_PUBLIC_PASSWORD or the AWS credentials, to Docker Hub with
 * DOCKERHUB_USERNAME and DOCKERHUB_TOKEN. A failed login to ECR Public is reported, and the run continues without it.
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
    notice(`reading public.ecr.aws anonymously, at one image per second: ${error.message}`)
    return { ecrPublicAnonymous: true }
  }
}

/** Returns how many copies may read from one host at a time, and the interval between their starts. */
export function gateRules(
  host: string,
  concurrency: number | undefined,
  { ecrPublicAnonymous }: SourceLogins,
): GateRules {
  const paced = host === ecrPublic && ecrPublicAnonymous
  return {
    concurrency: Math.min(concurrency ?? hostConcurrency, paced ? 1 : hostConcurrency),
    // ECR Public's quota page: one image pull per second without a login.
    interval: paced ? 1_000 : 0,
  }
}

/** quay.io documents "a few requests per second", Docker Hub abuse limits; eight concurrent copies have hit neither. */
const hostConcurrency = 8
