import { failure, type Result, success, usageProblem } from '../../model/problem.ts'
import { isOfKind, type TextKind } from '../../model/names/text-kind.ts'
import type { DefaultedFlag, Extras, Flag } from './flag.ts'

/** Maximum length of an item: longer than any realistic reference, name or pattern. */
const longestItem = 4_096

const plain = { isRepeatable: false, isNegated: false } as const

/** Refuses a value. The sentence states the expected value; the parser adds the flag's name. */
export function refuseValue(sentence: string): Result<never> {
  return failure(usageProblem(sentence))
}

/** Defines a flag without a value. */
export function toggle(about: string, extras: Extras = {}): Flag<boolean> {
  return { ...plain, ...extras, form: 'switch', placeholder: '', about, read: () => success(true) }
}

/** Defines a switch that is on unless `--no-<name>` is given. */
export function negated(about: string): DefaultedFlag<boolean> {
  return { ...toggle(about), isNegated: true, fallback: true, read: () => success(false) }
}

/** Defines a flag whose value is parsed by a function. */
export function parsed<T>(
  placeholder: string,
  about: string,
  read: Flag<T>['read'],
  extras: Extras = {},
): Flag<T> {
  return { ...plain, ...extras, form: 'value', placeholder, about, read }
}

/** Defines a flag with any text as its value. */
export function text(placeholder: string, about: string, extras?: Extras): Flag<string> {
  return parsed(placeholder, about, (given) => success(given), extras)
}

/** Defines a flag with text of a kind as its value. */
export function textOfKind(kind: TextKind, placeholder: string, about: string, extras?: Extras) {
  return parsed(placeholder, about, (given) => readOfKind(kind, given), extras)
}

export function readOfKind(kind: TextKind, given: string): Result<string> {
  return isOfKind(kind, given)
    ? success(given)
    : refuseValue(`It must be ${kind.what}: ${kind.rule}, such as ${kind.example}.`)
}

/** Defines a flag with an optional value; without one it is `true`. */
export function optionalText(
  placeholder: string,
  about: string,
  extras: Extras = {},
): Flag<string | true> {
  return {
    ...plain,
    ...extras,
    form: 'optional-value',
    placeholder,
    about,
    read: (given) => success(given),
  }
}

/** Defines a flag with one of several words as its value. */
export function choice<const Word extends string>(
  words: readonly Word[],
  placeholder: string,
  about: string,
  extras?: Extras,
): Flag<Word> {
  const read = (given: string) => readWord(words, given)
  return { ...parsed(placeholder, about, read, extras), choices: words }
}

export function readWord<Word extends string>(words: readonly Word[], given: string): Result<Word> {
  const word = words.find((one) => one === given)
  return word === undefined
    ? refuseValue(`Allowed choices are ${words.join(', ')}.`)
    : success(word)
}

/** Defines a flag with a whole number between two bounds, both included. */
export function wholeNumber(
  [minimum, maximum]: readonly [number, number],
  placeholder: string,
  about: string,
  extras?: Extras,
): Flag<number> {
  const read = (given: string) => {
    const value = Number(given)
    return /^\d+$/.test(given) && value >= minimum && value <= maximum
      ? success(value)
      : refuseValue(`It must be a whole number from ${minimum} to ${maximum}.`)
  }
  return parsed(placeholder, about, read, extras)
}

/** Defines a flag with a finite number of at least `minimum`; `isAbove` excludes `minimum` itself. */
export function decimal(
  minimum: number,
  placeholder: string,
  about: string,
  { isAbove = false, ...extras }: Extras & { readonly isAbove?: boolean } = {},
): Flag<number> {
  const read = (given: string) => {
    const value = Number(given)
    const isLarge = isAbove ? value > minimum : value >= minimum
    if (given.trim() !== '' && Number.isFinite(value) && isLarge) return success(value)
    return refuseValue(`It must be a number ${isAbove ? 'above' : 'of at least'} ${minimum}.`)
  }
  return parsed(placeholder, about, read, extras)
}

/** Defines a flag that may be repeated, each time with one or more values separated by commas. */
export function list(placeholder: string, about: string, extras?: Extras): Flag<readonly string[]> {
  return repeated(placeholder, about, extras, readItems)
}

/** Defines the same for texts of a kind. */
export function listOfKind(kind: TextKind, placeholder: string, about: string) {
  return repeated(placeholder, about, {}, (given) => {
    const items = readItems(given)
    if (!items.ok) return items
    const odd = items.value.map((item) => readOfKind(kind, item)).find(({ ok }) => !ok)
    return odd === undefined || odd.ok ? items : odd
  })
}

/** Defines a flag that may be repeated and whose values may contain commas. */
export function listOfWhole(placeholder: string, about: string, extras?: Extras) {
  return repeated(placeholder, about, extras, (given) => success([given]))
}

function readItems(given: string): Result<readonly string[]> {
  const items = given.split(',').filter((item) => item !== '')
  if (items.length === 0) return refuseValue('It must not be empty.')
  return items.some((item) => item.length > longestItem)
    ? refuseValue(`It must not be longer than ${longestItem} characters.`)
    : success(items)
}

function repeated(
  placeholder: string,
  about: string,
  extras: Extras = {},
  split: (given: string) => Result<readonly string[]>,
): Flag<readonly string[]> {
  const read = (given: string, earlier: readonly string[] = []): Result<readonly string[]> => {
    const items = split(given)
    return items.ok ? success([...earlier, ...items.value]) : items
  }
  return { ...plain, ...extras, form: 'value', placeholder, about, isRepeatable: true, read }
}
