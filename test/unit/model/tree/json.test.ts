import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson, readJson, writeJson } from '../../../../scripts/lib/model/tree/json.ts'
import { treeFrom, treeOf } from '../../../../scripts/lib/model/values/values.ts'

const written = (text: string) => {
  const json = writeJson(treeOf({ a: text }))
  return json.ok ? json.value : json.problem
}

describe('JSON for helm', () => {
  it.each([
    ['a line separator', '\u2028', String.raw`{"a":"\u2028"}`],
    ['a paragraph separator', '\u2029', String.raw`{"a":"\u2029"}`],
    ['a next line', '\u0085', String.raw`{"a":"\u0085"}`],
    ['a byte order mark', '\uFEFF', String.raw`{"a":"\ufeff"}`],
    ['a delete character', '\u007F', String.raw`{"a":"\u007f"}`],
    ['a control character', '\u0000', String.raw`{"a":"\u0000"}`],
    ['letters beyond ASCII', 'ü漢', String.raw`{"a":"\u00fc\u6f22"}`],
    ['a pair of surrogates, which go-yaml takes as it is alone', '\u{1F600}', '{"a":"\u{1F600}"}'],
    ['half a pair', '\uD800', 'unicode'],
    ['the other half', 'x\uDFFFy', 'unicode'],
    ['the halves in the wrong order', '\uDE00\uD83D', 'unicode'],
  ])('writes %s so that every reader sees the same', (_, text, expected) => {
    expect(written(text)).toBe(expected)
  })

  it('refuses half a pair in a key', () => {
    expect(writeJson(treeFrom([['\uD800', 1]]))).toEqual({ ok: false, problem: 'unicode' })
  })

  it('is read back as it was, and has no other line than its only one', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })),
        (entries) => {
          const tree = treeFrom(Object.entries(entries))
          const json = writeJson(tree)
          if (!json.ok) throw new Error(json.problem)
          expect(json.value).not.toMatch(/[\n\r\u0085\u2028\u2029\uFEFF]/)
          expect(readJson(json.value)).toEqual(tree)
        },
      ),
    )
  })
})

describe('JSON from outside', () => {
  it.each([
    ['no JSON', '{', 'syntax'],
    ['nothing', '', 'syntax'],
    ['a number that is too large', '[1e400]', 'number'],
    ['half a pair of surrogates', String.raw`["\ud800"]`, 'unicode'],
    ['lists in lists', '['.repeat(101) + ']'.repeat(101), 'depth'],
  ])('that is %s is refused', (_, text, fault) => {
    expect(parseJson(text)).toMatchObject({ ok: false, problem: { fault } })
    expect(readJson(text)).toBeUndefined()
  })
})
