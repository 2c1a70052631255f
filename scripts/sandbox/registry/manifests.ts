import type { Call, Reply } from '../net/call.ts'
import { json } from '../net/call.ts'
import { ociDialect } from '../content/media-types.ts'
import {
  type Descriptor,
  findManifest,
  type ManifestBody,
  parseManifest,
  type Repository,
} from '../content/repository.ts'
import { digestOf } from '../content/seed.ts'
import { digestInvalid, manifestUnknown, registryError } from './errors.ts'
import type { RegistryPolicy } from './policy.ts'

const tagPattern = /^\w[\w.-]{0,127}$/

export function getManifest(repository: Repository, reference: string): Reply {
  const manifest = findManifest(repository, reference)
  if (!manifest) return manifestUnknown(reference)
  return {
    status: 200,
    headers: {
      'content-type': manifest.mediaType,
      'docker-content-digest': manifest.digest,
      'docker-distribution-api-version': 'registry/2.0',
    },
    body: manifest.bytes,
  }
}

/** Accepts a manifest: checks what every registry requires, then what this registry's policy requires. */
export async function putManifest(
  call: Call,
  policy: RegistryPolicy,
  repository: Repository,
  reference: string,
): Promise<Reply> {
  const bytes = await call.read()
  const body = tryParse(bytes)
  if (!body) return registryError(400, 'MANIFEST_INVALID', 'manifest invalid')

  const byDigest = reference.includes(':')
  const digest = digestOf(bytes)
  if (byDigest && reference !== digest) return digestInvalid()
  if (!byDigest && !tagPattern.test(reference)) {
    return registryError(400, 'TAG_INVALID', `invalid tag "${reference}"`)
  }
  const mediaType = call.headers['content-type'] ?? body.mediaType ?? ociDialect.manifest
  const manifest = { mediaType, digest, bytes, body }
  const refusal = policy.beforePut?.(repository, reference, manifest)
  if (refusal) return refusal

  const pushedAt = repository.manifests.get(digest)?.pushedAt ?? policy.now()
  repository.manifests.set(digest, { mediaType, digest, bytes, pushedAt })
  if (!byDigest) repository.tags.set(reference, digest)
  policy.afterPut?.(repository, digest)
  return {
    status: 201,
    headers: {
      location: `/v2/${repository.name}/manifests/${digest}`,
      'docker-content-digest': digest,
      ...(body.subject && { 'oci-subject': body.subject.digest }),
    },
  }
}

function tryParse(bytes: Buffer): ManifestBody | undefined {
  try {
    return parseManifest({ bytes })
  } catch {
    return undefined
  }
}

export function listTags(call: Call, repository: Repository): Reply {
  const last = call.query.get('last') ?? ''
  const count = Number(call.query.get('n') ?? Infinity)
  const rest = [...repository.tags.keys()].toSorted().filter((tag) => tag > last)
  const tags = rest.slice(0, count)
  const next = `</v2/${repository.name}/tags/list?last=${tags.at(-1) ?? ''}&n=${count}>; rel="next"`
  const more = tags.length < rest.length
  return json(200, { name: repository.name, tags }, more ? { link: next } : {})
}

/** Returns every manifest in the repository that names `digest` as its subject, as an index, which is often empty. */
export function listReferrers(repository: Repository, digest: string): Reply {
  const manifests = [...repository.manifests.values()].flatMap((manifest): Descriptor[] => {
    const body = parseManifest(manifest)
    if (body.subject?.digest !== digest) return []
    const { mediaType, bytes } = manifest
    const artifactType = body.artifactType ?? body.config?.mediaType
    const descriptor = { mediaType, digest: manifest.digest, size: bytes.length }
    return [artifactType === undefined ? descriptor : Object.assign(descriptor, { artifactType })]
  })
  const index = { schemaVersion: 2, mediaType: ociDialect.index, manifests }
  return json(200, index, { 'content-type': ociDialect.index })
}
