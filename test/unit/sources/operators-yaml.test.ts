import { join } from 'node:path'
import { writeFileSync } from 'node:fs'
import { expect, describe, it, test } from 'vitest'
import { loadOperators, parseOperatorsYaml } from '../../../scripts/lib/sources/operators-yaml.ts'
import { makeTempFolder } from '../support/temp-folder.ts'

const head = `operators:
  - chart: op
    addresses: [example.com/op]
    pulls: nodes
    decidedBy: the field
    source: https://example.com/op
`
const release = `    releases:
      - versions: '>=1.0.0 <2'
        source: https://example.com/release
        images:
`
const image = `          - repository: quay.io/e/node
            tag: 'v{app}'
            when: always
`

const parse = (text: string) => parseOperatorsYaml({ file: 'operators.yaml', text })

describe('the catalog of operators', () => {
  it('is read into its normal form', () => {
    const rest =
      '            field: Node spec.image\n            if: { a.enabled: true, b: word }\n            leaves: { a.image: repository }\n'
    expect(parse(head + release + image + rest)).toEqual({
      ok: true,
      value: [
        {
          chart: 'op',
          addresses: ['example.com/op'],
          pulls: 'nodes',
          decidedBy: 'the field',
          source: 'https://example.com/op',
          releases: [
            {
              versions: '>=1.0.0 <2',
              source: 'https://example.com/release',
              images: [
                {
                  repository: 'quay.io/e/node',
                  tag: 'v{app}',
                  when: 'always',
                  field: 'Node spec.image',
                  leaves: [{ path: ['a', 'image'], role: 'repository' }],
                  systems: [],
                  conditions: [
                    { path: ['a', 'enabled'], value: true },
                    { path: ['b'], value: 'word' },
                  ],
                },
              ],
            },
          ],
        },
      ],
    })
  })

  it('spells out the registry of a short name', () => {
    expect(parse(head + release + image.replace('quay.io/e/node', 'busybox'))).toMatchObject({
      value: [{ releases: [{ images: [{ repository: 'docker.io/library/busybox' }] }] }],
    })
  })

  it.each<readonly [string, string, string]>([
    [
      'a repository with a tag',
      head + release + image.replace('e/node', 'e/node:1'),
      'operators.yaml:11:25: operators.0.releases.0.images.0.repository: "quay.io/e/node:1" is not a repository',
    ],
    [
      'a tag with an unknown placeholder',
      head + release + image.replace('{app}', '{version}'),
      'operators.yaml:12:18: operators.0.releases.0.images.0.tag: "v{version}" is not a tag; its placeholders are {app}',
    ],
    ['a tag that is a number', head + release + image.replace("'v{app}'", '1.10'), 'quoted string'],
    [
      'an operating system that is not listed',
      head + release + image.replace('{app}', '{os}'),
      'a tag with {os} needs "systems"',
    ],
    [
      'a range that is none',
      head + release.replace('>=1.0.0 <2', 'new') + image,
      'operators.yaml:8:19: operators.0.releases.0.versions: "new" is not a range of versions',
    ],
    [
      'a source that is no address',
      head.replace('https://example.com/op', 'javascript:alert(1)'),
      'operators.yaml:6:13: operators.0.source: a source is an https:// URL',
    ],
    [
      'an address with a scheme',
      head.replace('[example.com/op]', "['https://example.com']"),
      'operators.yaml:3:17: operators.0.addresses.0: an address is a host and path in lower case',
    ],
    ['no address', head.replace('example.com/op]', ']'), 'operators.0.addresses'],
    [
      'a leaf in a list',
      `${head}${release}${image}            leaves: { 'a[0]': repository }\n`,
      'a leaf in a list cannot be set on its own',
    ],
    [
      'a leaf that names an object of the language',
      `${head}${release}${image}            leaves: { __proto__: repository }\n`,
      '"__proto__" cannot be a key here',
    ],
    [
      'an unknown key',
      `${head}    image: x\n`,
      'operators.yaml:7:5: operators.0.image: unknown key',
    ],
    [
      'an operator twice',
      head + head.replace('operators:\n', ''),
      '"op of example.com/op" is listed twice; the first is entry 1',
    ],
  ])('refuses %s, with its place', (_, text, message) => {
    const parsed = parse(text)
    expect(parsed.ok ? '' : parsed.problem.message).toContain(message)
  })
})

describe('the catalog is loaded', () => {
  test('from the kit, where each operator has a source', async () => {
    const operators = await loadOperators()
    expect(operators.length).toBeGreaterThanOrEqual(40)
    const names = operators.map(({ chart }) => chart)
    for (const name of ['gpu-operator', 'tigera-operator', 'cloudnative-pg', 'gateway-helm']) {
      expect(names).toContain(name)
    }
  })

  test('from another file', async () => {
    const file = join(makeTempFolder(), 'mine.yaml')
    writeFileSync(file, head)
    expect((await loadOperators(file)).map(({ chart }) => chart)).toEqual(['op'])
  })

  test('as nothing with "none"', async () => {
    expect(await loadOperators('none')).toEqual([])
  })

  test('not from a file that does not exist', async () => {
    await expect(loadOperators(join(makeTempFolder(), 'mine.yaml'))).rejects.toThrow(
      /catalog of operators ".*" cannot be read: it does not exist/,
    )
  })
})
