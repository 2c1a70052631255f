import type { Ecr, UnreadableImage } from './client.ts'
import { type Problem, type ProblemKind, toResult } from '../../model/problem.ts'
import type { EcrRegistry } from '../../model/image/registry.ts'

/** An existing tag that cannot be pulled: its image is archived, being restored, or inaccessible for another reason. */
export type Unreadable =
  | { readonly state: 'archived' | 'restoring'; readonly digest: string }
  | {
      readonly state: 'inaccessible'
      /** ECR's failure code: `KmsError`, `UpstreamUnavailable`… */
      readonly code: string
      readonly reason: string
    }

/** The failure code of BatchGetImage for archived images (and, as far as known, for no others). */
const inaccessible = 'ImageInaccessible'

/**
 * Distinguishes archived images from images that are inaccessible for other reasons. Reads image states only when an
 * image may be archived; without permission to do so, the state stays unknown.
 */
export async function explainUnreadable(
  ecr: Pick<Ecr, 'readStates'>,
  repository: string,
  images: readonly UnreadableImage[],
): Promise<ReadonlyMap<string, Unreadable>> {
  const ids = images.flatMap(({ tag, code }) => (code === inaccessible ? [{ tag }] : []))
  const asked = ids.length === 0 ? undefined : await toResult(ecr.readStates(repository, ids))
  const states = asked !== undefined && asked.ok ? asked.value : []
  return new Map(
    images.map(({ tag, code, reason }): readonly [string, Unreadable] => {
      const state = states.find(({ tags }) => tags.includes(tag))
      switch (state?.status) {
        case 'ARCHIVED':
          return [tag, { state: 'archived', digest: state.digest }]
        case 'ACTIVATING':
          return [tag, { state: 'restoring', digest: state.digest }]
        default:
          return [tag, { state: 'inaccessible', code, reason }]
      }
    }),
  )
}

/** A tag that cannot be read, with its place. */
export interface UnreadableTag {
  readonly registry: EcrRegistry
  /** With registry and tag. */
  readonly destination: string
  readonly repository: string
  readonly tag: string
  readonly unreadable: Unreadable
}

const kinds: ReadonlyMap<string, ProblemKind> = new Map([
  ['KmsError', 'access-denied'],
  ['UpstreamAccessDenied', 'access-denied'],
  ['UpstreamTooManyRequests', 'rate-limited'],
  ['UpstreamUnavailable', 'server-error'],
  ['ImageReferencedByManifestList', 'conflict'],
])

const advice: Readonly<Partial<Record<ProblemKind, string>>> = {
  'access-denied':
    'grant this principal access to the resource that ECR names (a KMS key, or the upstream of a cache rule)',
  'rate-limited':
    'wait until the upstream registry of the pull-through cache rule stops throttling, then rerun',
  'server-error':
    'wait until the upstream registry of the pull-through cache rule is available again, then rerun',
}

/** Returns the problem of an image that cannot be read. */
export function unreadableProblem(image: UnreadableTag): Problem {
  const { destination, unreadable } = image
  const name = `"${destination}"`
  switch (unreadable.state) {
    case 'archived':
      return {
        kind: 'archived',
        side: 'target',
        message: `${name} is archived in ECR and cannot be pulled; to restore it:\n${restoreCommand(image)}`,
        next: 'restore archived images with --on-archived restore (up to 20 minutes), or copy them again with --on-archived copy',
      }
    case 'restoring':
      return {
        kind: 'archived',
        side: 'target',
        message: `${name} is being restored from ECR's archive and cannot be pulled yet`,
        next: 'wait for ECR (up to 20 minutes) with --on-archived restore, or rerun later',
      }
    case 'inaccessible': {
      const kind = kinds.get(unreadable.code) ?? 'unknown'
      const isArchive = unreadable.code === inaccessible
      return {
        kind,
        side: 'target',
        message: `${name} cannot be read: ${[unreadable.code, unreadable.reason].filter(Boolean).join(': ')}${isArchive ? `; if it is archived:\n${restoreCommand(image)}` : ''}`,
        next: isArchive
          ? 'allow ecr:DescribeImages, so that archived images can be recognized, then rerun'
          : (advice[kind] ?? 'fix the cause or delete the tag, then rerun'),
      }
    }
  }
}

/**
 * Returns the AWS CLI command that takes an image out of the archive. It needs no quotes: ECR allows neither spaces nor
 * shell characters in names, tags and digests.
 */
function restoreCommand({ registry, repository, tag, unreadable }: UnreadableTag): string {
  const id = 'digest' in unreadable ? `imageDigest=${unreadable.digest}` : `imageTag=${tag}`
  return [
    'aws ecr update-image-storage-class',
    `--repository-name ${repository}`,
    `--image-id ${id}`,
    '--target-storage-class STANDARD',
    `--registry-id ${registry.account}`,
    `--region ${registry.region}`,
  ].join(' ')
}
