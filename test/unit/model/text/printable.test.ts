import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineOf } from '../../../../scripts/lib/model/text/line.ts'
import {
  escapeStrings,
  isPrintable,
  printable,
  printableLines,
} from '../../../../scripts/lib/model/text/printable.ts'

/** Every character that steers a terminal, turns text around, breaks a line or cannot be seen. */
const hidden: readonly (readonly [string, number, number])[] = [
  ['C0 controls', 0x00, 0x1f],
  ['DEL and C1 controls', 0x7f, 0x9f],
  ['the no-break space', 0xa0, 0xa0],
  ['the soft hyphen', 0xad, 0xad],
  ['the grapheme joiner', 0x34f, 0x34f],
  ['the Arabic letter mark', 0x61c, 0x61c],
  ['Hangul fillers', 0x115f, 0x1160],
  ['spaces of all widths', 0x2000, 0x200a],
  ['zero-width characters and marks', 0x200b, 0x200f],
  ['line and paragraph separators', 0x2028, 0x2029],
  ['embeddings and overrides', 0x202a, 0x202e],
  ['invisible operators and isolates', 0x2060, 0x206f],
  ['the blank Braille pattern', 0x2800, 0x2800],
  ['the wide Hangul filler', 0x3164, 0x3164],
  ['lone surrogates', 0xd800, 0xdfff],
  ['private use', 0xe000, 0xf8ff],
  ['variation selectors', 0xfe00, 0xfe0f],
  ['the byte order mark', 0xfeff, 0xfeff],
  ['annotation characters', 0xfff9, 0xfffb],
  ['noncharacters', 0xfffe, 0xffff],
  ['tag characters', 0xe0000, 0xe007f],
  ['more variation selectors', 0xe0100, 0xe01ef],
]

describe('printable', () => {
  it.each(hidden)('spells out %s', (_, first, last) => {
    for (let code = first; code <= last; code += 1) {
      const line = printable(`a${String.fromCodePoint(code)}b`)
      expect(line, code.toString(16)).toMatch(/^a\\(?:[nrt]|u[0-9a-f]{4}|u\{[0-9a-f]+\})b$/)
    }
  })

  it.each([
    ['x\u001b]0;title\u0007', String.raw`x\u001b]0;title\u0007`],
    ['one\r\ntwo\tthree', String.raw`one\r\ntwo\tthree`],
    ['\u{e0041}', String.raw`\u{e0041}`],
    ['::error::forged', String.raw`\u003a:error::forged`],
    ['  ::set-output name=x::y', String.raw`  \u003a:set-output name=x::y`],
    ['a ##vso[task.setvariable]b', String.raw`a \u0023#vso[task.setvariable]b`],
    ['##[group]', String.raw`\u0023#[group]`],
    ['##TeamCity[x]', String.raw`\u0023#TeamCity[x]`],
    ['"\u0338', String.raw`"\u0338`],
    ['\u0338x', String.raw`\u0338x`],
    [`z${'\u0301'.repeat(6)}`, `z${'\u0301'.repeat(4)}${String.raw`\u0301\u0301`}`],
  ])('%j → %s', (text, line) => {
    expect(printable(text)).toBe(line)
    expect(isPrintable(text)).toBe(false)
  })

  it.each([
    'error: image "quay.io/a/b:1" is missing; see a::b, ## and #[1]',
    'ünïcödé, e\u0301, Tiếng Việt, नमस्ते क्षत्रिय, ไทย กำลัง, שָׁלוֹם, 한글, 日本語',
    '✔ ✘ ≠ • → │ └─ █░ ⚠\ufe0f 🎉',
    String.raw`back\slash \u001b as it is`,
  ])('leaves %s', (text) => {
    expect(printable(text)).toBe(text)
    expect(isPrintable(text)).toBe(true)
  })

  it('makes lines that are printable, whatever is in them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const line of printableLines(text)) expect(isPrintable(line)).toBe(true)
        expect(isPrintable(lineOf(text))).toBe(true)
      }),
    )
  })

  it('needs time in proportion to the text', () => {
    const began = performance.now()
    for (const unit of ['\u001b', '\u0301', 'a\u0301', ':', '#', ' ', '\ufe0f']) {
      printable(unit.repeat(50_000))
    }
    expect(performance.now() - began).toBeLessThan(20_000)
  }, 60_000)
})

describe('escapeStrings', () => {
  it('changes nothing of what JSON means, and leaves nothing that steers', () => {
    const value = fc.jsonValue({ stringUnit: 'binary' })
    fc.assert(
      fc.property(value, (given) => {
        const json = escapeStrings(JSON.stringify(given, null, 2), 'json')
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(given)))
        expect(json.split('\n').every(isPrintable)).toBe(true)
      }),
    )
  })
})

describe('a line for people', () => {
  it('has an end', () => {
    const line = lineOf('x'.repeat(1_000_000))
    expect(line).toMatch(/^x+ … \(983616 more characters\)$/)
  })

  it('has no secrets in it', () => {
    expect(lineOf('at https://me:hunter2@h/x\u001b')).toBe(String.raw`at https://***@h/x\u001b`)
  })
})
