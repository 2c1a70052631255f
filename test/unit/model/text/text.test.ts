import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutMiddle } from '../../../../scripts/lib/model/text/cut.ts'
import { spliceText } from '../../../../scripts/lib/model/text/splice.ts'
import { beforeAny, trimEndOf, trimOf } from '../../../../scripts/lib/model/text/trim.ts'
import { matchesWildcard } from '../../../../scripts/lib/model/text/wildcard.ts'

describe('cutMiddle', () => {
  it('leaves a short text as it is', () => {
    expect(cutMiddle('short', 5)).toBe('short')
  })

  it('keeps the start and the end of a long one, and says that something is missing', () => {
    const text = `${'start '.repeat(10)}${'middle '.repeat(100)}${'end '.repeat(10)}`
    const cut = cutMiddle(text, 80)
    expect(cut).toMatch(/^start start .*left out.* end end $/)
    expect(cut.length).toBeLessThan(120)
  })

  it('never cuts a word in two, so that no half of a secret is left', () => {
    const secret = 'https://user:secret@example.com/'
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), (before, behind) => {
        const text = `${'a '.repeat(before)}${secret} ${'b '.repeat(behind)}`
        const cut = cutMiddle(text, 60)
        return cut.includes(secret) || !/secret|user/.test(cut)
      }),
    )
  })

  it('shows nothing of a long text that is one word', () => {
    expect(cutMiddle('x'.repeat(100), 50).trim()).toBe('[… text left out …]')
  })
})

describe('trimming', () => {
  it.each([
    [beforeAny('a/b?c', '?/'), 'a'],
    [beforeAny('abc', '/'), 'abc'],
    [trimEndOf('a//b//', '/'), 'a//b'],
    [trimEndOf('///', '/'), ''],
    [trimOf('//a/b//', '/'), 'a/b'],
  ])('%j', (trimmed, expected) => {
    expect(trimmed).toBe(expected)
  })
})

describe('spliceText', () => {
  it('replaces parts in any order', () => {
    const parts = [
      { start: 4, end: 5, text: 'E' },
      { start: 0, end: 2, text: '' },
      { start: 5, end: 5, text: '+' },
    ]
    expect(spliceText('abcdef', parts)).toBe('cdE+f')
  })
})

describe('matchesWildcard', () => {
  it.each([
    ['', '', true],
    ['a', '', false],
    ['abc', 'abc', true],
    ['abc', '*', true],
    ['abc', 'a*c', true],
    ['ac', 'a*c', true],
    ['a', 'a*a', false],
    ['abcb', 'a*b', true],
    ['v1.2', 'v1.*', true],
    ['v1x2', 'v1.*', false],
    ['latest', '*t*st*', true],
  ])('%j, %j: %s', (text, pattern, expected) => {
    expect(matchesWildcard(text, pattern)).toBe(expected)
  })

  it('agrees with a pattern of the language', () => {
    const word = fc.stringMatching(/^[ab*]{0,8}$/)
    fc.assert(
      fc.property(word, word, (first, pattern) => {
        const text = first.replaceAll('*', '')
        const expected = new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text)
        return matchesWildcard(text, pattern) === expected
      }),
    )
  })

  it('takes no time for many stars', { timeout: 20_000 }, () => {
    expect(matchesWildcard('a'.repeat(100_000), '*a'.repeat(50_000) + 'b')).toBe(false)
  })
})
