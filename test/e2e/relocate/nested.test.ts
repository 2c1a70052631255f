import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { application, named, pod, publish, registry, stable } from '../support/charts/nesting.ts'
import { startPublished } from '../support/charts/published.ts'
import { relocate, renderWithHelm, writeChart } from '../support/charts/relocating.ts'
import type { World } from '../support/world.ts'

const fromFile = '    helm: { valueFiles: [$x/values.yaml] }\n'
const cache = {
  'values.yaml':
    "image: { repository: quay.io/example/cache, tag: '3.1.0' }\nsidecar: quay.io/example/sidecar:0.4.0\n",
  'templates/a.yaml': pod(
    'cache-{{ .Release.Name }}-{{ .Release.Namespace }}',
    '{{ .Values.image.repository }}:{{ .Values.image.tag }}',
    '{{ .Values.sidecar }}',
  ),
}
const chain = ['one', 'two', 'three', 'four', 'five']

let world: World

beforeAll(async () => {
  world = await startPublished([
    publish('cache', cache),
    publish('queue', cache, registry),
    publish('asking', { 'templates/a.yaml': '{{ if lookup "v1" "Secret" "" "a" }}{{ end }}' }),
    publish('fixed', { 'templates/a.yaml': pod('a', 'quay.io/example/fixed:1.0.0') }),
    publish('broken', { 'templates/a.yaml': '{{ fail "no" }}' }),
    publish('loop', { 'templates/a.yaml': application('loop') }),
    publish('apps', {
      'values.yaml': 'cache: { values: {} }\n',
      'templates/a.yaml': application(
        'cache',
        '    helm:\n      valuesObject: {{- toYaml .Values.cache.values | nindent 8 }}\n',
      ),
    }),
    ...chain.map((name, index) =>
      publish(name, {
        'values.yaml': `image: quay.io/example/${name}:1.0.0\n`,
        'templates/a.yaml':
          pod(name, '{{ .Values.image }}') + application(chain[index + 1] ?? 'cache'),
      }),
    ),
  ])
})
afterAll(() => world.close())

const app = 'image: quay.io/example/platform:1.2.3\n'
const own = pod('app', '{{ .Values.image }}')

/** Relocates a chart with its nested charts. */
async function relocateNested(values: string, template: string, ...flags: readonly string[]) {
  const chart = await writeChart(world, 'outer', {
    'values.yaml': app + values,
    'templates/a.yaml': own + template,
  })
  return { chart, ...(await relocate(world, chart, '--nested', ...flags)) }
}

const moved = (path: string) => `${world.registry}/mirrored/quay.io/example/${path}`

describe('the values of a nested chart', () => {
  test('are set where the chart passes a mapping on, and then nothing is open', async () => {
    const helm = '    helm:\n      valuesObject: {{- toYaml .Values.cache.values | nindent 8 }}\n'
    const { chart, code, stdout, stderr } = await relocateNested(
      'cache: { values: {} }\n',
      application('cache', helm),
      '--strict',
    )
    expect(code, stderr).toBe(0)
    expect(stderr).toMatch(/^1 image and those of 1 nested chart: proven; /m)
    expect(stderr).toMatch(
      /^ {2}cache 1\.0\.0 of Application\/cache: 2 images, proven; its values/m,
    )
    expect(stderr).toContain(`> charts are fetched from ${stable}`)
    const values = {
      image: { repository: moved('cache') },
      sidecar: moved('sidecar:0.4.0'),
    }
    expect(parse(stdout)).toEqual({ image: moved('platform:1.2.3'), cache: { values } })
    const file = await world.write('passed.yaml', stdout)
    expect(await renderWithHelm(world, chart, '-f', file)).toContain(moved('sidecar:0.4.0'))
  })

  test('do not depend on the layout for the images that are listed', async () => {
    const helm = '    helm:\n      valuesObject: {{- toYaml .Values.cache.values | nindent 8 }}\n'
    const { code, stdout, stderr } = await relocateNested(
      'cache: { values: {} }\n',
      application('cache', helm),
      '--layout',
      'by-chart',
      '--images',
    )
    expect(code, stderr).toBe(0)
    expect(stdout.trim().split('\n')).toEqual([
      'quay.io/example/cache:3.1.0',
      'quay.io/example/platform:1.2.3',
      'quay.io/example/sidecar:0.4.0',
    ])
  })

  test('are set in a text that the chart passes on, beside those that are in it', async () => {
    const helm = '    helm:\n      values: |- {{- toYaml .Values.cache | nindent 8 }}\n'
    const { code, stdout, stderr } = await relocateNested(
      'cache: { image: { tag: "3.2.0" } }\n',
      application('cache', helm),
      '--strict',
    )
    expect(code, stderr).toBe(0)
    expect(parse(stdout)).toMatchObject({
      cache: { image: { repository: moved('cache') }, sidecar: moved('sidecar:0.4.0') },
    })
  })

  test('are asked for where nothing is passed on, each with its value', async () => {
    const { code, stdout, stderr } = await relocateNested('', application('cache'))
    expect(code, stderr).toBe(0)
    expect(stderr).toMatch(/nested chart: proven, 1 open question; /)
    expect(stderr).toContain(
      `chart "cache" needs values that Application/cache spec.source.helm.valuesObject, from outer/templates/a.yaml does not contain and no value adds to it: add image.repository=${moved('cache')}, sidecar=${moved('sidecar:0.4.0')}; settle it with --ignore cache`,
    )
    expect(parse(stdout)).toEqual({ image: moved('platform:1.2.3') })
  })

  test('are asked for only where the override of the outer chart does not move them', async () => {
    const helm = `    helm:\n      parameters:\n        - { name: image.repository, value: '{{ .Values.cache }}' }\n        - { name: image.tag, value: '3.1.0' }\n        - { name: sidecar, value: 'quay.io/example/sidecar:0.5.0' }\n`
    const { code, stderr } = await relocateNested(
      'cache: quay.io/example/cache\n',
      application('cache', helm),
    )
    expect(code, stderr).toBe(0)
    expect(stderr).toContain(
      `Application/cache spec.source.helm.parameters, from outer/templates/a.yaml does not contain and no value adds to it: add sidecar=${moved('sidecar:0.5.0')};`,
    )
    expect(stderr).not.toContain('image.repository=')
  })

  test('of Flux, k3s and a registry are found with the release and the namespace', async () => {
    const template = `---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: { name: all }
spec: { type: oci, url: '${registry}' }
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: queue }
spec:
  targetNamespace: jobs
  chart: { spec: { chart: queue, version: 1.0.0, sourceRef: { kind: HelmRepository, name: all } } }
  values: {{- toYaml .Values.queue | nindent 4 }}
---
apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata: { name: cache }
spec: { repo: '${stable}', chart: cache, version: 1.0.0, targetNamespace: shop, set: { sidecar: '${moved('sidecar:0.4.0')}' } }
`
    const { code, stdout, stderr } = await relocateNested(
      'queue: {}\n',
      template,
      '--output',
      'json',
    )
    expect(code, stderr).toBe(0)
    const { nested, values, questions } = JSON.parse(stdout)
    expect(values.queue).toEqual({
      image: { repository: moved('cache') },
      sidecar: moved('sidecar:0.4.0'),
    })
    expect(nested).toMatchObject([
      {
        chart: 'cache',
        release: 'cache',
        namespace: 'shop',
        state: 'proven',
        missing: [
          { field: 'spec.valuesContent', values: { image: { repository: moved('cache') } } },
        ],
      },
      { chart: 'queue', release: 'jobs-queue', namespace: 'jobs', state: 'proven', missing: [] },
    ])
    expect(questions.map(({ kind }: { readonly kind: string }) => kind)).toEqual(['nested-values'])
  })

  test('are passed on through another nested chart', async () => {
    const helm = '    helm:\n      valuesObject: {{- toYaml .Values.apps | nindent 8 }}\n'
    const { code, stdout, stderr } = await relocateNested(
      'apps: {}\n',
      application('apps', helm),
      '--strict',
    )
    expect(code, stderr).toBe(0)
    expect(stderr).toMatch(/^ {4}cache 1\.0\.0 of Application\/cache: 2 images, proven/m)
    expect(parse(stdout)).toMatchObject({
      apps: { cache: { values: { image: { repository: moved('cache') } } } },
    })
  })
})

describe('the whole is', () => {
  test('unproven when a nested chart is', async () => {
    const { code, stderr } = await relocateNested('', application('fixed'))
    expect(code).toBe(1)
    expect(stderr).toMatch(/nested chart: unproven/)
    const json = await relocateNested(
      '',
      application('fixed'),
      '--output',
      'json',
      '--allow-unproven',
    )
    expect(JSON.parse(json.stdout)).toMatchObject({
      state: 'unproven',
      proof: { result: 'proven' },
    })
    expect(stderr).toMatch(
      /error: nested chart "fixed" of Application\/fixed: "quay\.io\/example\/fixed:1\.0\.0" stays public/,
    )
  })

  test('reported with the notices of its nested charts', async () => {
    const { stderr, stdout } = await relocateNested('', application('asking'), '--output', 'json')
    const notice = 'output that depends on the cluster (lookup) is not proven: templates/a.yaml'
    expect(stderr).toContain(`    ! asking: ${notice}`)
    expect(JSON.parse(stdout).nested).toMatchObject([{ chart: 'asking', notices: [notice] }])
  })

  test('as before for a chart that the user has settled', async () => {
    const { code, stderr } = await relocateNested('', application('fixed'), '--ignore', 'fixed')
    expect(code, stderr).toBe(0)
    expect(stderr).toMatch(/^1 image: proven; /m)
  })
})

describe('a nested chart stays an open question', () => {
  test.for<readonly [string, string, RegExp]>([
    [
      'that contains itself',
      application('loop'),
      /loop 1\.0\.0 of Application\/loop .*: it contains itself/,
    ],
    ['that does not render', application('broken'), /broken 1\.0\.0 .*: .*no/],
    ['that its repository does not have', application('missing'), /missing 1\.0\.0 .*: .*missing/],
    [
      'without an exact version',
      application('cache').replace('1.0.0', "'1.*'"),
      /cache 1\.\* .*: the object names no exact version/,
    ],
    [
      'on a private network',
      application('cache', '', "repoURL: 'https://10.0.0.1/charts'"),
      /cache .*"https:\/\/10\.0\.0\.1\/charts" on a private network, which is not allowed/,
    ],
    [
      'on a link-local address in a registry',
      application('cache', '', 'repoURL: 169.254.169.254/charts'),
      /cache .* on a link-local address, .*, which is not allowed/,
    ],
    [
      'behind an address that is not encrypted',
      application('cache', '', "repoURL: 'http://charts.example.com/stable'"),
      /cache .*: its repository is neither an https:\/\/ nor an oci:\/\/ address/,
    ],
    [
      'with values from elsewhere',
      application('cache', fromFile),
      /cache .*: further values come from spec\.source\.helm\.valueFiles/,
    ],
    [
      'beside an object that looks the same and was relocated',
      application('cache') + named(application('cache', fromFile), 'other'),
      /cache .*: further values come from spec\.source\.helm\.valueFiles/,
    ],
  ])('%s', async ([, template, reason]) => {
    const { code, stderr } = await relocateNested('', template)
    expect(code, stderr).toBe(0)
    expect(stderr).toMatch(/1 open question|2 open questions/)
    expect(stderr).toMatch(reason)
    expect(stderr).toMatch(/is installed at run time by Application\//)
  })

  test('below the last level that is followed', async () => {
    const { code, stderr } = await relocateNested('', application('one'))
    expect(code, stderr).toBe(0)
    expect(stderr).toMatch(/^ {6}three 1\.0\.0 of Application\/three: 1 image, proven/m)
    expect(stderr).toMatch(
      /! nested chart four 1\.0\.0 of Application\/four was not relocated: charts are followed for 3 levels/,
    )
  })
})
