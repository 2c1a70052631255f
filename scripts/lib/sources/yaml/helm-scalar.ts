/** Words that helm does not read as text. Source: go-yaml v2, resolve.go. */
const words: ReadonlyMap<string, boolean | null | number> = new Map<
  string,
  boolean | null | number
>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map(
    (word) => [word, true] as const,
  ),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(
    (word) => [word, false] as const,
  ),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word) => [word, Infinity] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, -Infinity] as const),
])

/**
 * Resolves an unquoted scalar as helm does (sigs.k8s.io/yaml on go-yaml v2): the booleans and octal numbers of YAML
 * 1.1, `0o17` and `0b11`, underscores in numbers; dates and numbers with colons stay text. Compared with helm 4.2.4 in
 * `test/e2e/proof/helm-reader.test.ts`.
 */
export function resolveAsHelm(text: string): string | number | boolean | null {
  const word = words.get(text)
  if (word !== undefined) return word
  if (/^[-+\d]/.test(text)) return readNumber(text.replaceAll('_', '')) ?? text
  const isFloat = /^\.\d+(?:_\d+)*(?:[eE][-+]?\d+(?:_\d+)*)?$/.test(text)
  return (isFloat ? readFloat(text.replaceAll('_', '')) : undefined) ?? text
}

const float = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/

function readNumber(text: string): number | undefined {
  const [, sign = '', prefix = '', digits = ''] =
    /^([-+]?)(0[xXoObB]|0(?=\d))?(\w*)$/.exec(text) ?? []
  const base = bases.get(prefix.toLowerCase())
  if (base !== undefined && base.digits.test(digits)) {
    const magnitude = BigInt(base.spelled + digits)
    // Beyond 64 bits, it is a decimal float or text.
    if (magnitude <= (sign === '-' ? 1n << 63n : (1n << 64n) - 1n)) {
      return Number(sign === '-' ? -magnitude : magnitude)
    }
  }
  return float.test(text) ? readFloat(text) : undefined
}

/** Reads a float; returns undefined beyond 64 bits, which stays text. */
function readFloat(text: string): number | undefined {
  const value = Number(text)
  return Number.isFinite(value) ? value : undefined
}

const bases: ReadonlyMap<string, { readonly spelled: string; readonly digits: RegExp }> = new Map([
  ['', { spelled: '', digits: /^\d+$/ }],
  ['0', { spelled: '0o', digits: /^[0-7]+$/ }],
  ['0o', { spelled: '0o', digits: /^[0-7]+$/ }],
  ['0x', { spelled: '0x', digits: /^[\da-fA-F]+$/ }],
  ['0b', { spelled: '0b', digits: /^[01]+$/ }],
])

/**
 * Resolves an unquoted key as helm does: JSON has only text keys. Returns undefined for one that helm rejects, such as
 * null, and for a float that Go and JavaScript format differently. Source: sigs.k8s.io/yaml, `convertToJSONableObject`,
 * which writes floats with 32 bits.
 */
export function keyAsHelm(text: string): string | undefined {
  const key = resolveAsHelm(text)
  if (typeof key !== 'number') return key === null ? undefined : String(key)
  const isInteger = !/[.eE]/.test(text) || /^[-+]?0[xX]/.test(text)
  if (isInteger) return Number.isSafeInteger(key) ? String(key) : undefined
  const isPlain = Math.abs(key) >= 1e-4 && Math.abs(key) < 1e6
  return isPlain && Math.fround(Number(key.toPrecision(6))) === Math.fround(key)
    ? String(Number(key.toPrecision(6)))
    : undefined
}
