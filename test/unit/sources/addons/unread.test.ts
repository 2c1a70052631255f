import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../../scripts/lib/model/problem.ts'
import { parseAddonsValues } from '../../../../scripts/lib/sources/values/addons-values.ts'
import { finish } from '../../../../scripts/lib/steps/steps.ts'

const read = (helm: string) => {
  const text = `kind: Application\nmetadata: { name: metrics }\nspec:\n  source:\n    chart: a\n    repoURL: https://x.io\n    helm:\n${helm}`
  return unwrap(finish(parseAddonsValues({ file: 'apps.yaml', text })))
}

describe('an add-on whose values are not all in its file', () => {
  it.each([
    ['a key', '      valuesObject: { "{{ .key }}": b }\n', ['{{ .key }}']],
    ['a key in text', '      values: |\n        {{ .key }}: b\n', ['{{ .key }}']],
    ['a key below', '      valuesObject: { a: { "x-{{ .key }}": b } }\n', ['x-{{ .key }}']],
    ['all of them', '      valuesObject: "{{ .all }}"\n', ['{{ .all }}']],
    [
      'the name of a parameter',
      '      parameters: [{ name: "a.{{ .p }}", value: b }]\n',
      ['a.{{ .p }}'],
    ],
    ['a parameter', '      parameters: ["{{ .p }}"]\n', ['{{ .p }}']],
    ['its parameters', '      parameters: "{{ .p }}"\n', ['{{ .p }}']],
    ['its values files', '      valueFiles: "{{ .files }}"\n', ['{{ .files }}']],
    ['files of parameters', '      fileParameters: "{{ .files }}"\n', ['{{ .files }}']],
  ])('says which values a template sets that is %s', (_, helm, names) => {
    const [addon] = read(helm).addons
    expect(addon?.unread).toMatchObject([{ kind: 'template', names }])
  })

  it('says which files of parameters are not here', () => {
    const [addon] = read('      fileParameters: [{ name: a, path: x/a.txt }]\n').addons
    expect(addon?.unread).toMatchObject([{ kind: 'value-files', names: ['x/a.txt'] }])
  })
})
