import { createHash } from 'node:crypto'
import type { Manifest } from '../model/manifest.ts'
import { readJson } from '../model/tree/json.ts'

/** Where the data of a manifest stands in its file. */
export interface Place {
  readonly start: number
  readonly end: number
}

/** Finds the data of a manifest: the literal of a module, all of another file. Nothing for a module without one. */
export function literalOf(file: string, text: string): Place | undefined {
  if (!/\.[cm]?[jt]s$/.test(file)) return { start: 0, end: text.length }
  const start = text.indexOf('defineManifest({')
  const end = text.lastIndexOf(')')
  return start === -1 || end < start ? undefined : { start: start + 'defineManifest('.length, end }
}

/** Grows when what a manifest may hold changes: an older seal is then checked again. */
const format = 1

/** The hash by which a generated module vouches for its literal. */
export function sealOf(literal: string): string {
  return `sha256:${createHash('sha256').update(`${format}\n${literal}`).digest('hex')}`
}

/**
 * The data of a module that nobody has touched since it was generated and checked. Checking it again costs a quarter of
 * a second, most of it for loading the checker. Nothing when the seal is missing or broken.
 */
export function readSealed(file: string, text: string): Manifest | undefined {
  const seal = /^\/\/ seal (sha256:[0-9a-f]{64})$/m.exec(text)?.[1]
  const place = literalOf(file, text)
  if (seal === undefined || place === undefined) return undefined
  const literal = text.slice(place.start, place.end)
  if (sealOf(literal) !== seal) return undefined
  // What was generated under this seal was a manifest of this very format.
  const manifest: unknown = readJson(literal)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the seal
  return manifest as Manifest
}
