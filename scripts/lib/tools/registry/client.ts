import { createHash } from 'node:crypto'
import { failure, type Problem, type Result, success } from '../../model/problem.ts'
import { mayBePlainHttp } from '../../model/internet/address.ts'
import { redactUrl } from '../../model/internet/url.ts'
import { dockerHub, isDigest, isSha256 } from '../../model/image/reference.ts'
import type { Http, HttpAnswer, HttpMethod } from '../http/types.ts'
import { explainAnswer } from './problem.ts'
import {
  basicAuthorization,
  type Challenge,
  fetchToken,
  type Login,
  readChallenge,
} from './auth.ts'

/** A repository of a registry: host, and path without it. */
export interface RemoteRepository {
  readonly registry: string
  readonly path: string
}

/** What a HEAD tells of a manifest. */
export interface Described {
  readonly digest: string
  /** Pulls that Docker Hub still admits in this window, where it says so. */
  readonly pullsLeft?: number
}

export interface RemoteManifest {
  readonly digest: string
  readonly mediaType: string
  /** The manifest's own bytes. */
  readonly text: string
}

/**
 * The few requests of the distribution protocol for which no process is worth its start: questions before a copy, and
 * the mount of a layer, which no tool offers. Data is moved by crane.
 */
export interface RegistryClient {
  /**
   * Asks by HEAD, which no registry counts as a pull. `by` is a tag or a digest; an answer about another digest is a
   * failure.
   */
  readonly head: (repository: RemoteRepository, by: string) => Promise<Result<Described>>
  /** A GET, which Docker Hub counts as a pull. */
  readonly manifest: (
    repository: RemoteRepository,
    digest: string,
  ) => Promise<Result<RemoteManifest>>
  /** Asks the registry to take a blob over from a sibling. False when it would rather have the bytes. */
  readonly mount: (
    repository: RemoteRepository,
    digest: string,
    from: string,
  ) => Promise<Result<boolean>>
  /** Stores a manifest under a tag or its digest. Returns the digest that the registry names. */
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

/** No single request takes longer than this. */
const deadline = 60_000
/** Registries take manifests of 4 MiB (distribution specification, pushing manifests); the margin is for lists of tags. */
const maximumBytes = 8 * 1024 * 1024

interface Token {
  readonly since: number
  readonly fetched: Promise<Result<string>>
}

/** What a request is sent with. */
interface Permission {
  readonly header?: string
  readonly token?: Token
}

/** No token lives shorter than this (distribution's token specification). */
const shortestLife = 60_000

/** Where a registry answers, and what it wants to see first. */
interface Door {
  readonly base: string
  readonly challenge?: Challenge
}

interface Request {
  readonly method: HttpMethod
  readonly repository: RemoteRepository
  /** After `/v2/<path>/`. */
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

  /** Asks a registry once where it answers and what login it wants, as every client does (`GET /v2/`). */
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
    // Not remembered, so that the next try asks again.
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
    // A token lives for minutes only; the refusal of a fresh one is an answer.
    if (token === undefined || Date.now() - token.since < shortestLife) return answer
    // Somebody else may have fetched a new one meanwhile.
    if (tokens.get(tokenKey(repository)) === token) tokens.delete(tokenKey(repository))
    return send(request, true)
  }

  return {
    async head(repository, by) {
      const answer = await send({ method: 'HEAD', repository, rest: `manifests/${by}` })
      if (!answer.ok) return answer
      const problem = explainAnswer(answer.value)
      if (problem !== undefined) return failure(problem)
      const digest = String(
        answer.value.headers['docker-content-digest'] ?? (isDigest(by) ? by : ''),
      )
      if (!isSha256(digest)) return failure(noDigest(answer.value, digest))
      // What was asked for by its digest is that or nothing; only a tag can mean whatever the registry says.
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
      const found = `sha256:${createHash('sha256').update(body).digest('hex')}`
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
      // The registry waits for the bytes now, which crane will send in an upload of its own.
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

/** The upload that a registry names by its address; what could name anything else does not count. */
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

/** Docker Hub's registry answers under another name than its images bear. */
function hostOf(registry: string): string {
  return registry === dockerHub ? 'index.docker.io' : registry
}

function noDigest({ url }: HttpAnswer, digest: string): Problem {
  return {
    kind: 'unknown',
    side: 'source',
    message: `"${redactUrl(url)}" answered "${digest}" for a digest`,
    next: 'check that a proxy in between does not answer in its place',
  }
}

function wrongDigest({ url }: HttpAnswer, digest: string, found: string): Problem {
  return {
    kind: 'digest-mismatch',
    side: 'source',
    message: `"${redactUrl(url)}" answered with ${found} for "${digest}"`,
    next: 'check that a proxy in between does not change what it hands on',
  }
}

function unexpected({ url, status }: HttpAnswer): Problem {
  return {
    kind: 'unknown',
    side: 'target',
    message: `"${redactUrl(url)}" answered ${status} to a mount`,
  }
}
