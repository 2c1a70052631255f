import type { Ecr, UnreadableImage } from './client.ts'
import { type Problem, type ProblemKind, toResult } from '../../model/problem.ts'
import type { EcrRegistry } from '../../model/image/registry.ts'

/** A tag that is there and cannot be pulled: its image is archived, on its way back, or kept back for another reason. */
export type Unreadable =
  | { readonly state: 'archived' | 'restoring'; readonly digest: string }
  | {
      readonly state: 'inaccessible'
      /** As ECR names it: `KmsError`, `UpstreamUnavailable`… */
      readonly code: string
      readonly reason: string
    }

/** What BatchGetImage answers for an archived image (and, as far as is known, for no other). */
const inaccessible = 'ImageInaccessible'

/**
 * Tells archived images apart from those that ECR keeps back for other reasons. Asks ECR for the state of images only
 * when one may be archived; without permission to ask, nothing is known of it.
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

/** A tag that cannot be read, and where it is. */
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
    'allow this principal what ECR names (a KMS key, or the upstream of a cache rule)',
  'rate-limited': 'wait for the upstream of the cache rule to admit more, then run again',
  'server-error': 'wait until the upstream of the cache rule answers again, then run again',
}

/** The problem of one image that cannot be read. */
export function unreadableProblem(image: UnreadableTag): Problem {
  const { destination, unreadable } = image
  const name = `"${destination}"`
  switch (unreadable.state) {
    case 'archived':
      return {
        kind: 'archived',
        side: 'target',
        message: `${name} is archived in ECR and cannot be pulled; to restore it:\n${restoreCommand(image)}`,
        next: 'have archived images restored with --on-archived restore (up to 20 minutes), or copied again with --on-archived copy',
      }
    case 'restoring':
      return {
        kind: 'archived',
        side: 'target',
        message: `${name} is being restored from ECR's archive and cannot be pulled yet`,
        next: 'wait for ECR (up to 20 minutes) with --on-archived restore, or run again later',
      }
    case 'inaccessible': {
      const kind = kinds.get(unreadable.code) ?? 'unknown'
      const isArchive = unreadable.code === inaccessible
      return {
        kind,
        side: 'target',
        message: `${name} cannot be read: ${[unreadable.code, unreadable.reason].filter(Boolean).join(': ')}${isArchive ? `; if it is archived:\n${restoreCommand(image)}` : ''}`,
        next: isArchive
          ? 'allow ecr:DescribeImages, so that archived images can be told apart, then run again'
          : (advice[kind] ?? 'remove what stands in its way or delete the tag, then run again'),
      }
    }
  }
}

/**
 * The command of the AWS CLI that takes an image out of the archive. Nothing in it needs quotes: ECR's grammar has
 * neither spaces nor signs of a shell in names, tags and digests.
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
