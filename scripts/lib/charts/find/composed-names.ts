import { parseReference } from '../../model/image/reference.ts'
import type { Composed, Piece } from './composed.ts'
import { hasHost } from './composed-map.ts'
import { joinParts } from './join-parts.ts'
import { isPlaceholder } from './token.ts'

/** A flag, variable or key with the location of its value. */
export interface Named extends Piece {
  readonly name: string
  readonly value: string
}

/** Endings of a name that hold an image's path. */
const pathEnding =
  /^(.*?)-?(?:(?:base-)?image-repository|(?:base-)?image-name|repository|repo|(?:base-)?image)$/
const registryEndings = ['registry', 'image-registry'] as const

/**
 * Finds images whose parts are set separately: `--x-image=a/b` with `--x-image-tag=1`, `X_REPOSITORY` with `X_TAG`, or
 * `x.repository` with `x.tag`, with or without a registry. Their names share a stem.
 */
export function findComposedNames(list: readonly Named[]): Composed[] {
  const byName = new Map(list.map((named) => [normal(named.name), named]))
  const lookUp = (stem: string, endings: readonly string[], except: Named) =>
    endings
      .map((ending) => byName.get(stem === '' ? ending : `${stem}-${ending}`))
      .find((named) => named !== undefined && named !== except && named.value !== '')
  return list.flatMap((named): Composed[] => {
    const name = normal(named.name)
    const stem = pathEnding.exec(name)?.[1]
    if (stem === undefined || named.value === '' || isPlaceholder(named.value)) return []
    const tag =
      lookUp(name, ['tag', 'version'], named) ??
      lookUp(stem, ['image-tag', 'tag', 'version', 'image-version'], named)
    const hasOwnTag = named.value.slice(named.value.lastIndexOf('/')).includes(':')
    if (tag === undefined || hasOwnTag) return []
    const registry = hasHost(named.value) ? undefined : lookUp(stem, registryEndings, named)
    const joint = tag.value.startsWith('sha256:') ? '@' : ':'
    const parts = [...(registry === undefined ? [] : [registry]), named, tag]
    const joints = registry === undefined ? [joint] : ['/', joint]
    const parsed = parseReference(
      joinParts(
        parts.map(({ value }) => value),
        joints,
      ),
    )
    return parsed.ok ? [{ pieces: parts, joints, reference: parsed.value, isSure: true }] : []
  })
}

/** Returns a name in one spelling: `--fooBar`, `FOO_BAR` and `foo.bar` are the same. */
function normal(name: string): string {
  return name
    .replace(/^-+/, '')
    .replaceAll(/([a-z\d])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[_.]/g, '-')
}

/** `key=value`, or `some.key: value` at the start of a line: single words with a colon are fields of nested YAML. */
const assignment =
  /^(?:[ \t]*([\w.-]{1,128})[ \t]*=|(\w{1,64}[._-][\w.-]{1,64}):)[ \t]*["']?([^\s"']+)["']?[ \t]*$/gm

/** Returns the assignments in a text, one per line. */
export function assignmentsIn(text: string, path: Piece['path']): Named[] {
  return Array.from(text.matchAll(assignment), (match) => {
    const [whole, name, key = '', value = ''] = match
    const start = match.index + whole.lastIndexOf(value)
    return { name: name ?? key, value, path, start, end: start + value.length }
  })
}
