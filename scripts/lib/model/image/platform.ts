import { type Child, type Content, digestOf, type Platform } from './content.ts'
import { failure, invalidInput, type Result, success } from '../problem.ts'

/** `auto` copies the whole image; a list selects platforms of an index. */
export type PlatformChoice = 'auto' | readonly Platform[]

/** The part of an image that is copied. */
export type Selected =
  | { readonly kind: 'whole' }
  /** One child, under the image's tag. */
  | { readonly kind: 'child'; readonly child: Child }
  /** Several children under a new index. */
  | {
      readonly kind: 'index'
      readonly children: readonly Child[]
      readonly digest: string
      readonly mediaType: string
      readonly text: string
    }

/** Parses `auto` or a comma-separated list of `os/architecture[/variant]`. */
export function parsePlatforms(text: string): Result<PlatformChoice> {
  if (text === 'auto') return success('auto')
  const platforms: Platform[] = []
  for (const name of text.split(',').map((part) => part.trim())) {
    const [os, architecture, variant, ...rest] = name.split('/')
    if (!os || !architecture || rest.length > 0 || !/^[a-z0-9/._-]+$/.test(name)) {
      return invalidInput(
        `invalid platform "${name}": expected os/architecture or os/architecture/variant`,
        'use the form linux/amd64, separate several with commas, or use auto for all platforms of an image',
      )
    }
    platforms.push({ os, architecture, ...(variant !== undefined && { variant }) })
  }
  const names = platforms.map(formatPlatform)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  return twice === undefined
    ? success(platforms)
    : invalidInput(`platform "${twice}" is listed twice`)
}

export function formatPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, ...(variant === undefined ? [] : [variant])].join('/')
}

/** True when an image built for `built` matches `wanted`; without a variant, `wanted` matches any variant. */
export function matchesPlatform(built: Platform, wanted: Platform): boolean {
  return (
    built.os === wanted.os &&
    built.architecture === wanted.architecture &&
    (wanted.variant === undefined || wanted.variant === (built.variant ?? ''))
  )
}

/**
 * Selects the requested platforms of an index. Several become a new index whose bytes depend only on the source's
 * children and the choice, so its digest is known before anything is copied and is the same on every machine.
 * Attestations, which describe single children, are dropped. Fails when a requested platform is not available.
 */
export function selectPlatforms(
  { children, mediaType }: Content,
  wanted: readonly Platform[],
): Result<Selected> {
  if (children === undefined) return success({ kind: 'whole' })
  const missing = wanted.filter(
    (one) => !children.some(({ platform }) => platform && matchesPlatform(platform, one)),
  )
  if (missing.length > 0) return failure(absent(missing, children))
  const matching = children.filter(
    ({ platform }) => platform && wanted.some((one) => matchesPlatform(platform, one)),
  )
  // An index may list one child many times; it is copied once.
  const kept = [...new Map(matching.map((child) => [child.digest, child])).values()]
  if (kept.length > maximumChildren) return failure(tooMany(kept.length))
  const [only] = kept
  if (kept.length === 1 && only !== undefined) return success({ kind: 'child', child: only })
  const manifests = kept.map(({ digest, size, platform, ...child }) => ({
    mediaType: child.mediaType,
    size,
    digest,
    platform,
  }))
  const text = JSON.stringify({ schemaVersion: 2, mediaType, manifests })
  return success({ kind: 'index', children: kept, digest: digestOf(text), mediaType, text })
}

/** Returns the digest of a selection at its destination; `whole` is the digest of the whole image. */
export function digestOfSelected(
  selected: Selected,
  whole: string | undefined,
): string | undefined {
  if (selected.kind === 'whole') return whole
  return selected.kind === 'child' ? selected.child.digest : selected.digest
}

/** Returns the content of a selection. */
export function contentOfSelected(selected: Selected, whole: Content): Content {
  if (selected.kind === 'whole') return whole
  if (selected.kind === 'index') {
    return { mediaType: selected.mediaType, children: selected.children }
  }
  const { mediaType, blobs } = selected.child
  return { mediaType, ...(blobs && { blobs }) }
}

/** Maximum children selected from one index, each copied separately. No image is published for more platforms. */
const maximumChildren = 200

function tooMany(count: number) {
  return {
    kind: 'conflict',
    side: 'source',
    message: `its index names ${count} images for these platforms (limit: ${maximumChildren})`,
    next: 'copy the whole image by omitting --platform, or skip it with --exclude',
  } as const
}

function absent(missing: readonly Platform[], children: readonly Child[]) {
  const present = children.flatMap(({ platform }) =>
    platform === undefined || platform.os === 'unknown' ? [] : [formatPlatform(platform)],
  )
  return {
    kind: 'conflict',
    side: 'input',
    message: `it is not available for ${missing.map(formatPlatform).join(' and ')}`,
    next: `it is available for ${present.join(', ') || 'no named platform'}; choose from these with --platform, or skip it with --exclude`,
  } as const
}
