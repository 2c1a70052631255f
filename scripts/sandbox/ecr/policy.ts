import { parseBasic, type TokenBook } from '../aws/tokens.ts'
import { type Call, type Reply, text } from '../net/call.ts'
import { blobsOf, parseManifest, type Repository } from '../content/repository.ts'
import { rateExceeded, registryError } from '../registry/errors.ts'
import type { PutManifest, RegistryPolicy } from '../registry/policy.ts'
import { isImmutable } from './mutability.ts'
import { type EcrState, notFoundMessage } from './state.ts'
import { hidesBlob, hidesManifest } from './storage.ts'
import { createOnPush } from './templates.ts'

export interface EcrPolicyOptions {
  readonly state: EcrState
  readonly tokens: TokenBook
  /** The repository of a public registry that a pull-through cache rule points to. */
  readonly upstream?: (name: string) => Repository | undefined
}

/** The behavior that distinguishes ECR's registry from others, as far as clients can observe it. */
export function createEcrPolicy({ state, tokens, upstream }: EcrPolicyOptions): RegistryPolicy {
  const find = (name: string) => state.repositories.get(name) ?? upstream?.(name)
  return {
    writable: true,
    now: state.now,
    find,
    createOnPush: (name) => createOnPush(state, name),
    missing: (name) => registryError(404, 'NAME_UNKNOWN', notFoundMessage(state, name)),
    authorize: (call) => checkLogin(call, state.place.registryHost, tokens),
    hidesManifest: (repository, reference) => hidesManifest(state, repository, reference),
    hidesBlob: (repository, digest) => hidesBlob(state, repository, digest),
    // Pushing an image immediately takes it out of the archive.
    afterPut: ({ name }, digest) => void state.repositories.get(name)?.hindrances.delete(digest),
    mayMount: (digest, from, to) => state.blobMounting && mountable(state, digest, from, to),
    beforePut(repository, reference, manifest) {
      if (state.putImages?.() === false) return rateExceeded()
      return (
        missingParts(state, repository, manifest) ??
        movedTag(state, repository, reference, manifest)
      )
    },
  }
}

/** Returns the refusal of a registry for a call without a valid password; undefined for one that is admitted. */
export function checkLogin(call: Call, host: string, tokens: TokenBook): Reply | undefined {
  const login = parseBasic(call.headers.authorization)
  if (!login) {
    return text(401, 'Not Authorized\n', {
      'www-authenticate': `Basic realm="https://${host}/",service="ecr.amazonaws.com"`,
      'docker-distribution-api-version': 'registry/2.0',
    })
  }
  switch (login.user === 'AWS' ? tokens.check(login.password) : 'unknown') {
    case 'valid':
      return undefined
    case 'expired':
      return registryError(
        403,
        'DENIED',
        'Your authorization token has expired. Reauthenticate and try again.',
      )
    case 'unknown':
      return registryError(400, 'DENIED', 'Your Authorization Token is invalid.')
  }
}

/** Only a blob that an image uses can be mounted, and only between repositories with the same encryption. */
function mountable(state: EcrState, digest: string, from: string, to: Repository): boolean {
  const source = state.repositories.get(from)
  const target = state.repositories.get(to.name)
  if (!source || !target) return false
  const encryption = [source, target].map((one) =>
    JSON.stringify(one.settings.encryptionConfiguration),
  )
  if (encryption[0] !== encryption[1] || hidesBlob(state, source, digest)) return false
  return [...source.manifests.values()].some((manifest) =>
    blobsOf(parseManifest(manifest)).includes(digest),
  )
}

function missingParts(
  state: EcrState,
  repository: Repository,
  { body }: PutManifest,
): Reply | undefined {
  const images = (body.manifests ?? [])
    .map(({ digest }) => digest)
    .filter((digest) => !repository.manifests.has(digest))
  const layers = blobsOf(body).filter((digest) => !repository.blobs.has(digest))
  const [what, digests] = images.length > 0 ? ['Images', images] : ['Layers', layers]
  if (digests.length === 0) return undefined
  const code = images.length > 0 ? 'MANIFEST_UNKNOWN' : 'MANIFEST_BLOB_UNKNOWN'
  return registryError(
    images.length > 0 ? 404 : 400,
    code,
    `${what} with digests '[${digests.join(', ')}]' required for pushing image into repository with name '${repository.name}' in the registry with id '${state.place.account}' do not exist`,
  )
}

function movedTag(
  state: EcrState,
  repository: Repository,
  reference: string,
  manifest: PutManifest,
): Reply | undefined {
  const settings = state.repositories.get(repository.name)?.settings
  const present = repository.tags.get(reference)
  if (present === undefined || present === manifest.digest) return undefined
  if (!settings || !isImmutable(settings, reference)) return undefined
  return registryError(
    400,
    'TAG_INVALID',
    `The image tag '${reference}' already exists in the '${repository.name}' repository and cannot be overwritten because the tag is immutable.`,
  )
}
