import { success, unwrap } from '../../../scripts/lib/model/problem.ts'
import { parseReference } from '../../../scripts/lib/model/image/reference.ts'
import {
  placeChart,
  placeImages,
  mirroredRepository,
} from '../../../scripts/lib/model/image/layout.ts'
import type { MirrorEvent } from '../../../scripts/lib/model/events.ts'
import type { MirrorDoors } from '../../../scripts/lib/mirror/session/doors.ts'
import type { Placed } from '../../../scripts/lib/mirror/plan/placement.ts'
import type { Http, HttpAnswer } from '../../../scripts/lib/tools/http/types.ts'
import type { Run, RunResult } from '../../../scripts/lib/tools/process/exec.ts'
import { surroundingsOf } from '../support/surroundings.ts'
import { passingClock } from '../tools/pacing/passing-clock.ts'
import { fakeEcr, refuse } from './fakes.ts'

export const registryHost = '123456789012.dkr.ecr.us-east-2.amazonaws.com'

/** A digest that is one letter over and over. */
export const digestOf = (letter: string) => `sha256:${letter.repeat(64)}`

/** Two images and a chart, each of a host of its own, and what each source has for it. */
const images = ['quay.io/o/one:1', 'ghcr.io/o/two:1']
export const sourceDigests: ReadonlyMap<string, string> = new Map([
  ['quay.io/o/one:1', digestOf('a')],
  ['ghcr.io/o/two:1', digestOf('b')],
  ['registry.example.com/charts/web:1.0.0', digestOf('c')],
])

export const placed: readonly Placed[] = [
  ...images.map((name): Placed => {
    const reference = unwrap(parseReference(name))
    const place = placeImages([reference], mirroredRepository).get(name)
    if (place === undefined) throw new Error(`${name} has no place`)
    return { kind: 'image', reference, place, charts: ['web'] }
  }),
  placedChart(),
]

function placedChart(): Placed {
  const chart = { name: 'web', version: '1.0.0', repository: 'oci://registry.example.com/charts' }
  return { kind: 'chart', chart, place: unwrap(placeChart('mirrored', chart, chart.version)) }
}

/** Repository and tag of each item, in the order of `placed`. */
export const places = placed.map(({ place }) => `${place.repository}:${place.tag}`)

/** What is in the way of one run. */
export interface Conditions {
  /** Tags that the registry has, by `<repository>:<tag>`, with their digests. */
  readonly stored?: Readonly<Record<string, string>>
  readonly mutability?: 'MUTABLE' | 'IMMUTABLE'
  /** References that their sources do not have. */
  readonly missing?: readonly string[]
  /** What crane prints when it fails, for its first calls; then it works. */
  readonly failures?: readonly string[]
  /** The call of crane during which the run is interrupted. */
  readonly interruptedAt?: number
}

/** A registry, its sources and the tools as a mirror sees them, and everything that was done to them, in order. */
export interface World {
  readonly doors: MirrorDoors
  /** Changes of the registry, and copies as crane was told to make them. */
  readonly changes: readonly string[]
  /** Requests to other hosts. */
  readonly requests: readonly string[]
  /** What was opened and not closed yet. */
  readonly open: ReadonlySet<string>
  readonly opened: readonly string[]
  readonly events: readonly MirrorEvent[]
  /** Digests by `<repository>:<tag>`, as the registry has them by now. */
  readonly tags: ReadonlyMap<string, string>
}

/** Makes a world in which everything that a test does not provide for is an error. */
export function makeWorld(conditions: Conditions = {}): World {
  const { stored = {}, mutability = 'MUTABLE', missing = [], failures = [] } = conditions
  const controller = new AbortController()
  const changes: string[] = []
  const requests: string[] = []
  const events: MirrorEvent[] = []
  const opened: string[] = []
  const open = new Set<string>()
  const tags = new Map(Object.entries(stored))
  /** Digests by repository, tagged or not. */
  const kept = new Set(
    Object.entries(stored).map(([key, digest]) => `${key.split(':')[0]} ${digest}`),
  )
  const repositories = new Set(Object.keys(stored).map((key) => key.split(':')[0] ?? ''))
  const begin = (what: string) => {
    opened.push(what)
    open.add(what)
    return async () => void open.delete(what)
  }
  const store = (repository: string, digest: string, tag: string | undefined) => {
    if (!repositories.has(repository)) throw new Error(`${repository} does not exist`)
    kept.add(`${repository} ${digest}`)
    const key = `${repository}:${tag}`
    if (tag === undefined) return
    if (mutability === 'IMMUTABLE' && tags.has(key)) throw new Error(`${key} is immutable`)
    tags.set(key, digest)
  }
  const manifestOf = (digest: string) => JSON.stringify({ config: { digest, size: 1 }, layers: [] })

  const ecr = fakeEcr({
    listRepositories: async () =>
      [...repositories].map((name) => ({
        name,
        arn: `arn:${name}`,
        scanOnPush: false,
        mutability,
        exclusions: [],
        encryption: 'AES256',
      })),
    listPushTemplates: async () => [],
    createRepository: async (name) => {
      changes.push(`create ${name}`)
      repositories.add(name)
      return 'created'
    },
    readImages: async (repository, wanted) => ({
      images: wanted.flatMap((tag) => {
        const digest = tags.get(`${repository}:${tag}`)
        return digest === undefined ? [] : [{ tag, digest, manifest: manifestOf(digest) }]
      }),
      unreadable: [],
    }),
    readManifests: async (repository, digests) =>
      digests
        .filter((digest) => kept.has(`${repository} ${digest}`))
        .map((digest) => ({ digest, mediaType: 'application/json', text: manifestOf(digest) })),
    deleteTag: async (repository, tag) => {
      changes.push(`delete tag ${repository}:${tag}`)
      if (!tags.delete(`${repository}:${tag}`)) throw new Error('there is no such tag')
    },
    sizesOfBlobs: async () => new Map(),
    authorize: async () => ({ username: 'AWS', password: 'token' }),
    close: () => void open.delete('target'),
  })

  const answer = (url: string, status: number, digest?: string): HttpAnswer => ({
    status,
    headers: digest === undefined ? {} : { 'docker-content-digest': digest },
    body: Buffer.alloc(0),
    url,
  })
  const call: Http['call'] = async (method, url, { body } = {}) => {
    const { host, pathname } = new URL(url)
    if (method === 'GET' && pathname === '/v2/') return success(answer(url, 200))
    const [, path = '', by = ''] = /^\/v2\/(.+)\/manifests\/(.+)$/.exec(pathname) ?? []
    if (method === 'PUT' && host === registryHost) {
      changes.push(`put ${path}:${by}`)
      const { config }: { config: { digest: string } } = JSON.parse(body ?? '')
      store(path, config.digest, by)
      return success(answer(url, 201, config.digest))
    }
    const digest = sourceDigests.get(`${host}/${path}:${by}`)
    const isMissing = missing.includes(`${host}/${path}:${by}`)
    // What a HEAD does not find may be there for a GET.
    const isForeseen = method === 'HEAD' || (method === 'GET' && isMissing)
    if (!isForeseen || digest === undefined) throw new Error(`unexpected ${method} ${url}`)
    requests.push(`${method} ${host}/${path}:${by}`)
    return success(isMissing ? answer(url, 404) : answer(url, 200, digest))
  }

  let copies = 0
  const run: Run = async (command, { signal }) => {
    const { tool, args } = command
    const [verb = '', , , source = '', destination = ''] = args
    if (tool !== '/tools/crane' || verb !== 'copy') throw new Error(`unexpected ${tool} ${verb}`)
    copies += 1
    const end = (
      exitCode: number | null,
      ending: RunResult['ending'],
      stderr: string,
    ): RunResult => {
      return { command, ending, ok: exitCode === 0, exitCode, stdout: '', stderr }
    }
    if (copies === conditions.interruptedAt) {
      controller.abort()
      return end(null, 'aborted', '')
    }
    if (signal?.aborted) throw new Error('crane was started after the interruption')
    const said = failures[copies - 1]
    changes.push(`${said === undefined ? '' : 'failed '}copy ${source} ${destination}`)
    if (said !== undefined) return end(1, 'exited', said)
    const [, digest = ''] = source.split('@')
    const [, path = '', tag] = /^[^/]+\/([^:@]+)(?::([^@]+))?/.exec(destination) ?? []
    store(path, digest, tag)
    return end(0, 'exited', '')
  }

  const tool = (name: 'crane' | 'helm') => ({
    name,
    path: `/tools/${name}`,
    version: '1.0.0',
    origin: 'path' as const,
  })
  const logins = new Map<string, { username: string; password: string }>()
  const doors: MirrorDoors = {
    run,
    clock: passingClock(),
    notify: (event) => void events.push(event),
    signal: controller.signal,
    env: {},
    backoff: { attempts: 3, first: 1_000, longest: 30_000 },
    openTarget: async (registry) => {
      if (registry.host !== registryHost) throw new Error(`unexpected registry ${registry.host}`)
      begin('target')
      return {
        identity: Promise.resolve({ account: registry.account, arn: 'arn:aws:iam::1:user/u' }),
        ecr,
        http: { get: refuse, call, download: refuse },
        authorizePublic: refuse,
        authorizeSource: refuse,
      }
    },
    tools: {
      prepare: async () => {
        opened.push('tools')
        return { crane: tool('crane'), helm: tool('helm') }
      },
      findMissing: refuse,
    },
    openCredentials: async () => ({
      folder: '/work',
      surroundings: {
        crane: surroundingsOf({}),
        helm: surroundingsOf({}),
        kubectl: surroundingsOf({}),
      },
      set: async (host, username, password) => void logins.set(host, { username, password }),
      get: (host) => logins.get(host),
      remove: begin('credentials'),
    }),
    lock: async () => begin('lock'),
  }
  return { doors, changes, requests, open, opened, events, tags }
}
