import type { DocumentOptions, ParseOptions, ScalarTag, SchemaOptions } from 'yaml'
import { keyAsHelm, resolveAsHelm } from './helm-scalar.ts'

/** The rules for reading a text. */
export interface Dialect {
  readonly options: ParseOptions & DocumentOptions & SchemaOptions
  /** Characters that end a line in addition to those of YAML 1.2. */
  readonly breaks: RegExp
  /** An unquoted `<<` merges the keys of other mappings. */
  readonly merges: boolean
  readonly equalKeys: 'refuse' | 'take the last'
  /** Converts text whose tag says that it is not a string, if tags count. */
  readonly typeOf?: (text: string) => string | number | boolean | null
  /** Returns the text of an unquoted key; undefined for one that cannot be a key. */
  readonly keyOf: (text: string, value: unknown) => string | undefined
}

function keyAsItIs(text: string, value: unknown): string | undefined {
  return value === null ? undefined : text
}

/** The dialect of our own files: YAML 1.2. */
export const kitDialect: Dialect = {
  options: { schema: 'core' },
  breaks: /(?!)/g,
  merges: false,
  equalKeys: 'refuse',
  keyOf: (_, value) => keyAsItIs(String(value), value),
}

/** Reads every scalar as its literal text. */
export const verbatimDialect: Dialect = {
  options: { schema: 'failsafe' },
  breaks: /(?!)/g,
  merges: true,
  equalKeys: 'refuse',
  keyOf: keyAsItIs,
}

const scalar: ScalarTag = {
  tag: 'tag:yaml.org,2002:helm',
  default: true,
  test: /^/,
  resolve: resolveAsHelm,
}

/**
 * Values as helm reads them: YAML 1.1 as implemented by go-yaml v2. A lone carriage return, U+0085, U+2028 and U+2029
 * end lines, so apparent comment text may be a key; seen with helm 4.2.4.
 */
export const helmDialect: Dialect = {
  options: { schema: 'failsafe', customTags: [scalar] },
  breaks: /\r(?!\n)|[\u0085\u2028\u2029]/g,
  merges: true,
  equalKeys: 'refuse',
  typeOf: resolveAsHelm,
  keyOf: keyAsHelm,
}
