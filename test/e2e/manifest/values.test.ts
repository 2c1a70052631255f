import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  chartText,
  deployment,
  type Desk,
  openDesk,
  startPublished,
  standIn,
} from '../support/charts/published.ts'
import { imagesIn, pullWithHelm } from '../support/charts/render.ts'
import { certManager, images, web } from '../support/shop.ts'
import { helm } from '../support/tools.ts'
import type { World } from '../support/world.ts'

// Values for one registry from one manifest, in every format.
const localstack = {
  repository: 'https://localstack.github.io/helm-charts',
  files: standIn('localstack'),
}

const half = {
  repository: 'https://charts.example.com/stable',
  files: chartText('half', '1.0.0', {
    'values.yaml': 'image: quay.io/example/web:1.0.0\nagent: false\n',
    'templates/app.yaml': deployment('app', ['{{ .Values.image }}']),
    'templates/agent.yaml': `{{ if .Values.agent }}${deployment('agent', ['quay.io/example/agent:0.9.0'])}{{ end }}`,
  }),
}

const list = `charts:
  - name: web
    version: '1.0.0'
    repository: https://charts.example.com/stable
  - name: cert-manager
    version: '1.17.2'
    published: v1.17.2
    repository: https://charts.jetstack.io
  - name: localstack
    version: '0.6.23'
    repository: https://localstack.github.io/helm-charts
    variants:
      dind: { mountDind: { enabled: true }, tests: { enabled: false } }
direct:
  - reference: amazon/aws-cli:2.25.11
    reason: creates the default bucket
    leaves: { bucketImage: reference }
`

interface Values {
  readonly charts: Record<
    string,
    { readonly repository: string; readonly version?: string; readonly values?: object }
  >
  readonly ecrAuth: object
  readonly bucketImage: string
}

let world: World
let desk: Desk
beforeAll(async () => {
  world = await startPublished([web.first, certManager.first, localstack, half], images)
  desk = await openDesk(world, list)
  const { code, stderr } = await desk.regenerate()
  expect(code, stderr).toBe(0)
  await desk.helmCalls()
  world.sandbox.resetCounters()
})
afterAll(() => world.close())

async function valuesOf(...args: string[]): Promise<Values> {
  const { code, stdout, stderr } = await desk.values(args)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return parse(stdout) as Values
}

describe('the umbrella shape', () => {
  test('has the repository, a differing version and the values of each chart, and the direct images', async () => {
    const { registry } = world
    expect(await valuesOf()).toEqual({
      charts: {
        'cert-manager': {
          repository: `oci://${registry}/charts/cert-manager`,
          version: 'v1.17.2',
          values: expect.objectContaining({
            webhook: {
              image: { repository: `${registry}/mirrored/quay.io/jetstack/cert-manager-webhook` },
            },
          }),
        },
        localstack: {
          repository: `oci://${registry}/charts/localstack`,
          values: {
            image: { repository: `${registry}/mirrored/docker.io/localstack/localstack` },
            mountDind: { image: `${registry}/mirrored/docker.io/library/docker:20.10-dind` },
            tests: { image: { repository: `${registry}/mirrored/docker.io/amazon/aws-cli` } },
          },
        },
        web: {
          repository: `oci://${registry}/charts/web`,
          values: {
            image: { registry, repository: 'mirrored/quay.io/example/web' },
            sidecar: { image: `${registry}/mirrored/docker.io/library/busybox:1.36` },
          },
        },
      },
      bucketImage: `${registry}/mirrored/docker.io/amazon/aws-cli:2.25.11`,
      ecrAuth: { registry },
    })
  })

  test('needs neither helm nor a network', async () => {
    await valuesOf()
    expect(await desk.helmCalls()).toEqual([])
    expect(world.sandbox.counters()).toEqual({})
  })

  test('has one chart with --chart, and every value under the prefix with --prefix', async () => {
    const { charts, bucketImage } = await valuesOf('--chart', 'web', '--prefix', 'team/a')
    expect(charts).toEqual({
      web: {
        repository: `oci://${world.registry}/team/a/charts/web`,
        values: {
          image: { registry: world.registry, repository: 'team/a/mirrored/quay.io/example/web' },
          sidecar: {
            image: `${world.registry}/team/a/mirrored/docker.io/library/busybox:1.36`,
          },
        },
      },
    })
    expect(bucketImage).toBe(`${world.registry}/team/a/mirrored/docker.io/amazon/aws-cli:2.25.11`)
  })

  test('stores images under their chart with --layout by-chart', async () => {
    const { charts, bucketImage } = await valuesOf('--layout', 'by-chart')
    expect(charts['web']).toEqual({
      repository: `oci://${world.registry}/web`,
      values: {
        image: { registry: world.registry, repository: 'web/web' },
        sidecar: { image: `${world.registry}/web/busybox:1.36` },
      },
    })
    expect(bucketImage).toBe(`${world.registry}/direct/aws-cli:2.25.11`)
  })

  test('has only the values that a variant needs with --variant', async () => {
    const leaves = async (variant: string) => {
      const { charts } = await valuesOf('--variant', variant)
      return Object.keys(charts['localstack']?.values ?? {})
    }
    expect(await leaves('default')).toEqual(['image', 'tests'])
    expect(await leaves('dind')).toEqual(['image', 'mountDind'])
  })

  test('goes into a file with --out, with its name on stdout', async () => {
    const out = join(desk.folder, 'umbrella-values')
    const { code, stdout } = await desk.values(['--out', out])
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${out}/private-ecr-values.yaml\n` })
    expect(await readFile(stdout.trim(), 'utf8')).toBe((await desk.values()).stdout)
  })
})

describe('--format chart', () => {
  const repositories: Record<string, readonly [string, string]> = {
    'cert-manager': [certManager.first.repository, 'v1.17.2'],
    localstack: [localstack.repository, '0.6.23'],
    web: [web.first.repository, '1.0.0'],
  }

  test.each([[], ['--layout', 'by-chart'], ['--prefix', 'team']])(
    'writes a file for each chart with which helm renders private images alone (%s %s)',
    async (...flags) => {
      const out = join(desk.folder, ['values', ...flags].join(''))
      const { code, stdout, stderr } = await desk.values([
        '--format',
        'chart',
        '--out',
        out,
        ...flags,
      ])
      expect(code, stderr).toBe(0)
      const names = Object.keys(repositories)
      expect(stdout).toBe(names.map((name) => `${out}/${name}.yaml\n`).join(''))
      expect((await readdir(out)).toSorted()).toEqual(names.map((name) => `${name}.yaml`))
      for (const [name, [repository, version]] of Object.entries(repositories)) {
        const { file } = await pullWithHelm(world, { repository, name }, version)
        const set = ['--set', 'mountDind.enabled=true']
        const values = join(out, `${name}.yaml`)
        const rendered = await world.tool(helm, 'template', name, file, '-f', values, ...set)
        expect(rendered.ok, rendered.stderr).toBe(true)
        const found = imagesIn(rendered.stdout)
        expect(found.length).toBeGreaterThan(1)
        expect(found.filter((image) => !image.startsWith(`${world.registry}/`))).toEqual([])
      }
    },
  )

  test('prints the file of one chart, with the command that uses it', async () => {
    const { code, stdout } = await desk.values(['--format', 'chart', '--chart', 'cert-manager'])
    expect(code).toBe(0)
    expect(stdout).toContain(
      `helm upgrade --install cert-manager oci://${world.registry}/charts/cert-manager --version v1.17.2`,
    )
    expect(Object.keys(parse(stdout) as object)).toEqual([
      'image',
      'webhook',
      'cainjector',
      'acmesolver',
      'startupapicheck',
    ])
  })

  test('has only the values that a variant needs with --variant', async () => {
    const flags = '--format chart --chart localstack --variant dind'
    const { stdout } = await desk.values(flags.split(' '))
    expect(Object.keys(parse(stdout) as object)).toEqual(['image', 'mountDind'])
  })
})

describe('a manifest that is not proven', () => {
  const listed = `charts:
  - { name: web, version: 1.0.0, repository: https://charts.example.com/stable }
  - name: half
    version: 1.0.0
    repository: https://charts.example.com/stable
    variants: { agent: { agent: true } }
`
  const unproven = async (...args: string[]) => {
    const own = await openDesk(world, listed, 'unproven')
    if (args.length === 0) expect((await own.regenerate()).code).toBe(1)
    return own.values(args)
  }

  test('still prints its values, names the references that stay public, and exits 1', async () => {
    const { code, stdout, stderr } = await unproven()
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /error: half: no value can redirect quay\.io\/example\/agent:0\.9\.0 at Deployment\/agent \S+; it stays public/,
    )
    expect(Object.keys((parse(stdout) as Values).charts)).toEqual(['half', 'web'])
  })

  test('exits 0 with --allow-unproven, with a warning', async () => {
    const { code, stderr } = await unproven('--allow-unproven')
    expect(code, stderr).toBe(0)
    expect(stderr).toMatch(/^! half: no value can redirect quay\.io\/example\/agent:0\.9\.0 /)
  })

  test.each([
    ['another chart', ['--chart', 'web']],
    ['a variant that does not render it', ['--variant', 'default']],
  ])('exits 0 for %s', async (_, args) => {
    const { code, stderr } = await unproven(...args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })
})

interface Mistake {
  readonly that: string
  readonly args: readonly string[]
  readonly says: RegExp
}

const mistakes: readonly Mistake[] = [
  {
    that: 'a chart that is not in the manifest',
    args: ['--chart', 'wep'],
    says: /chart "wep" is not in the manifest\n {2}→ its charts are cert-manager, localstack, web/,
  },
  {
    that: 'a variant that no chart has',
    args: ['--variant', 'umbrella'],
    says: /variant "umbrella" is not in the manifest\n {2}→ its variants are default, dind/,
  },
  {
    that: 'several charts on stdout',
    args: ['--format', 'chart'],
    says: /one file per chart, and the manifest has 3 charts\n {2}→ specify a folder with --out/,
  },
  {
    that: 'a prefix that ECR refuses',
    args: ['--prefix', 'Team'],
    says: /prefix "Team" is not valid in ECR/,
  },
  {
    that: 'a layout that there is not',
    args: ['--layout', 'flat'],
    says: /Allowed choices are mirrored, by-chart/,
  },
]

test.each(mistakes)('refuses $that', async ({ args, says }) => {
  const { code, stdout, stderr } = await desk.values(args)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(says)
})
