import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import {
  chartText,
  deployment,
  type Desk,
  deskIn,
  openDesk,
  startPublished,
} from '../support/charts/published.ts'
import { certManager, images, web } from '../support/shop.ts'
import type { World } from '../support/world.ts'

// Every way in which an override or a chart can be wrong, one at a time: each must be detected and named.
const repository = 'https://charts.example.com/stable'
const switched = {
  repository,
  files: chartText('switched', '1.0.0', {
    'values.yaml': 'enabled: true\nimage: quay.io/example/web:1.0.0\n',
    'templates/app.yaml': `{{ if .Values.enabled }}${deployment('app', ['{{ .Values.image }}'])}{{ end }}`,
  }),
}

const list = `charts:
  - { name: web, version: 1.0.0, repository: ${repository} }
  - { name: switched, version: 1.0.0, repository: ${repository} }
  - { name: cert-manager, version: 1.17.2, published: v1.17.2, repository: https://charts.jetstack.io }
`

let world: World
let desk: Desk
let override: string

beforeAll(async () => {
  world = await startPublished([web.first, certManager.first, switched], images)
  desk = await openDesk(world, list)
  const made = await desk.regenerate()
  expect(made.code, made.stderr).toBe(0)
  override = (await desk.values()).stdout
})
afterAll(() => world.close())

/** Values of a chart's images in the override: `controller` is one of cert-manager's. */
interface Override {
  readonly charts: {
    readonly web: { readonly values: Tree }
    readonly switched: { readonly values: Tree }
    readonly 'cert-manager': { readonly values: Tree }
  }
}
type Tree = Record<string, Record<string, unknown> | string | boolean>

async function verifyWith(change: (override: Override) => void, ...args: string[]) {
  const changed = parse(override) as Override
  change(changed)
  const file = await world.write('override.yaml', stringify(changed))
  return desk.verify(['--values', file, ...args])
}

const errorsOf = (stderr: string) => stderr.match(/^error: .*$/gm)
const mirrored = (path: string) => `${world.registry}/mirrored/${path}`

describe('verify-private-values --values', () => {
  test('accepts the generated override, without a request to ECR', async () => {
    world.sandbox.resetCounters()
    const { code, stdout, stderr } = await verifyWith(() => undefined)
    expect(code, stderr).toBe(0)
    expect(stdout).toContain('8 of 8 references private\n')
    expect(world.sandbox.counters()).toEqual({})
  })

  test('catches a typo in a repository', async () => {
    const { code, stderr, stdout } = await verifyWith(({ charts }) => {
      charts.web.values['image'] = {
        registry: world.registry,
        repository: 'mirrored/quay.io/example/webb',
      }
    })
    expect(code).toBe(1)
    expect(stdout).toMatch(/^web +default +1 +0 +1 +0$/m)
    expect(errorsOf(stderr)).toEqual([
      `error: web (default): "${mirrored('quay.io/example/webb:1.0.0')}" at Deployment/web ` +
        'spec.template.spec.containers[0].image points to the private registry, but not to where its image is mirrored; ' +
        `expected "${mirrored('quay.io/example/web:1.0.0')}"; set by image.registry, image.repository`,
    ])
  })

  test('catches a leaf that points back to the public registry', async () => {
    const { code, stderr, stdout } = await verifyWith(({ charts }) => {
      charts['cert-manager'].values['webhook'] = {
        image: { repository: 'quay.io/jetstack/cert-manager-webhook' },
      }
    })
    expect(code).toBe(1)
    expect(stdout).toMatch(/^cert-manager +default +4 +1 +0 +0$/m)
    expect(errorsOf(stderr)).toEqual([
      'error: cert-manager (default): "quay.io/jetstack/cert-manager-webhook:v1.17.2" at ' +
        'Deployment/cert-manager-webhook spec.template.spec.containers[0].image points to a public registry; ' +
        `expected "${mirrored('quay.io/jetstack/cert-manager-webhook:v1.17.2')}"; set by webhook.image.repository`,
    ])
  })

  test('catches an omitted leaf, even if the image is inside an argument', async () => {
    const { code, stderr } = await verifyWith(({ charts }) => {
      delete charts['cert-manager'].values['acmesolver']
    })
    expect(code).toBe(1)
    expect(errorsOf(stderr)).toEqual([
      expect.stringMatching(
        /cert-manager \(default\): "quay\.io\/jetstack\/cert-manager-acmesolver:v1\.17\.2" at Deployment\/cert-manager \S+args\[0\] points to a public registry; .*; set by acmesolver\.image\.repository$/,
      ),
    ])
  })

  test('catches two swapped images, although both are in the registry', async () => {
    const { code, stderr, stdout } = await verifyWith(({ charts }) => {
      const { values } = charts['cert-manager']
      const { image, webhook } = values
      values['webhook'] = { image }
      values['image'] = (webhook as Record<string, Record<string, unknown>>)['image'] ?? {}
    })
    expect(code).toBe(1)
    expect(stdout).toMatch(/^cert-manager +default +3 +0 +2 +0$/m)
    const of = (part: string) => mirrored(`quay.io/jetstack/cert-manager-${part}:v1.17.2`)
    expect(errorsOf(stderr)).toEqual([
      expect.stringContaining(`expected "${of('controller')}"; set by image.repository`),
      expect.stringContaining(`expected "${of('webhook')}"; set by webhook.image.repository`),
    ])
  })

  test('catches another tag, which was never mirrored', async () => {
    const { code, stderr } = await verifyWith(({ charts }) => {
      charts.web.values['sidecar'] = { image: mirrored('docker.io/library/busybox:1.37') }
    })
    expect(code).toBe(1)
    expect(errorsOf(stderr)).toEqual([
      expect.stringMatching(/web \(default\): ".*busybox:1\.37" .*"; set by sidecar\.image$/),
    ])
  })

  test('catches an override for another registry', async () => {
    const foreign = world.registry.replace(/^\d+/, '000000000000')
    const file = await world.write('foreign.yaml', override.replaceAll(world.registry, foreign))
    const { code, stderr } = await desk.verify(['--values', file])
    expect(code).toBe(1)
    // Eight references, the three charts that would be pulled from there, and the installer's login.
    expect(errorsOf(stderr)).toHaveLength(12)
  })

  test('treats a chart that no longer renders anything as a failure', async () => {
    const { code, stdout, stderr } = await verifyWith(({ charts }) => {
      charts.switched.values['enabled'] = false
    })
    expect(code).toBe(1)
    expect(stdout).toContain('7 of 7 references private\n')
    expect(errorsOf(stderr)).toEqual([
      'error: chart "switched" renders no image references in variant "default"',
    ])
  })

  test('reports why a chart does not render with the override, and checks the others', async () => {
    const { code, stdout, stderr } = await verifyWith(({ charts }) => {
      charts.web.values['image'] = 'none'
    })
    expect(code).toBe(1)
    expect(stderr).toMatch(/chart web 1\.0\.0 does not render: /)
    expect(stdout).toMatch(/^cert-manager +default +5 +0 +0 +0$/m)
  })

  test('lets the last file win, as helm does', async () => {
    const all = await world.write('all.yaml', override)
    const wrong = await world.write(
      'wrong.yaml',
      'charts: { web: { values: { sidecar: { image: busybox:1.36 } } } }\n',
    )
    const last = await desk.verify(['-f', all, '-f', wrong])
    expect(last.code).toBe(1)
    expect(errorsOf(last.stderr)).toEqual([
      expect.stringMatching(
        /web \(default\): "busybox:1\.36" .* public .*; set by sidecar\.image$/,
      ),
    ])
    const first = await desk.verify(['-f', wrong, '-f', all])
    expect(first.code, first.stderr).toBe(0)
  })

  test('checks one chart with --chart', async () => {
    const broken = ({ charts }: Override) => {
      charts.web.values['sidecar'] = { image: 'busybox:1.36' }
    }
    expect((await verifyWith(broken, '--chart', 'cert-manager')).code).toBe(0)
    expect((await verifyWith(broken, '--chart', 'web')).code).toBe(1)
  })

  test('prints the verdicts as JSON, with the expected reference and the wrong leaf', async () => {
    const { code, stdout } = await verifyWith(
      ({ charts }) => {
        charts.web.values['sidecar'] = { image: 'busybox:1.36' }
      },
      '--chart',
      'web',
      '--output',
      'json',
    )
    expect(code).toBe(1)
    const { references } = JSON.parse(stdout) as { references: readonly object[] }
    expect(references).toEqual([
      expect.objectContaining({ verdict: 'private', leaves: [] }),
      {
        chart: 'web',
        variant: 'default',
        verdict: 'public',
        source: 'docker.io/library/busybox:1.36',
        expected: mirrored('docker.io/library/busybox:1.36'),
        reference: 'busybox:1.36',
        document: 'Deployment/web',
        path: 'spec.template.spec.containers[1].image',
        template: 'web/templates/web.yaml',
        leaves: ['sidecar.image'],
      },
    ])
  })
})

test.each([
  [[], '8 of 8'],
  [['--prefix', 'team/a'], '8 of 8'],
  [['--layout', 'by-chart'], '8 of 8'],
  [['--layout', 'by-chart', '--prefix', 'team'], '8 of 8'],
])('what is generated with %j is private by the same flags, and by no others', async (...row) => {
  const [flags, sum] = row
  const { code, stdout, stderr } = await desk.verify(flags)
  expect(code, stderr).toBe(0)
  expect(stdout).toContain(`${sum} references private\n`)
  const file = await world.write('with-flags.yaml', (await desk.values(flags)).stdout)
  expect((await desk.verify(['-f', file, ...flags])).code).toBe(0)
  const other = await desk.verify(['-f', file, '--prefix', 'elsewhere'])
  expect(other.code).toBe(1)
  expect(other.stdout).toContain('0 of 8 references private\n')
})

test('a public image from a template is caught, and the template is named', async () => {
  const files = {
    ...web.first.files,
    'templates/sneaky.yaml': deployment('sneaky', ['docker.io/example/sneaky:6.6.6']),
  }
  const other = await startPublished([{ repository, files }, certManager.first, switched], images)
  try {
    const moved = await deskIn(other, desk.folder, desk.listFile)
    const { code, stderr, stdout } = await moved.verify()
    expect(code).toBe(1)
    expect(stdout).toMatch(/^web +default +2 +1 +0 +0$/m)
    expect(errorsOf(stderr)).toEqual([
      'error: web (default): "docker.io/example/sneaky:6.6.6" at Deployment/sneaky ' +
        'spec.template.spec.containers[0].image points to a public registry; ' +
        'no value sets it; it comes from web/templates/sneaky.yaml',
    ])
  } finally {
    await other.close()
  }
})

test.each([
  [['--chart', 'wep'], /chart "wep" is not in the manifest\n {2}→ its charts are /],
  [['--values', 'none.yaml'], /values file "none\.yaml" cannot be read: it does not exist/],
  [['--layout', 'flat'], /Allowed choices are mirrored, by-chart/],
])('verify-private-values refuses %j', async (args, says) => {
  const { code, stdout, stderr } = await desk.verify(args)
  expect(code, stderr).toBe(2)
  expect(stdout).toBe('')
  expect(stderr).toMatch(says)
})
