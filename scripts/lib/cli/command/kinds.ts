import { failure, type Result, success, usageProblem } from '../../model/problem.ts'
import { isOfKind, type TextKind } from '../../model/names/text-kind.ts'
import type { DefaultedFlag, Extras, Flag } from './flag.ts'

/** Longer than any reference, name or pattern that people write. */
const longestItem = 4_096

const plain = { isRepeatable: false, isNegated: false } as const

/** Refuses a value. The sentence says what it must be; the parser adds the flag's name. */
export function refuse(sentence: string): Result<never> {
  return failure(usageProblem(sentence))
}

/** A flag without a value. */
export function toggle(about: string, extras: Extras = {}): Flag<boolean> {
  return { ...plain, ...extras, form: 'switch', placeholder: '', about, read: () => success(true) }
}

/** A switch that is on unless `--no-<name>` is given. */
export function negated(about: string): DefaultedFlag<boolean> {
  return { ...toggle(about), isNegated: true, fallback: true, read: () => success(false) }
}

/** A flag whose value is read by a function. */
export function parsed<T>(
  placeholder: string,
  about: string,
  read: (text: string) => Result<T>,
  extras: Extras = {},
): Flag<T> {
  return { ...plain, ...extras, form: 'value', placeholder, about, read }
}

/** A flag with any text as its value. */
export function text(placeholder: string, about: string, extras?: Extras): Flag<string> {
  return parsed(placeholder, about, (given) => success(given), extras)
}

/** A flag with text of a kind as its value. */
export function textOfKind(kind: TextKind, placeholder: string, about: string, extras?: Extras) {
  return parsed(placeholder, about, (given) => readOfKind(kind, given), extras)
}

export function readOfKind(kind: TextKind, given: string): Result<string> {
  return isOfKind(kind, given)
    ? success(given)
    : refuse(`It must be ${kind.what}: ${kind.rule}, such as ${kind.example}.`)
}

/** A flag whose value may be left out; it is `true` then. */
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

/** A flag with one of a few words as its value. */
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
  return word === undefined ? refuse(`Allowed choices are ${words.join(', ')}.`) : success(word)
}

/** A flag with a whole number within bounds, both included, as its value. */
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
      : refuse(`It must be a whole number from ${minimum} to ${maximum}.`)
  }
  return parsed(placeholder, about, read, extras)
}

/** A flag with a finite number as its value, from `minimum` on; `isAbove` excludes `minimum` itself. */
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
    return refuse(`It must be a number ${isAbove ? 'above' : 'of at least'} ${minimum}.`)
  }
  return parsed(placeholder, about, read, extras)
}

/** A flag that may be repeated, each time with one value or several separated by commas. */
export function list(placeholder: string, about: string, extras?: Extras): Flag<readonly string[]> {
  return repeated(placeholder, about, extras, readItems)
}

/** The same for texts of a kind. */
export function listOfKind(kind: TextKind, placeholder: string, about: string) {
  return repeated(placeholder, about, {}, (given) => {
    const items = readItems(given)
    if (!items.ok) return items
    const odd = items.value.map((item) => readOfKind(kind, item)).find(({ ok }) => !ok)
    return odd === undefined || odd.ok ? items : odd
  })
}

/** A flag that may be repeated and whose commas belong to the value. */
export function listOfWhole(placeholder: string, about: string, extras?: Extras) {
  return repeated(placeholder, about, extras, (given) => success([given]))
}

function readItems(given: string): Result<readonly string[]> {
  const items = given.split(',').filter((item) => item !== '')
  if (items.length === 0) return refuse('It must not be empty.')
  return items.some((item) => item.length > longestItem)
    ? refuse(`It must not be longer than ${longestItem} characters.`)
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
