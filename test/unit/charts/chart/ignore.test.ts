import { expect, it } from 'vitest'
import { readIgnore } from '../../../../scripts/lib/charts/chart/ignore.ts'

it.each<[string, string, boolean, boolean]>([
  ['', 'templates/.swp', false, true],
  ['', 'templates/deep/.swp', false, false],
  ['', '.env', false, false],
  ['# *.env', '.env', false, false],
  ['*.env', 'deep/.env', false, true],
  ['deep/*.env', 'deep/.env', false, true],
  ['deep/*.env', 'other/deep/.env', false, false],
  ['/.env', '.env', false, true],
  ['/.env', 'deep/.env', false, false],
  ['docs/', 'docs', true, true],
  ['docs/', 'docs', false, false],
  ['\uFEFFdocs\r\n', 'docs', true, true],
  // Only the first mark is none of the rule, and only what Go takes for white space is trimmed.
  ['x\n\uFEFFdocs', 'docs', true, false],
  ['\uFEFF\uFEFFdocs', 'docs', true, false],
  ['docs\uFEFF', 'docs', true, false],
  ['\u0085docs\u2003\u0085', 'docs', true, true],
  // A negation leaves out everything else.
  ['!*.yaml', 'Chart.yaml', false, false],
  ['!*.yaml', 'README.md', false, true],
  ['!docs/', 'README.md', false, true],
])('"%s" for "%s" (folder: %s): %s', (text, path, isFolder, expected) => {
  expect(readIgnore(text)(path, isFolder)).toBe(expected)
})

it.each(['a/**/b', '[a', 'x\n\\'])('"%s" is refused, as helm rejects it', (text) => {
  expect(() => readIgnore(text)).toThrow(/its \.helmignore contains ".*", (?:but|which)/)
})

it('a file with thousands of rules is refused', () => {
  expect(() => readIgnore('a*b*c\n'.repeat(2_000))).toThrow(/more than 1000 rules/)
  expect(() => readIgnore(`*[${'a'.repeat(20_000)}]z`)).toThrow(/longer than 16384 characters/)
})
