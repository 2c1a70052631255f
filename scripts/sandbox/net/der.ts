/** The few DER building blocks (ITU-T X.690) that a certificate needs; Node reads certificates but writes none. */

function encodeLength(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length)
  const hex = length.toString(16)
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
  return Buffer.concat([Buffer.of(0x80 | bytes.length), bytes])
}

/** One element: tag, length, content. */
export function element(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content)
  return Buffer.concat([Buffer.of(tag), encodeLength(body.length), body])
}

export const sequence = (...items: readonly Buffer[]): Buffer => element(0x30, ...items)
export const set = (...items: readonly Buffer[]): Buffer => element(0x31, ...items)
export const octets = (content: Buffer): Buffer => element(0x04, content)
export const boolean = (value: boolean): Buffer => element(0x01, Buffer.of(value ? 0xff : 0))
export const utf8 = (text: string): Buffer => element(0x0c, Buffer.from(text))

/** A positive integer, big-endian; a leading zero keeps the sign bit clear. */
export function integer(value: Buffer): Buffer {
  const first = value[0] ?? 0
  return element(0x02, first & 0x80 ? Buffer.concat([Buffer.of(0), value]) : value)
}

export function bits(content: Buffer, unused = 0): Buffer {
  return element(0x03, Buffer.of(unused), content)
}

/** A dotted object identifier such as `2.5.29.17`. */
export function identifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second]
  for (const part of rest) {
    const groups = [part & 0x7f]
    for (let value = part >>> 7; value > 0; value >>>= 7) groups.unshift((value & 0x7f) | 0x80)
    bytes.push(...groups)
  }
  return element(0x06, Buffer.from(bytes))
}

/** GeneralizedTime would do after 2049; UTCTime is what RFC 5280 asks for until then. */
export function time(date: Date): Buffer {
  const digits = date.toISOString().replaceAll(/[-:T]|\.\d+/g, '')
  return element(0x17, Buffer.from(digits.slice(2)))
}
