import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../../scripts/lib/model/problem.ts'
import { parseAddonsValues } from '../../../../scripts/lib/sources/values/addons-values.ts'
import { finish } from '../../../../scripts/lib/steps/steps.ts'

const application = (parameter: object) =>
  `kind: Application\nmetadata: { name: a }\nspec: { source: { chart: a, repoURL: 'https://x.io', targetRevision: 1.0.0, helm: { parameters: [${JSON.stringify(parameter)}] } } }\n`

/** The values of an application with one parameter. */
function valuesOf(parameter: object): unknown {
  const source = { file: 'apps.yaml', text: application(parameter) }
  const [addon] = unwrap(finish(parseAddonsValues(source))).addons
  return JSON.parse(JSON.stringify(addon?.values))
}

describe('a parameter of Argo CD', () => {
  // What helm v4.2.4 reads with --set.
  it.each<readonly [string, unknown]>([
    ['False', false],
    ['fal\u017Fe', false],
    ['NULL', null],
    ['tru\\e', true],
    ['0', 0],
    ['-0', 0],
    ['+5', 5],
    ['-01', -1],
    ['01', '01'],
    ['9007199254740993', '9007199254740993'],
    ['1e3', '1e3'],
    [' true', ' true'],
    ['quay.io\\/e/x', 'quay.io/e/x'],
    ['a\\', 'a'],
    ['\\{a\\}', '{a}'],
    ['a}b', 'a}b'],
    ['[]', '[]'],
    ['{}', ['']],
    ['{a,,1,True}', ['a', '', 1, true]],
    ['{a\\,b,\\}}', ['a,b', '}']],
    ['{a{b}', ['a{b']],
  ])('reads the parameter %s as helm does', (text, expected) => {
    expect(valuesOf({ name: 'a', value: text })).toEqual({ a: expected })
  })

  it('reads the items of a list as text if that is forced', () => {
    expect(valuesOf({ name: 'a', value: '{1,null}', forceString: true })).toEqual({
      a: ['1', 'null'],
    })
  })

  it.each(['{a', '{a}b', '{a\\}'])('%s is refused, as helm does', (text) => {
    const source = { file: 'apps.yaml', text: application({ name: 'a', value: text }) }
    const { incomplete, addons } = unwrap(finish(parseAddonsValues(source)))
    expect(addons).toEqual([])
    expect(incomplete).toEqual([
      {
        path: 'spec.source',
        reason: expect.stringContaining('helm does not read this value of a parameter'),
      },
    ])
  })
})
