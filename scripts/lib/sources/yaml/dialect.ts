import type { DocumentOptions, ParseOptions, ScalarTag, SchemaOptions } from 'yaml'
import { keyAsHelm, resolveAsHelm } from './helm-scalar.ts'

/** By which rules a text is read. */
export interface Dialect {
  readonly options: ParseOptions & DocumentOptions & SchemaOptions
  /** Characters that end a line beside those of YAML 1.2. */
  readonly breaks: RegExp
  /** An unquoted `<<` takes the keys of other mappings in. */
  readonly merges: boolean
  readonly equalKeys: 'refuse' | 'take the last'
  /** What a text is when a tag says that it is none, where tags count. */
  readonly typeOf?: (text: string) => string | number | boolean | null
  /** The text of an unquoted key; nothing for one that cannot be a key. */
  readonly keyOf: (text: string, value: unknown) => string | undefined
}

function keyAsItIs(text: string, value: unknown): string | undefined {
  return value === null ? undefined : text
}

/** The kit's own files: YAML 1.2. */
export const kitDialect: Dialect = {
  options: { schema: 'core' },
  breaks: /(?!)/g,
  merges: false,
  equalKeys: 'refuse',
  keyOf: (_, value) => keyAsItIs(String(value), value),
}

/** Every scalar as the text that it is written as. */
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
 * Values as helm reads them: YAML 1.1 as go-yaml v2 has it. To it a carriage return alone, U+0085, U+2028 and U+2029
 * end lines, so that what looks like the rest of a comment may be a key; seen with helm 4.2.4.
 */
export const helmDialect: Dialect = {
  options: { schema: 'failsafe', customTags: [scalar] },
  breaks: /\r(?!\n)|[\u0085\u2028\u2029]/g,
  merges: true,
  equalKeys: 'refuse',
  typeOf: resolveAsHelm,
  keyOf: keyAsHelm,
}
