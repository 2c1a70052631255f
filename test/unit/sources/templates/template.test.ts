import { describe, expect, it } from 'vitest'
import { templateFinder } from '../../../../scripts/lib/sources/templates/template.ts'
import { readTemplatedYaml } from '../../../../scripts/lib/sources/values/templated-yaml.ts'

/** The text of the template that begins at an offset. */
function templateAt(text: string, start = 0): string | undefined {
  const found = templateFinder(text)(start)
  return found && text.slice(found.start, found.end)
}

/** Every template of a text, from the first on. */
function templatesOf(text: string): string[] {
  const find = templateFinder(text)
  const found: string[] = []
  for (let start = text.indexOf('{{'); start !== -1;) {
    const end = find(start)?.end ?? start + 2
    if (end > start + 2) found.push(text.slice(start, end))
    start = text.indexOf('{{', end)
  }
  return found
}

describe('A template ends', () => {
  it.each([
    ['behind braces in a string', '{{ "}}" }} }}', '{{ "}}" }}'],
    ['behind braces in a raw string', '{{ `}}\n}}` }}', '{{ `}}\n}}` }}'],
    ['behind braces in a comment', '{{/* }} */}} }}', '{{/* }} */}}'],
    ['behind an escaped quote', '{{ "\\"}}" }}', '{{ "\\"}}" }}'],
    ['at the next braces when a quote never closes', '{{ "a }} "\n', '{{ "a }}'],
    ['at the next braces when a raw quote never closes', '{{ ` }} x', '{{ ` }}'],
    ['at the next braces when a comment never closes', '{{/* }} x', '{{/* }}'],
    ['at the braces behind a quote that its line does not close', '{{ "a\n}} x', '{{ "a\n}}'],
  ])('%s', (_, text, expected) => {
    expect(templateAt(text)).toBe(expected)
  })
})

/** Beginnings from each of which a search runs to the limit of a template, because all closing braces are in strings or comments. */
const broken: readonly (readonly [string, string])[] = [
  ['braces in strings', '{{"\\"}}"'],
  ['comments', '{{/* }}'],
]

/** Milliseconds after which a search hangs that should take some; without a bound it takes a minute and more. */
const hang = 15_000

describe('Templates that never close are gone through in linear time', () => {
  it.each(broken)('with %s', { timeout: hang }, (_, part) => {
    expect(templatesOf(part.repeat(700_000))).toHaveLength(700_000)
  })

  it.each(broken)('with %s, when they are read as YAML', { timeout: hang }, (_, part) => {
    const read = readTemplatedYaml({ file: 'f.yaml', text: `a: [${part.repeat(100_000)}` })
    expect(read.ok).toBe(false)
  })
})

describe('What a text may be searched for is used up by broken templates alone', () => {
  const last = '{{ "}}" }}'

  it('behind many whole ones, strings are still known', () => {
    const text = `${'{{ "}}" | quote }} {{/* }} */}} '.repeat(20_000)}${last}`
    const found = templatesOf(text)
    expect(found).toHaveLength(40_001)
    expect(found.at(-1)).toBe(last)
  })

  it('behind some broken ones, strings are still known', () => {
    const text = `${'{{ ` }} '.repeat(10)}${'x'.repeat(100)}${last}`
    expect(templatesOf(text).at(-1)).toBe(last)
  })

  it('behind many broken ones, a template ends at its next braces', () => {
    const text = `${'{{/* }} '.repeat(50_000)}${last}`
    expect(templatesOf(text).at(-1)).toBe('{{ "}}')
  })
})
