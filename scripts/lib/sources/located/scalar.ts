/** A scalar as helm reads it, with the Go type that decides how it is written as a key. */
export type HelmScalar =
  | { readonly type: 'null'; readonly value: null }
  | { readonly type: 'bool'; readonly value: boolean }
  /** `exact` has all digits; `value` is the number in helm's JSON. */
  | { readonly type: 'int'; readonly value: number; readonly exact: bigint }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'text'; readonly value: string }

const trueWords = ['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON']
const falseWords = ['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF']
const nullWords = ['', '~', 'null', 'Null', 'NULL']
const infinities = ['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF']

const words: ReadonlyMap<string, HelmScalar> = new Map<string, HelmScalar>([
  ...trueWords.map((word) => [word, { type: 'bool', value: true }] as const),
  ...falseWords.map((word) => [word, { type: 'bool', value: false }] as const),
  ...nullWords.map((word) => [word, { type: 'null', value: null }] as const),
  ...infinities.map((word) => [word, { type: 'float', value: Infinity }] as const),
  ...['-.inf', '-.Inf', '-.INF'].map(
    (word) => [word, { type: 'float', value: -Infinity }] as const,
  ),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, { type: 'float', value: Number.NaN }] as const),
])

const decimalFloat = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/
/** Go requires every underscore in a float that starts with a point to be between two digits. */
const pointFirst = /^\.\d+(?:_\d+)*(?:[eE][-+]?\d+(?:_\d+)*)?$/

/**
 * Resolves a scalar without quotes and tag, as helm does: YAML 1.1 with `0o17`, without dates and numbers with colons.
 * Source: go-yaml v2, resolve.go, in sigs.k8s.io/yaml; compared with helm 4.2.4 in
 * `test/e2e/proof/helm-values.test.ts`.
 */
export function resolveScalar(text: string): HelmScalar {
  const word = words.get(text)
  if (word !== undefined) return word
  const first = text.charCodeAt(0)
  if (first === 0x2e && pointFirst.test(text)) return readFloat(text.replaceAll('_', ''), text)
  const isDigit = first >= 0x30 && first <= 0x39
  if (!isDigit && first !== 0x2b && first !== 0x2d) return { type: 'text', value: text }
  const digits = text.replaceAll('_', '')
  const exact = readInteger(digits)
  if (exact !== undefined) return { type: 'int', value: Number(exact), exact }
  return decimalFloat.test(digits) ? readFloat(digits, text) : { type: 'text', value: text }
}

/** Reads a float. One that Go cannot represent, such as 1e400, stays text. */
function readFloat(digits: string, text: string): HelmScalar {
  const value = Number(digits)
  return Number.isFinite(value) ? { type: 'float', value } : { type: 'text', value: text }
}

const notations: readonly (readonly [pattern: RegExp, prefix: string])[] = [
  [/^0[xX]([\da-fA-F]+)$/, '0x'],
  [/^0[bB]([01]+)$/, '0b'],
  [/^0[oO]?([0-7]+)$/, '0o'],
  [/^(0|[1-9]\d*)$/, ''],
]

const largest = 2n ** 64n - 1n
const smallest = -(2n ** 63n)

/** Reads a 64-bit integer in Go's notation; a larger one is a float or text. */
function readInteger(text: string): bigint | undefined {
  // A sign after the binary prefix is a go-yaml quirk: `0b-101` is -5.
  const odd = /^0b([-+])([01]+)$/.exec(text)
  const signed = odd === null ? /^([-+]?)(\w+)$/.exec(text) : odd
  const [, sign = '', unsigned = ''] = signed ?? []
  const all = odd === null ? notations : [[/^([01]+)$/, '0b'] as const]
  for (const [pattern, prefix] of all) {
    const digits = pattern.exec(unsigned)?.[1]
    // Maximum digits of a 64-bit integer in any notation.
    if (digits === undefined || digits.replace(/^0+/, '').length > 64) continue
    const magnitude = BigInt(prefix + digits)
    const number = sign === '-' ? -magnitude : magnitude
    const isInRange = number >= smallest && number <= (sign === '' ? largest : -smallest - 1n)
    return isInRange ? number : undefined
  }
  return undefined
}

/**
 * Returns the key that helm makes of a scalar: its values are JSON, whose keys are text. Returns undefined for a key
 * that helm rejects: a null, and an integer above 63 bits.
 */
export function keyOfScalar(scalar: HelmScalar): string | undefined {
  switch (scalar.type) {
    case 'text':
      return scalar.value
    case 'bool':
      return String(scalar.value)
    case 'int':
      return scalar.exact > -smallest - 1n ? undefined : String(scalar.exact)
    case 'float':
      return formatFloat(scalar.value)
    case 'null':
      return undefined
  }
}

/**
 * Formats a float as Go writes a 32-bit float in its shortest form: `1e6` is `1e+06`. Source: sigs.k8s.io/yaml,
 * yaml.go.
 */
function formatFloat(value: number): string {
  const single = Math.fround(value)
  if (Number.isNaN(single)) return '.nan'
  if (!Number.isFinite(single)) return single > 0 ? '.inf' : '-.inf'
  if (single === 0) return Object.is(single, -0) ? '-0' : '0'
  let shortest = single.toExponential()
  for (let digits = 0; digits < 9; digits += 1) {
    const candidate = single.toExponential(digits)
    if (Math.fround(Number(candidate)) !== single) continue
    shortest = candidate
    break
  }
  const [mantissa = '', power = '0'] = shortest.split('e')
  const exponent = Number(power)
  // Go switches to exponents at six digits, however many the number has.
  if (exponent >= -4 && exponent < 6) {
    return single < 0 ? `-${expand(mantissa.slice(1), exponent)}` : expand(mantissa, exponent)
  }
  const sign = exponent < 0 ? '-' : '+'
  return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`
}

/** Returns a mantissa such as 1.25 with its exponent as a plain decimal number. */
function expand(mantissa: string, exponent: number): string {
  const digits = mantissa.replace('.', '')
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0')
  const fraction = digits.slice(exponent + 1)
  return fraction === '' ? whole : `${whole}.${fraction}`
}
