import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { fixture, publicImages, relocate } from '../support/charts/relocating.ts'
import { startWorld, type World } from '../support/world.ts'

// The output of relocate-chart on both streams, and its exit codes.
let world: World

beforeAll(async () => {
  world = await startWorld({ images: [] })
})
afterAll(() => world.close())

const init = 'docker.io/example/init:0.1.0'
const app = 'quay.io/example/app:1.2.3'
const moved = (reference: string) => `${world.registry}/mirrored/${reference}`

test('--output json prints the place, class, leaves and destination of each reference, and the proof', async () => {
  const chart = fixture('args-equals')
  const { code, stdout, stderr } = await relocate(world, chart, '--output', 'json')
  expect(code, stderr).toBe(0)
  expect(JSON.parse(stdout)).toEqual({
    chart: { name: 'args-equals', version: '0.1.0' },
    registry: world.registry,
    prefix: '',
    layout: 'mirrored',
    images: [
      {
        reference: 'ghcr.io/example/sidecar:0.4.0',
        destination: moved('ghcr.io/example/sidecar:0.4.0'),
        places: [
          {
            variants: ['default'],
            class: 'embedded',
            document: 'Pod/app',
            path: expect.stringMatching(/^spec\.containers\[0\]\.args\[\d\]$/) as string,
            template: 'args-equals/templates/app.yaml',
            leaves: ['sidecar.registry', 'sidecar.image'],
          },
        ],
      },
      {
        reference: 'quay.io/example/operator:1.2.3',
        destination: moved('quay.io/example/operator:1.2.3'),
        places: [
          {
            variants: ['default'],
            class: 'certain',
            document: 'Pod/app',
            path: 'spec.containers[0].image',
            template: 'args-equals/templates/app.yaml',
            leaves: ['image'],
          },
        ],
      },
    ],
    runtime: [],
    state: 'proven',
    questions: [],
    egress: [],
    undecided: [],
    dormant: [],
    values: {
      image: moved('quay.io/example/operator:1.2.3'),
      sidecar: { registry: world.registry, image: 'mirrored/ghcr.io/example/sidecar' },
    },
    beaten: [],
    unreached: [],
    proof: {
      variant: 'default',
      result: 'proven',
      places: 2,
      inputs: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string,
      faults: [],
    },
    notices: [],
  })
})

test('--images prints one reference per line and nothing else, including those that stay public', async () => {
  const { code, stdout, stderr } = await relocate(world, fixture('literal-image'), '--images')
  expect(code, stderr).toBe(0)
  expect(stdout).toBe(`${init}\n${app}\n`)
})

test.for([
  ['nested-subcharts', 'nested-subcharts 0.1.0\n└─ middle 0.1.0\n   └─ inner 0.1.0\n'],
  ['aliases', 'aliases 0.1.0\n├─ worker 0.1.0 (as blue)\n└─ worker 0.1.0 (as green)\n'],
  ['one-string', 'one-string 0.1.0\n'],
] as const)('--graph prints the dependencies: %s', async ([name, graph]) => {
  const { code, stdout, stderr } = await relocate(world, fixture(name), '--graph')
  expect(code, stderr).toBe(0)
  expect(stdout).toBe(graph)
})

describe('a reference that no value reaches', () => {
  test('is named with place, template and remedy, and the values for the others are printed', async () => {
    const { code, stdout, stderr } = await relocate(world, fixture('literal-image'))
    expect(code, stderr).toBe(1)
    expect(parse(stdout)).toEqual({
      image: { repository: `${world.registry}/mirrored/quay.io/example/app` },
    })
    expect(stderr).toContain(
      `error: "${init}" stays public at Pod/app spec.containers[1].image, from literal-image/templates/app.yaml: no value redirects it\n`,
    )
    expect(stderr).toMatch(/^ {2}→ .*--repack DIR.*--post-renderer DIR.*--allow-unproven/m)
  })

  test('is a warning with --allow-unproven', async () => {
    const chart = fixture('literal-image')
    const { code, stdout, stderr } = await relocate(world, chart, '--allow-unproven')
    expect(code, stderr).toBe(0)
    expect(stderr).toMatch(new RegExp(`^! "${init}" stays public at Pod/app`, 'm'))
    expect(stderr).not.toMatch(/^error: /m)
    const file = await world.write('partly.yaml', stdout)
    expect(await publicImages(world, chart, '-f', file)).toEqual([init])
  })

  test('is in the JSON too, with exit code 1', async () => {
    const chart = fixture('literal-image')
    const { code, stdout } = await relocate(world, chart, '--output', 'json')
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      unreached: [
        {
          reference: init,
          variant: 'default',
          cause: 'unreachable',
          document: 'Pod/app',
          path: 'spec.containers[1].image',
          template: 'literal-image/templates/app.yaml',
          leaves: [],
        },
      ],
      proof: { result: 'unproven', places: 2 },
    })
  })

  test.for([
    [
      'other references need different values for global\\.imageRegistry',
      'global-registry-two-sources',
    ],
    [
      'image\\.registry, image\\.repository contribute to it, but cannot redirect it',
      'strict-schema',
    ],
    ['image\\.repository sets only a part of it', 'literal-registry'],
    [
      'global\\.cattle\\.systemDefaultRegistry sets only a part of it',
      'system-default-registry',
      '--layout',
      'by-chart',
    ],
  ] as const)('says why: %s', async ([why, name, ...flags]) => {
    const { code, stderr } = await relocate(world, fixture(name), ...flags)
    expect(code, stderr).toBe(1)
    expect(stderr).toMatch(new RegExp(`^error: ".*" stays public at .*: ${why}$`, 'm'))
  })
})

describe('text that may be an image', () => {
  const chart = fixture('oci-artifact-list')
  const [one, other] = [
    'ghcr.io/example/vulnerability-db:2',
    'registry.example.com/example/vulnerability-db:2',
  ]

  test('is reported as a question and not moved', async () => {
    const { code, stdout, stderr } = await relocate(world, chart)
    expect(code, stderr).toBe(0)
    expect(stderr).toContain('1 image: proven, 2 open questions')
    for (const reference of [one, other]) {
      expect(stderr).toMatch(
        new RegExp(
          `^\\? "${reference}" may be an image: \\S+ \\S+; decide with --mirror ${reference} or --ignore ${reference}$`,
          'm',
        ),
      )
    }
    expect(parse(stdout)).toEqual({ image: moved(app) })
  })

  test('is moved or left unchanged with --mirror and --ignore', async () => {
    const { code, stdout, stderr } = await relocate(
      world,
      chart,
      '--mirror',
      one,
      '--ignore',
      other,
    )
    expect(code, stderr).toBe(0)
    expect(stderr).toContain('2 images: proven;')
    expect(stderr).not.toContain('may be an image')
    expect(parse(stdout)).toEqual({
      image: moved(app),
      scanner: { dbRepositories: `${moved(one)},${other}` },
    })
  })

  test('takes several at once, with a comma', async () => {
    const both = ['--mirror', `${one},${other}`, '--images']
    const { code, stdout, stderr } = await relocate(world, chart, ...both)
    expect(code, stderr).toBe(0)
    expect(stdout).toBe(`${one}\n${app}\n${other}\n`)
  })
})

test('--ignore leaves out an image that no value reaches', async () => {
  const { code, stdout, stderr } = await relocate(world, fixture('literal-image'), '--ignore', init)
  expect(code, stderr).toBe(0)
  expect(stderr).toContain('1 image: proven;')
  expect(stdout).toContain('/mirrored/quay.io/example/app')
})

describe('a chart that does not render', () => {
  test.for([
    ['required-value', 'a cluster name is needed', '--set settings.clusterName='],
    ['fail-one-at-a-time', 'set storage.bucket to a bucket of yours', '--set storage.bucket='],
    [
      'notes-fail',
      'collector.image.repository must not be empty',
      '--set collector.image.repository=',
    ],
    ['kube-version', 'requires kubeVersion: >=1.33.0-0', '--kube-version'],
  ] as const)('says in the words of helm what it needs: %s', async ([name, words, next]) => {
    const { code, stdout, stderr } = await relocate(world, fixture(name))
    expect(code, stderr).toBe(1)
    expect(stderr).toContain(`error: chart ${name} 0.1.0 does not render: `)
    expect(stderr).toContain(words)
    expect(stderr).toMatch(new RegExp(`^ {2}→ .*${next}`, 'm'))
    expect(stdout).toBe('')
  })
})

test.for(['crd-bundle', 'zero-until-set'])(
  'a chart without any image says so: %s',
  async (name) => {
    const { code, stderr } = await relocate(world, fixture(name))
    expect(code, stderr).toBe(0)
    expect(stderr).toContain('0 images: proven, 1 open question;')
    expect(stderr).toContain(
      '? no images are rendered in variant "default": check its values; settle it with --ignore no-images\n',
    )
  },
)

test('--quiet prints only values and errors', async () => {
  const quiet = await relocate(world, fixture('one-string'), '--quiet')
  expect(quiet.code).toBe(0)
  expect(quiet.stderr).toBe('')
  expect(parse(quiet.stdout)).toEqual({ image: moved(app) })
  const failing = await relocate(world, fixture('literal-image'), '--quiet')
  expect(failing.code).toBe(1)
  expect(failing.stderr).toMatch(/^error: "[^\n]*\n {2}→ [^\n]*\n$/)
})
