import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { plainChart } from '../support/charts/addon-charts.ts'
import {
  type AddonsDesk,
  openAddonsDesk,
  readReport,
  renderedImages,
} from '../support/charts/addons.ts'
import { logIn } from '../support/bootstrap/login.ts'
import { deployment, startPublished } from '../support/charts/published.ts'
import type { World } from '../support/world.ts'
import { described, images, repository } from './output-charts.ts'

// Several releases of one chart: each is rendered and proven as it is installed.
let world: World
let desk: AddonsDesk

const app = 'quay.io/example/app:1.2.3'
const hidden = 'quay.io/example/app:2.0.0'
const when = (condition: string, image: string) =>
  `{{ if ${condition} }}\n${deployment('other', [image])}{{ end }}\n`
const charts = [
  described,
  plainChart('by-name', '1.0.0', app, {
    'templates/other.yaml': when('eq .Release.Name "two"', hidden),
  }),
  plainChart('by-namespace', '1.0.0', app, {
    'templates/other.yaml': when('eq .Release.Namespace "two"', hidden),
  }),
]

beforeAll(async () => {
  world = await startPublished(
    charts.map((files) => ({ repository, files })),
    images,
  )
  desk = await openAddonsDesk(world, 'desk')
  await logIn(world)
})
afterAll(() => world.close())

const scan = async (addons: Readonly<Record<string, object>>) => {
  await desk.write('values.yaml', stringify(addons))
  const result = await desk.sync(['--scan-only', '--no-check', '--output', 'json'])
  expect(result.code, result.stderr).toBe(0)
  return readReport(result).addons
}
const release = (chart: string, releaseName: string, more: object = {}) => ({
  chart,
  repoUrl: repository,
  targetRevision: '1.0.0',
  releaseName,
  ...more,
})

test('releases of one name have values files of their own, whatever their paths have in common', async () => {
  const sidecar = (tag: string) => ({
    extraContainers: [{ name: 'sidecar', image: `ghcr.io/example/sidecar:${tag}` }],
  })
  const own = new Map([
    ['first', sidecar('0.4.0')],
    ['a b', sidecar('0.5.0')],
    ['a-b', sidecar('0.4.0')],
    ['A-b', sidecar('0.5.0')],
    ['a_b-', sidecar('0.4.0')],
  ])
  const addons = await scan(
    Object.fromEntries(
      [...own].map(([path, valuesObject]) => [path, release('described', 'r', { valuesObject })]),
    ),
  )
  const chart = desk.at('helm-charts/described/described-1.0.0.tgz')
  const files = new Set(addons.map(({ snippet = '' }) => snippet.toLowerCase()))
  expect(files.size).toBe(own.size)
  for (const { path, proof, snippet = '' } of addons) {
    expect(proof, path).toBe('proven')
    const given = await world.write('own.json', JSON.stringify(own.get(path)))
    const rendered = await renderedImages(world, chart, ['-f', given, '-f', snippet])
    const [wanted] = own.get(path)?.extraContainers ?? []
    const tag = wanted?.image.split(':').at(-1) ?? ''
    expect(rendered, path).toContain(`${world.registry}/described/sidecar:${tag}`)
  }
})

describe('a chart is proven for', () => {
  const values = { valuesObject: { x: 1 } }
  test.for([
    ['each release name', [release('by-name', 'one'), release('by-name', 'two')]],
    [
      'each release name with values',
      [release('by-name', 'one', values), release('by-name', 'two', values)],
    ],
    [
      'each namespace',
      [
        release('by-namespace', 'r', { namespace: 'one' }),
        release('by-namespace', 'r', { namespace: 'two' }),
      ],
    ],
    [
      'each namespace with values',
      [
        release('by-namespace', 'r', { namespace: 'one', ...values }),
        release('by-namespace', 'r', { namespace: 'two', ...values }),
      ],
    ],
  ] as const)('%s', async ([, [first, second]]) => {
    const addons = await scan({ first, second })
    for (const { proof, images: found } of addons) {
      expect(proof).toBe('proven')
      expect(found.map(({ reference }) => reference)).toEqual([app, hidden])
    }
  })
})
