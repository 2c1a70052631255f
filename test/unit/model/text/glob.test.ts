import { expect, it } from 'vitest'
import { matchGlob, parseGlob } from '../../../../scripts/lib/model/text/glob.ts'

// What Go 1.26's filepath.Match says of each.
it.each<[string, string, boolean]>([
  ['abc', 'abc', true],
  ['*', 'abc', true],
  ['*c', 'abc', true],
  ['a*', 'a', true],
  ['a*', 'ab/c', false],
  ['a*/b', 'abc/b', true],
  ['a*/b', 'a/c/b', false],
  ['a*b*c*d*e*/f', 'axbxcxdxe/f', true],
  ['a*b*c*d*e*/f', 'axbxcxdxexxx/fff', false],
  ['a*b?c*x', 'abxbbxdbxebxczzx', true],
  ['a*b?c*x', 'abxbbxdbxebxczzy', false],
  ['ab[c]', 'abc', true],
  ['ab[b-d]', 'abc', true],
  ['ab[^c]', 'abc', false],
  ['ab[^e-g]', 'abc', true],
  ['a\\*b', 'a*b', true],
  ['a\\*b', 'ab', false],
  ['a?b', 'a☺b', true],
  ['a[^a]b', 'a☺b', true],
  ['a???b', 'a☺b', false],
  ['[a-ζ]*', 'α', true],
  ['*[a-ζ]', 'A', false],
  ['a?b', 'a/b', false],
  ['a*b', 'a/b', false],
  ['[\\]a]', ']', true],
  ['[\\-]', '-', true],
  ['[x\\-]', 'x', true],
  ['[x\\-]', 'z', false],
  ['[\\-x]', 'a', false],
  ['*x', 'xxx', true],
  ['**', 'ab', true],
  ['', '', true],
  ['', 'a', false],
])('"%s" for "%s" is %s', (pattern, text, expected) => {
  const glob = parseGlob(pattern)
  expect(glob).toBeDefined()
  expect(matchGlob(glob ?? [], text)).toBe(expected)
})

it.each(['[]a]', '[-]', '[x-]', '[-x]', '[a-b-c]', '[', '[^', '[^bc', 'a[', 'a\\', '[]', '[^]'])(
  '"%s" is no pattern',
  (pattern) => {
    expect(parseGlob(pattern)).toBeUndefined()
  },
)

it('stars by the hundred take hardly any time', () => {
  const glob = parseGlob(`${'*a'.repeat(300)}b`)
  expect(matchGlob(glob ?? [], 'a'.repeat(4000))).toBe(false)
}, 5000)
