import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AddonsDesk, addonsText, openAddonsDesk } from '../support/charts/addons.ts'
import { startWorld, type World } from '../support/world.ts'

// The catalog is generated from a file alone: the world only provides a home and a folder, and gets no request.
let world: World
let desk: AddonsDesk

beforeAll(async () => {
  world = await startWorld({ images: [] })
  desk = await openAddonsDesk(world, 'desk')
  await desk.write('values.yaml', addonsText)
})
afterAll(() => world.close())

const generate = (...args: readonly string[]) => desk.run('generate-catalog.ts', args)
const read = (name: string) => readFile(desk.at(name), 'utf8')

test('one entry a release, sorted, with hosts and namespaces apart and versions as they are written', async () => {
  const { code, stdout, stderr } = await generate('--out', './catalog.yaml')
  expect(code, stderr).toBe(0)
  expect(stdout).toBe('')
  expect(stderr).toContain('! skipped addons.broken: chart "broken" has no repository\n')
  expect(stderr).toMatch(/23 add-ons written to \.\/catalog\.yaml\n$/)
  const text = await read('catalog.yaml')
  const releases = [...text.matchAll(/^ {4}release: (.*)$/gm)].map(([, release]) => release)
  expect(releases).toHaveLength(23)
  expect(releases).toEqual(releases.toSorted((a = '', b = '') => (a < b ? -1 : 1)))
  expect(text).toContain(`  - chart: karpenter
    repository: oci://public.ecr.aws
    oci_namespace: karpenter
    version: 1.3.0
    release: karpenter
`)
  expect(text).toContain(`  - chart: podinfo
    repository: oci://ghcr.io
    oci_namespace: stefanprodan/charts
    version: null
    release: podinfo
`)
  expect(text).toContain(`  - chart: argo-cd
    repository: https://argoproj.github.io/argo-helm
    oci_namespace: null
    version: 7.8.0
    release: argocd-staging
`)
  expect(world.sandbox.counters()).toEqual({})
})

test('the same add-ons in another order are the same file', async () => {
  const [first = '', ...rest] = addonsText.split(/(?=^older:)/m)
  const [older = '', nested = ''] = rest.join('').split(/(?=^nested:)/m)
  await desk.write('turned.yaml', nested + older + first)
  await generate('--out', './one.yaml')
  await generate('--values', './turned.yaml', '--out', './new/two.yaml')
  expect(await read('new/two.yaml')).toBe(await read('one.yaml'))
})

test('nothing left after filtering is an empty catalog, with a warning', async () => {
  const { code, stderr } = await generate('--out', './none.yaml', '--only-addon', 'karpentr')
  expect(code).toBe(0)
  expect(stderr).toContain('! --only-addon "karpentr" matches no chart; did you mean karpenter')
  expect(await read('none.yaml')).toBe('addons: []\n')
})

describe('exit code 1, with the place of the mistake', () => {
  test.for([
    ['tabs', 'addons:\n\tkeda: 1\n', /^error: bad\.yaml:2:1: /m],
    [
      'a key that is there twice',
      'addons: 1\naddons: 2\n',
      /^error: bad\.yaml:2:1: duplicate key "addons"/m,
    ],
    ['no YAML', 'addons: [}\n', /^error: bad\.yaml:1:\d+: /m],
    ['no add-ons', 'image: { repository: x }\n', /^error: bad\.yaml: no add-ons found/m],
  ] as const)('%s', async ([, text, says]) => {
    await desk.write('bad.yaml', text)
    const { code, stderr } = await generate('--values', 'bad.yaml', '--out', './bad-catalog.yaml')
    expect(code).toBe(1)
    expect(stderr).toMatch(says)
    await expect(read('bad-catalog.yaml')).rejects.toThrow('ENOENT')
  })

  test('no such file', async () => {
    const { code, stderr } = await generate('--values', 'nowhere.yaml', '--out', './x.yaml')
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^error: "nowhere\.yaml" cannot be read: it does not exist\n {2}→ specify a values file/m,
    )
  })

  test('a location that is not writable', async () => {
    const { code, stderr } = await generate('--out', './values.yaml/catalog.yaml')
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^error: cannot write to ".*": .*\n {2}→ choose another place with --out/m,
    )
  })
})

test('a missing --out is a usage error', async () => {
  const { code, stderr } = await generate()
  expect(code).toBe(2)
  expect(stderr).toMatch(/^error: missing --out\n {2}→ specify the catalog file to write/)
})
