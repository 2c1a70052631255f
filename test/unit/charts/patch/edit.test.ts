import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { bumpText, parseBump } from '../../../../scripts/lib/manifest/bump.ts'
import { annotateChart, overlayValues } from '../../../../scripts/lib/charts/patch/overlay.ts'
import { unwrap } from '../../../../scripts/lib/model/problem.ts'
import { treeOf, type TreeLiteral } from '../../../../scripts/lib/model/values/values.ts'

describe('overlayValues', () => {
  it('replaces scalars in their place and keeps all else, comments and layout included', () => {
    const text =
      '# top\nimage:   # of the app\n    repository: quay.io/o/a   # here\n    tag: "1"\nlist: [ 1,2 ]\n'
    expect(overlayValues(text, treeOf({ image: { repository: 'r.example.com/o/a' } }))).toBe(
      text.replace('quay.io/o/a', 'r.example.com/o/a'),
    )
  })

  it.each<[string, string, TreeLiteral]>([
    ['an empty value', 'image:\n  registry:\n  tag: 1\n', { image: { registry: 'r.io' } }],
    ['a null', 'image: ~\n', { image: { registry: 'r.io' } }],
    ['a quoted value', "image: { registry: 'quay.io' }\n", { image: { registry: 'r.io' } }],
    ['an empty string', 'registry: ""\n', { registry: 'r.io' }],
    ['a missing key', 'a: 1\n', { global: { imageRegistry: 'r.io' } }],
    ['a whole list', 'list:\n  - image: a\n', { list: [{ image: 'r.io/a' }] }],
    ['a switch', 'allow: false\n', { allow: true }],
    ['a file without values', '', { registry: 'r.io' }],
  ])('sets %s', (_, text, values) => {
    expect(parse(overlayValues(text, treeOf(values)))).toMatchObject(values)
  })
})

describe('annotateChart', () => {
  it('says what was changed and from what, beside the annotations that are there', () => {
    const text = 'name: a # the name\nversion: 1.0.0\nannotations:\n  x: y\n'
    const annotated = annotateChart(text, ['values.yaml', 'templates/a.yaml'], 'sha256:1')
    expect(annotated).toContain('name: a # the name')
    expect(parse(annotated)).toMatchObject({
      annotations: {
        x: 'y',
        'ecr-airlift/source-digest': 'sha256:1',
        'ecr-airlift/changed': 'values.yaml, templates/a.yaml',
      },
    })
  })
})

describe('bumpText', () => {
  const text = `charts:
  # the first
  - { name: a, version: "1.0.0" } # kept
  - name:  b
    version:   '1.17.2'   # pinned
    published: 'v1.17.2'
`
  it.each([
    ['a', '1.1.0', text.replace('"1.0.0"', '"1.1.0"')],
    ['b', 'v1.18.0', text.replace("'1.17.2'", "'1.18.0'").replace("'v1.17.2'", "'v1.18.0'")],
  ])('changes the version of %s to %s and nothing else', (name, version, expected) => {
    expect(unwrap(bumpText(text, { name, version }))).toBe(expected)
  })

  it('refuses a chart that is not there', () => {
    expect(bumpText(text, { name: 'c', version: '1.0.0' })).toMatchObject({ ok: false })
  })

  it.each(['a', 'a=', 'a=1.0', '=1.0.0'])('refuses --bump %j', (given) => {
    expect(parseBump(given).ok).toBe(false)
  })
})
