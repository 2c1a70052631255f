import type { Result } from '../../model/problem.ts'

/** Optional properties of every flag. */
export interface Extras {
  /** A single letter: `f` for `-f`. */
  readonly short?: string
  /** Text for the default in help, if the flag has no default value. */
  readonly defaultText?: string
  /** Names of flags of which at least one must also be given. */
  readonly requires?: readonly string[]
  /** Names of flags that cannot be combined with this one. */
  readonly conflicts?: readonly string[]
}

/** One flag of a command as a value: the parser, the help and the command reference are generated from it. */
export interface Flag<T> extends Extras {
  readonly form: 'switch' | 'value' | 'optional-value'
  /** Describes the flag, as a phrase without a full stop. */
  readonly about: string
  /** Placeholder of the value in help: `file` for `<file>`. */
  readonly placeholder: string
  readonly choices?: readonly string[]
  readonly isRepeatable: boolean
  /** True for a switch that is on unless it is given as `--no-…`. */
  readonly isNegated: boolean
  /** The heading of the flag in help. */
  readonly group?: string
  /** The default value. */
  readonly fallback?: T
  /**
   * Parses one occurrence. `earlier` is the result of the occurrences before it. The message of a failure is a sentence
   * that states the expected value.
   */
  read(text: string, earlier: T | undefined): Result<T>
}

/** A flag with a default value. */
export interface DefaultedFlag<T> extends Flag<T> {
  readonly fallback: T
}

/** The flags of a command by their name in code: `repoTag` is `--repo-tag`. */
export type Flags = Readonly<Record<string, Flag<unknown>>>

type ValueOf<F> = F extends Flag<infer T> ? T : never
type Defaulted<F extends Flags> = {
  [Name in keyof F]: F[Name] extends DefaultedFlag<unknown> ? Name : never
}[keyof F]

/** The values of flags. Flags without a default are absent unless they are given. */
export type FlagValues<F extends Flags> = {
  readonly [Name in Defaulted<F>]: ValueOf<F[Name]>
} & { readonly [Name in Exclude<keyof F, Defaulted<F>>]?: ValueOf<F[Name]> }

/** Returns a flag with a default value. `text` describes the default in help. */
export function withDefault<T>(flag: Flag<T>, fallback: T, text?: string): DefaultedFlag<T> {
  return { ...flag, fallback, ...(text !== undefined && { defaultText: text }) }
}

/** Returns flags under a heading of the help. */
export function group<F extends Flags>(heading: string, flags: F): F {
  return mapFlags(flags, (flag) => ({ ...flag, group: heading }))
}

/** Returns flags that require at least one of some other flags. */
export function requiring<F extends Flags>(needs: readonly string[], flags: F): F {
  return mapFlags(flags, (flag) => ({ ...flag, requires: needs }))
}

function mapFlags<F extends Flags>(flags: F, change: (flag: Flag<unknown>) => Flag<unknown>): F {
  const changed = Object.entries(flags).map(([name, flag]) => [name, change(flag)] as const)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the names and the values' types stay
  return Object.fromEntries(changed) as F
}

/** Returns the flag as it is typed: `--repo-tag`, or `--no-check` for a negated switch. */
export function longName(name: string, { isNegated }: Pick<Flag<unknown>, 'isNegated'>): string {
  const words = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  return `--${isNegated ? 'no-' : ''}${words}`
}

/** Returns the flag with its value, as shown in help: `-f, --values <file>`. */
export function usageOf(name: string, flag: Flag<unknown>): string {
  const { form, short, placeholder } = flag
  const names = [...(short === undefined ? [] : [`-${short}`]), longName(name, flag)].join(', ')
  if (form === 'switch') return names
  return form === 'value' ? `${names} <${placeholder}>` : `${names} [${placeholder}]`
}

/** Returns a flag's description in help: its purpose, whether it may be repeated, its choices and its default. */
export function explain({
  about,
  choices,
  fallback,
  defaultText,
  isRepeatable,
  isNegated,
}: Flag<unknown>): string {
  const isShown = typeof fallback === 'string' || typeof fallback === 'number'
  const standard = defaultText ?? (isShown && !isNegated ? String(fallback) : '')
  const notes = [
    ...(isRepeatable ? ['repeatable'] : []),
    ...(choices === undefined ? [] : [`one of ${choices.join(', ')}`]),
    ...(standard === '' ? [] : [`default: ${standard}`]),
  ]
  return notes.length === 0 ? about : `${about} (${notes.join('; ')})`
}
