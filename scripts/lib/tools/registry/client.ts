import { createHash } from 'node:crypto'
import { failure, type Problem, type Result, success } from '../../model/problem.ts'
import { mayBePlainHttp } from '../../model/internet/address.ts'
import { redactUrl } from '../../model/internet/url.ts'
import { dockerHub, isDigest, isSha256 } from '../../model/image/reference.ts'
import type { Http, HttpAnswer, HttpMethod } from '../http/types.ts'
import { readManifest } from '../../model/image/content.ts'
import { explainAnswer, noDigest, wrongDigest } from './problem.ts'
import {
  basicAuthorization,
  type Challenge,
  fetchToken,
  type Login,
  readChallenge,
} from './auth.ts'

/** A repository of a registry: its host, and its path without the host. */
export interface RemoteRepository {
  readonly registry: string
  readonly path: string
}

/** The result of a HEAD request for a manifest. */
export interface Described {
  readonly digest: string
  /** Pulls left on Docker Hub in the current window, if reported. */
  readonly pullsLeft?: number
}

export interface RemoteManifest {
  readonly digest: string
  readonly mediaType: string
  /** The manifest's own bytes. */
  readonly text: string
}

/**
 * The few requests of the distribution protocol that we make ourselves, because a process would start too slowly
 * (checks before a copy) or because no tool offers them (mounting a layer). crane moves the data.
 */
export interface RegistryClient {
  /**
   * Sends a HEAD, which no registry counts as a pull, and a GET only where that has no answer. `by` is a tag or a digest;
   * an answer with another digest is a failure.
   */
  readonly head: (repository: RemoteRepository, by: string) => Promise<Result<Described>>
  /** Sends a GET, which Docker Hub counts as a pull. */
  readonly manifest: (
    repository: RemoteRepository,
    digest: string,
  ) => Promise<Result<RemoteManifest>>
  /** Asks the registry to mount a blob from another repository. Returns false when it requires an upload instead. */
  readonly mount: (
    repository: RemoteRepository,
    digest: string,
    from: string,
  ) => Promise<Result<boolean>>
  /** Stores a manifest under a tag or its digest. Returns the digest from the registry. */
  readonly putManifest: (
    repository: RemoteRepository,
    by: string,
    manifest: Pick<RemoteManifest, 'mediaType' | 'text'>,
  ) => Promise<Result<string>>
}

const accept = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ')

/** Timeout of a single request. */
const deadline = 60_000
/** Registries accept manifests of 4 MiB (distribution specification); the margin is for lists of tags. */
const maximumBytes = 8 * 1024 * 1024

interface Token {
  readonly since: number
  readonly fetched: Promise<Result<string>>
}

/** The parts of a request. */
interface Permission {
  readonly header?: string
  readonly token?: Token
}

/** Minimum lifetime of a token (distribution's token specification). */
const shortestLife = 60_000

/** The base URL of a registry, and its challenge. */
interface Door {
  readonly base: string
  readonly challenge?: Challenge
}

interface Request {
  readonly method: HttpMethod
  readonly repository: RemoteRepository
  /** The path after `/v2/<path>/`. */
  readonly rest: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export function createRegistryClient(
  http: Http,
  loginOf: (registry: string) => Login | undefined,
  signal: AbortSignal,
): RegistryClient {
  const doors = new Map<string, Promise<Result<Door>>>()
  const tokens = new Map<string, Token>()

  /** Asks a registry once for its base URL and its challenge, as every client does (`GET /v2/`). */
  const openDoor = async (registry: string): Promise<Result<Door>> => {
    const base = `https://${hostOf(registry)}`
    const secure = await http.call('GET', `${base}/v2/`, { signal, deadline, maximumBytes })
    if (secure.ok) return doorOf(base, secure.value)
    // As crane does: a registry of this machine or of a private network may speak plain HTTP.
    if (!mayBePlainHttp(registry)) return secure
    const plainBase = base.replace('https:', 'http:')
    const plain = await http.call('GET', `${plainBase}/v2/`, {
      signal,
      deadline,
      maximumBytes,
    })
    return plain.ok ? doorOf(plainBase, plain.value) : secure
  }
  const doorTo = async (registry: string): Promise<Result<Door>> => {
    const opening = doors.get(registry) ?? openDoor(registry)
    doors.set(registry, opening)
    const door = await opening
    // Not cached, so that the next attempt asks again.
    if (!door.ok) doors.delete(registry)
    return door
  }
  const authorize = async (
    { base, challenge }: Door,
    repository: RemoteRepository,
  ): Promise<Result<Permission>> => {
    const login = loginOf(repository.registry)
    if (challenge === undefined) return success({})
    if (challenge.scheme === 'basic') {
      return success(login ? { header: basicAuthorization(login) } : {})
    }
    const scope = `repository:${repository.path}:pull`
    const key = tokenKey(repository)
    const known = tokens.get(key) ?? {
      since: Date.now(),
      fetched: fetchToken(http, base, { ...challenge, scope }, login, signal),
    }
    tokens.set(key, known)
    const token = await known.fetched
    if (token.ok) return success({ header: `Bearer ${token.value}`, token: known })
    tokens.delete(key)
    return token
  }

  const send = async (request: Request, isSecondTry = false): Promise<Result<HttpAnswer>> => {
    const { method, repository, rest, headers, body } = request
    const door = await doorTo(repository.registry)
    if (!door.ok) return door
    const authorization = await authorize(door.value, repository)
    if (!authorization.ok) return authorization
    const { header, token } = authorization.value
    const answer = await http.call(method, `${door.value.base}/v2/${repository.path}/${rest}`, {
      signal,
      deadline,
      maximumBytes,
      headers: {
        accept,
        ...headers,
        ...(header !== undefined && { authorization: header }),
      },
      ...(body !== undefined && { body }),
    })
    if (isSecondTry || !answer.ok || answer.value.status !== 401) return answer
    // A token is only valid for minutes; the refusal of a new one is final.
    if (token === undefined || Date.now() - token.since < shortestLife) return answer
    // Another request may have fetched a new one meanwhile.
    if (tokens.get(tokenKey(repository)) === token) tokens.delete(tokenKey(repository))
    return send(request, true)
  }

  return {
    async head(repository, by) {
      const rest = `manifests/${by}`
      const first = await send({ method: 'HEAD', repository, rest })
      if (!first.ok) return first
      const isSilent = !isDigest(by) && first.value.headers['docker-content-digest'] === undefined
      // Some registries and proxies serve manifests, but no HEAD for them, or none with a digest.
      const isUnserved = [404, 405].includes(first.value.status)
      const answer =
        isUnserved || (isSilent && explainAnswer(first.value) === undefined)
          ? await send({ method: 'GET', repository, rest })
          : first
      if (!answer.ok) return answer
      const isMissing = [first, answer].every(({ value }) => value.status === 404)
      const problem = explainAnswer(isMissing ? first.value : answer.value)
      if (problem !== undefined) return failure(problem)
      const { body, headers } = answer.value
      const digest =
        answer === first ? String(headers['docker-content-digest'] ?? by) : digestOfManifest(body)
      if (!isSha256(digest)) return failure(noDigest(answer.value, digest))
      // A request by digest must return that digest; only for a tag does the registry decide.
      if (isDigest(by) && digest !== by) return failure(wrongDigest(answer.value, by, digest))
      const left = /^\d+/.exec(String(answer.value.headers['ratelimit-remaining'] ?? ''))?.[0]
      return success({ digest, ...(left !== undefined && { pullsLeft: Number(left) }) })
    },

    async manifest(repository, digest) {
      const answer = await send({ method: 'GET', repository, rest: `manifests/${digest}` })
      if (!answer.ok) return answer
      const problem = explainAnswer(answer.value)
      if (problem !== undefined) return failure(problem)
      const { body, headers } = answer.value
      const found = digestOf(body)
      if (found !== digest) return failure(wrongDigest(answer.value, digest, found))
      const mediaType = (headers['content-type'] ?? '').split(';')[0]?.trim() ?? ''
      return success({ digest, mediaType, text: body.toString('utf8') })
    },

    async mount(repository, digest, from) {
      const query = new URLSearchParams({ mount: digest, from })
      const answer = await send({
        method: 'POST',
        repository,
        rest: `blobs/uploads/?${query.toString()}`,
      })
      if (!answer.ok) return answer
      if (answer.value.status === 201) return success(true)
      if (answer.value.status !== 202)
        return failure(explainAnswer(answer.value) ?? unexpected(answer.value))
      // The registry has opened an upload; it is cancelled, because crane uploads the bytes separately.
      const { location = '' } = answer.value.headers
      const id = uploadOf(location, answer.value.url)
      if (id !== undefined)
        await send({ method: 'DELETE', repository, rest: `blobs/uploads/${id}` })
      return success(false)
    },

    async putManifest(repository, by, { mediaType, text }) {
      const answer = await send({
        method: 'PUT',
        repository,
        rest: `manifests/${by}`,
        headers: { 'content-type': mediaType },
        body: text,
      })
      if (!answer.ok) return answer
      const problem = explainAnswer(answer.value)
      if (problem !== undefined) return failure(problem)
      return success(String(answer.value.headers['docker-content-digest'] ?? ''))
    },
  }
}

function digestOf(body: Buffer): string {
  return `sha256:${createHash('sha256').update(body).digest('hex')}`
}

/** Returns the digest of a manifest; empty for anything else, such as the page of a proxy. */
function digestOfManifest(body: Buffer): string {
  const content = readManifest(body.toString('utf8'))
  const isEmpty = content?.children === undefined && Object.keys(content?.blobs ?? {}).length === 0
  return isEmpty ? '' : digestOf(body)
}

/** Returns the id of the upload in a registry's Location header; ignores values that could name anything else. */
function uploadOf(location: string, base: string): string | undefined {
  if (!URL.canParse(location, base)) return undefined
  const { pathname, search } = new URL(location, base)
  const id = /\/blobs\/uploads\/([\w.=~-]+)$/.exec(pathname)?.[1]
  return id === undefined ? undefined : `${id}${search}`
}

function doorOf(base: string, answer: HttpAnswer): Result<Door> {
  const challenge = answer.status === 401 ? readChallenge(answer) : undefined
  const problem = answer.status === 429 || answer.status >= 500 ? explainAnswer(answer) : undefined
  return problem ? failure(problem) : success({ base, ...(challenge && { challenge }) })
}

function tokenKey({ registry, path }: RemoteRepository): string {
  return `${registry}/${path}`
}

/** Returns the API host of a registry: Docker Hub's differs from the name in its images. */
function hostOf(registry: string): string {
  return registry === dockerHub ? 'index.docker.io' : registry
}

function unexpected({ url, status }: HttpAnswer): Problem {
  return {
    kind: 'unknown',
    side: 'target',
    message: `"${redactUrl(url)}" answered ${status} to a mount`,
  }
}
