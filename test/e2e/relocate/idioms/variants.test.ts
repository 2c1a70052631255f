import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { TreeLiteral } from '../../../../scripts/lib/model/values/values.ts'
import {
  expected,
  type Idiom,
  mostRenders,
  observe,
  path,
  registry,
  whole,
} from '../../support/charts/idioms.ts'
import { fixtures, relocateFolder } from '../../support/charts/relocate.ts'

// One chart under several named value sets, and in the two layouts.
const app = 'quay.io/example/app:1.2.3'
const exporter = 'ghcr.io/example/exporter:0.4.0'
const worker = 'ghcr.io/example/worker:0.4.0'

const forks: readonly Idiom[] = [
  {
    chart: 'two-variants',
    that: 'another repository in one leaf',
    settings: {
      variants: {
        default: {},
        other: { image: { registry: 'ghcr.io', repository: 'fork/app' } },
      },
    },
    certain: ['ghcr.io/fork/app:1.2.3', app],
    dormant: [exporter],
    values: {
      'image.registry': registry,
      'image.repository': path('quay.io/example/app'),
      'exporter.image': whole(exporter),
    },
    unreached: ['conflict ghcr.io/fork/app:1.2.3 at Pod/app spec.containers[0].image'],
  },
  {
    chart: 'one-string',
    that: 'another tag in one leaf',
    settings: { variants: { default: {}, other: { image: 'quay.io/example/app:2.0.0' } } },
    certain: [app, 'quay.io/example/app:2.0.0'],
    values: { image: whole(app) },
    unreached: ['conflict quay.io/example/app:2.0.0 at Pod/app spec.containers[0].image'],
  },
  {
    chart: 'extra-containers',
    that: 'a list that the default has empty',
    settings: {
      variants: {
        default: {},
        other: { extraContainers: [{ name: 'worker', image: worker }] },
      },
    },
    certain: [worker, app],
    values: { image: whole(app) },
    unreached: [`conflict ${worker} at Pod/app spec.containers[1].image`],
  },
  {
    chart: 'empty-image-switch',
    that: 'a leaf that the default has empty',
    settings: {
      variants: {
        default: { image: { registry: 'quay.io' } },
        other: { image: { registry: 'quay.io' }, debug: { image: worker } },
      },
    },
    certain: [worker, app],
    values: { 'image.registry': registry, 'image.repository': path('quay.io/example/app') },
    unreached: [`conflict ${worker} at Pod/app spec.containers[0].image`],
  },
]

describe('several variants', () => {
  const chart = 'two-variants'
  const that = 'has variants'
  const aws: TreeLiteral = { flavour: 'aws', exporter: { enabled: true } }

  test('are proven with one override for all', async () => {
    const idiom: Idiom = {
      chart,
      that,
      settings: { variants: { default: {}, aws } },
      certain: [exporter, 'quay.io/example/app-aws:1.2.3', app],
      values: {
        'image.registry': registry,
        'image.repository': path('quay.io/example/app'),
        'exporter.image': whole(exporter),
      },
      proofs: { default: 'proven', aws: 'proven' },
    }
    const { observed, result } = await observe(idiom)
    expect(observed).toEqual(expected(idiom))
    const variants = result.images.map(({ reference, places }) => [reference, places[0]?.variants])
    expect(Object.fromEntries(variants)).toEqual({
      [exporter]: ['aws'],
      'quay.io/example/app-aws:1.2.3': ['aws'],
      [app]: ['default'],
    })
  })

  test.each(forks.map((idiom) => [idiom.that, idiom] as const))(
    'that give %s are a conflict, and the first is proven',
    async (_, idiom) => {
      const { observed } = await observe(idiom)
      const proofs: Idiom['proofs'] = { default: 'proven', other: 'unproven' }
      expect(observed).toEqual(expected({ ...idiom, proofs }))
    },
  )

  test('are a problem that names the variant when one does not render', async () => {
    const variants = { default: { settings: { clusterName: 'main' } }, bare: {} }
    await expect(relocateFolder(join(fixtures, 'required-value'), { variants })).rejects.toThrow(
      /^variant "bare": .*a cluster name is needed/s,
    )
  })
})

describe('the layout by-chart', () => {
  const by = (name: string) => `<registry>/<prefix>same-names/${name}`

  test('distinguishes images with the same name', async () => {
    const idiom: Idiom = {
      chart: 'same-names',
      that: 'has images of one name',
      settings: { layouts: ['by-chart'] },
      certain: [
        'ghcr.io/example/agent:1.2.3',
        'ghcr.io/other/app:0.4.0',
        'quay.io/example/agent:1.2.3',
        app,
        'quay.io/example/tool:2.0.0',
      ],
      values: {
        'app.image': by('example-app:1.2.3'),
        'other.image': by('other-app:0.4.0'),
        'agent.image': by('quay.io-example-agent:1.2.3'),
        'twin.image': by('ghcr.io-example-agent:1.2.3'),
        'tool.image': by('tool:2.0.0'),
      },
    }
    const { observed, renders } = await observe(idiom)
    expect(observed).toEqual(expected(idiom))
    expect(renders).toBeLessThanOrEqual(mostRenders)
  })

  test('is proven together with the layout mirrored, from the same marked renders', async () => {
    const { result, renders } = await relocateFolder(join(fixtures, 'same-names'), {
      layouts: ['mirrored', 'by-chart'],
    })
    const { mirrored, 'by-chart': byChart } = result.layouts
    expect(mirrored?.proofs).toMatchObject([{ result: 'proven', places: 5 }])
    expect(byChart?.proofs).toMatchObject([{ result: 'proven', places: 5 }])
    expect(renders).toBeLessThanOrEqual(mostRenders)
  })
})
