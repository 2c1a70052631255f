import type { RegistryLogin } from '../../aws/token.ts'
import { ProblemError } from '../../model/problem.ts'
import { dockerHub } from '../../model/image/reference.ts'
import { type EcrRegistry, parseEcrRegistry } from '../../model/image/registry.ts'
import type { CredentialStore } from '../../tools/credentials/credentials.ts'
import { logInToDockerHub } from '../../tools/credentials/docker-hub.ts'
import type { GateRules } from '../../tools/pacing/gate.ts'
import type { Notify } from '../../model/events.ts'
import { keepLogin, type Logins } from '../target/logins.ts'

const ecrPublic = 'public.ecr.aws'

/** The result of logging in to the sources. */
export interface SourceLogins {
  /** False without a login, with which ECR Public allows one pull per second. */
  readonly ecrPublicAnonymous: boolean
  /** Logins that expire during long runs. */
  readonly kept: readonly Logins[]
}

/** Requests logins with the AWS credentials. */
export interface Authorize {
  readonly public: () => Promise<RegistryLogin>
  readonly private: (registry: EcrRegistry) => Promise<RegistryLogin>
}

/** What logins need from a run. */
export interface LoginDoors {
  readonly env: NodeJS.ProcessEnv
  readonly store: CredentialStore
  readonly notify: Notify
  readonly now: () => number
}

/**
 * Logs in to the sources: to private ECR registries of any account and region with the AWS credentials, to ECR Public with
 * ECR_PUBLIC_PASSWORD or these, to Docker Hub with DOCKERHUB_USERNAME and DOCKERHUB_TOKEN. A failed login is reported,
 * and the run continues without it.
 */
export async function logInToSources(
  hosts: ReadonlySet<string>,
  authorize: Authorize,
  doors: LoginDoors,
): Promise<SourceLogins> {
  const { env, store, notify } = doors
  const notice = (text: string) => notify({ kind: 'notice', text })
  if (hosts.has(dockerHub)) await logInToDockerHub(env, store, notice)
  const kept: Logins[] = []
  for (const host of hosts) {
    const registry = parseEcrRegistry(host)
    if (!registry.ok) continue
    const login = keepLogin(host, () => authorize.private(registry.value), store, doors.now)
    const first = await login.current()
    if (first.ok) kept.push(login)
    else notice(`reading ${host} anonymously: ${first.problem.message}`)
  }
  const isAnonymous = hosts.has(ecrPublic) && !(await logInToEcrPublic(authorize.public, doors))
  return { ecrPublicAnonymous: isAnonymous, kept }
}

/** Returns false when there is no login. */
async function logInToEcrPublic(
  authorize: Authorize['public'],
  { env, store, notify }: LoginDoors,
): Promise<boolean> {
  const password = env['ECR_PUBLIC_PASSWORD']
  if (password) {
    await store.set(ecrPublic, 'AWS', password)
    return true
  }
  try {
    const login = await authorize()
    await store.set(ecrPublic, login.username, login.password)
    return true
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    const text = `reading public.ecr.aws anonymously, at one image per second: ${error.message}`
    notify({ kind: 'notice', text })
    return false
  }
}

/** Returns how many copies may read from one host at a time, and the interval between their starts. */
export function gateRules(
  host: string,
  concurrency: number | undefined,
  { ecrPublicAnonymous }: Pick<SourceLogins, 'ecrPublicAnonymous'>,
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
