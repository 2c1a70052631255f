import { userInfoProblem } from '../../model/internet/url.ts'
import { failure, invalidInput, type Result, success, unwrap } from '../../model/problem.ts'
import { trimEndOf } from '../../model/text/trim.ts'
import { parseReference, type Reference, repositoryOf } from '../../model/image/reference.ts'

/** Alternative places of a registry's data: a host, or a host with a path that precedes the repository's own. */
export type SourceMirrors = ReadonlyMap<string, readonly string[]>

/**
 * Parses `--source-mirror <registry>=<place>[,<place>…]`, where a place is a host, or a host and a path. The registry
 * itself may be among its places to set its position; otherwise it comes last.
 */
export function parseSourceMirrors(texts: readonly string[]): Result<SourceMirrors> {
  const mirrors = new Map<string, readonly string[]>()
  for (const text of texts) {
    if (text.includes('@')) return failure(userInfoProblem('source mirror', text))
    const [left = '', right = '', ...rest] = text.split('=')
    const registry = registryOf(left)
    if (registry === undefined || right === '' || rest.length > 0) {
      return invalidInput(
        `invalid source mirror "${text}": expected <registry>=<mirror>[,<mirror>...]`,
        'use the form docker.io=mirror.gcr.io; separate several places with commas, in the order to try them',
      )
    }
    const places = right.split(',').map((place) => trimEndOf(place.trim(), '/'))
    const wrong = places.find(
      (place) => !parseReference(`${place}/x`).ok || !/[.:]/.test(place.split('/')[0] ?? ''),
    )
    if (wrong !== undefined) {
      return invalidInput(
        `invalid source mirror "${text}": "${wrong}" is neither a host nor a host with a path`,
        'use the form mirror.gcr.io or registry.example.com/docker-hub',
      )
    }
    mirrors.set(registry, [...(mirrors.get(registry) ?? []), ...places])
  }
  return success(mirrors)
}

/**
 * Parses `--pull-through <registry>=<prefix>`: a pull-through cache rule of the target registry, by its prefix. It
 * becomes another source mirror, at the target's host.
 */
export function parsePullThrough(texts: readonly string[], host: string): Result<SourceMirrors> {
  for (const text of texts) {
    if (!/^[^=]+=[a-z0-9]+(?:[._/-][a-z0-9]+)*$/.test(text)) {
      return invalidInput(
        `invalid pull-through rule "${text}": expected a registry, "=", and the prefix of the rule`,
        'use the form quay.io=quay, with the prefix from "aws ecr describe-pull-through-cache-rules"',
      )
    }
  }
  return parseSourceMirrors(texts.map((text) => text.replace('=', `=${host}/`)))
}

/** Merges maps of mirrors; places of the first map come first. */
export function joinMirrors(first: SourceMirrors, second: SourceMirrors): SourceMirrors {
  const registries = new Set([...first.keys(), ...second.keys()])
  return new Map(
    [...registries].map((registry) => [
      registry,
      [...(first.get(registry) ?? []), ...(second.get(registry) ?? [])],
    ]),
  )
}

function registryOf(text: string): string | undefined {
  const parsed = parseReference(`${text}/x/y`)
  return text !== '' && /[.:]|^localhost$/.test(text) && parsed.ok
    ? parsed.value.registry
    : undefined
}

/** Returns all routes to a reference's data, in the order to try them; the registry itself is always one of them. */
export function sourceRoutesOf(
  reference: Reference,
  mirrors: SourceMirrors,
): readonly [Reference, ...Reference[]] {
  const places = mirrors.get(reference.registry) ?? []
  const routes = places.map((place) =>
    place === reference.registry
      ? reference
      : { ...reference, ...splitPlace(`${place}/${reference.path}`) },
  )
  const isThere = routes.some((route) => repositoryOf(route) === repositoryOf(reference))
  const [first = reference, ...others] = isThere ? routes : [...routes, reference]
  return [first, ...others]
}

function splitPlace(name: string): Pick<Reference, 'registry' | 'path'> {
  const { registry, path } = unwrap(parseReference(name))
  return { registry, path }
}
