import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ScriptResult } from '../../unit/support/run-script.ts'
import {
  type AddonsDesk,
  addonsText,
  openAddonsDesk,
  startAddons,
} from '../support/charts/addons.ts'
import { writes } from '../support/stores.ts'
import type { World } from '../support/world.ts'

// Every command line on the page about the replaced tool, with the new names of the commands. They run one after the
// other in one folder, like a user would run them.
let world: World
let desk: AddonsDesk

beforeAll(async () => {
  world = await startAddons()
  desk = await openAddonsDesk(world, 'desk')
  await desk.write('values.yaml', addonsText)
  await desk.write(
    'chart-overrides.yaml',
    `overrides:
  karpenter:
    settings:
      clusterName: placeholder
      clusterEndpoint: https://placeholder

  aws-load-balancer-controller:
    clusterName: placeholder
`,
  )
})
afterAll(() => world.close())
beforeEach(() => world.sandbox.resetCounters())

const run = async (line: string, env?: Readonly<Record<string, string>>): Promise<ScriptResult> => {
  const [script = '', ...words] = line
    .replaceAll('123456789012.dkr.ecr.us-east-1.amazonaws.com', world.registry)
    .split(/\s+/)
  const args = words.map((word) => word.replaceAll('"', ''))
  return desk.run(`${script}.ts`, args, env)
}
/** The releases of the summary on stdout, with what became of them. */
const summary = ({ stdout }: ScriptResult): Record<string, string> =>
  Object.fromEntries(
    stdout
      .split('\n')
      .map((line) => line.split(/ {2,}/))
      .filter((cells) => cells.length === 5 && cells[0] !== 'add-on')
      .map(([release = '', , , , result = '']) => [release, result]),
  )
const namesIn = (text: string) =>
  [...text.matchAll(/^ {2}- chart: (\S+)/gm)].map(([, name]) => name)

const all = 23

test('all add-ons, the latest of each', async () => {
  const result = await run(
    'sync-addons --values ./values.yaml --latest --push-images --include-dependencies',
  )
  expect(result.code, result.stderr).toBe(0)
  expect(Object.values(summary(result))).toEqual(Array.from({ length: all }, () => 'pushed'))
  expect(result.stdout).toContain('23 add-ons done in ')
  expect(result.stderr).toContain(
    '! podinfo: no version specified; using 6.7.1, the newest stable match\n',
  )
})

test('the same for all platforms, which is there already', async () => {
  const result = await run(
    'sync-addons --values ./values.yaml --latest --push-images --include-dependencies --platform auto',
  )
  expect(result.code, result.stderr).toBe(0)
  expect(new Set(Object.values(summary(result)))).toEqual(new Set(['already present']))
  expect(writes(world.sandbox)).toBe(0)
})

test('a catalog of the values file, synced', async () => {
  const made = await run('generate-catalog --values ./values.yaml --out ./catalog.yaml')
  expect(made.code, made.stderr).toBe(0)
  expect(namesIn(await readFile(desk.at('catalog.yaml'), 'utf8'))).toHaveLength(all)
  const result = await run(
    'sync-addons --catalog ./catalog.yaml --push-images --include-dependencies --skip-existing',
  )
  expect(result.code, result.stderr).toBe(0)
  expect(Object.keys(summary(result))).toHaveLength(all)
  expect(new Set(Object.values(summary(result)))).toEqual(new Set(['already present']))
})

test('a registry and a path prefix for images, charts staying at the root', async () => {
  const result = await run(
    'sync-addons --values ./values.yaml --push-images --target-registry 123456789012.dkr.ecr.us-east-1.amazonaws.com --target-prefix team/x --only-addon keda --overwrite-existing',
  )
  expect(result.code, result.stderr).toBe(0)
  expect(summary(result)).toEqual({ keda: 'pushed' })
  expect(world.sandbox.ecrRepositories()).toContain('team/x/keda/keda')
  expect(world.sandbox.ecrRepositories()).not.toContain('team/x/keda')
  const values = await readFile(desk.at('helm-charts/keda/values.yaml'), 'utf8')
  expect(values).toContain(`${world.registry}/team/x/keda/keda`)
})

test('a dry run', async () => {
  const result = await run('sync-addons --values ./values.yaml --scan-only')
  expect(result.code, result.stderr).toBe(0)
  expect(Object.values(summary(result))).toEqual(Array.from({ length: all }, () => 'scanned'))
  expect(writes(world.sandbox)).toBe(0)
})

test.for([
  ['--include-dependencies', 'proven'],
  ['--exclude-dependencies', 'proven without dependencies'],
] as const)('dependency control by %s', async ([flag, proof]) => {
  const result = await run(
    `sync-addons --values ./values.yaml ${flag} --only-addon nested-subcharts --scan-only`,
  )
  expect(result.code, result.stderr).toBe(0)
  expect(result.stdout).toMatch(
    new RegExp(`^nested-subcharts +nested-subcharts 0\\.1\\.0 +\\d +${proof} +scanned$`, 'm'),
  )
})

test('one architecture', async () => {
  const result = await run(
    'sync-addons --values ./values.yaml --push-images --platform linux/amd64 --only-addon podinfo --target-prefix amd64 --overwrite-existing',
  )
  expect(result.code, result.stderr).toBe(0)
  const source = 'ghcr.io/stefanprodan/podinfo:6.7.1'
  const copy = world.sandbox.ecrImages('amd64/podinfo/podinfo')?.tags['6.7.1']
  expect(copy).toMatch(/^sha256:/)
  expect(copy).not.toBe(world.sandbox.upstreamDigest(source))
  expect(world.sandbox.ecrImages('amd64/podinfo/podinfo')?.manifests).toEqual([copy])
})

describe('Docker Hub credentials', () => {
  const line =
    'sync-addons --values ./values.yaml --push-images --only-addon velero --overwrite-existing'
  // Whoever does not log in gets nothing.
  beforeAll(() => world.sandbox.setLimits({ dockerHubPulls: 0 }))
  afterAll(() => world.sandbox.setLimits({}))

  test('from flags, with a warning', async () => {
    const result = await run(
      `${line} --dockerhub-username "me" --dockerhub-token "secret-token" --target-prefix hub/flags`,
    )
    expect(result.code, result.stderr).toBe(0)
    expect(result.stderr).toMatch(
      /^! other users on this machine can read --dockerhub-token .* set DOCKERHUB_TOKEN instead$/m,
    )
    expect(result.stdout + result.stderr).not.toContain('secret-token')
  })

  test('from the environment', async () => {
    const env = { DOCKERHUB_USERNAME: 'me', DOCKERHUB_TOKEN: 'secret-token' }
    const result = await run(`${line} --target-prefix hub/environment`, env)
    expect(result.code, result.stderr).toBe(0)
    expect(result.stderr).not.toContain('DOCKERHUB_TOKEN')
  })

  test('and without them', async () => {
    const result = await run(`${line} --target-prefix hub/anonymous`)
    expect(result.code).not.toBe(0)
    expect(result.stderr).toContain('pull rate limit')
  })
})

describe('the catalog', () => {
  test.for([
    ['--only-addon "aws-load-balancer-controller,karpenter"', 2],
    ['--exclude-addons "argo-cd,kube-prometheus-stack"', all - 3],
  ] as const)('is filtered by chart: %s', async ([filter, number]) => {
    const made = await run(`generate-catalog --values ./values.yaml --out ./some.yaml ${filter}`)
    expect(made.code, made.stderr).toBe(0)
    expect(namesIn(await readFile(desk.at('some.yaml'), 'utf8'))).toHaveLength(number)
  })

  test.for([
    ['--scan-only --only-addon "argocd,karpenter"', ['argocd', 'karpenter']],
    [
      '--push-images --only-addon "argocd,keda" --exclude-addons "argocd" --target-prefix team/x',
      ['keda'],
    ],
  ] as const)('is synced by release: %s', async ([filter, releases]) => {
    const result = await run(`sync-addons --catalog ./catalog.yaml ${filter}`)
    expect(result.code, result.stderr).toBe(0)
    expect(Object.keys(summary(result)).toSorted()).toEqual([...releases])
  })
})

test('a values file is filtered by chart, first the wanted ones, then without the excluded', async () => {
  const result = await run(
    'sync-addons --values ./values.yaml --push-images --only-addon "aws-load-balancer-controller,karpenter" --exclude-addons "karpenter"',
  )
  expect(result.code, result.stderr).toBe(0)
  expect(Object.keys(summary(result))).toEqual(['aws-load-balancer-controller'])
})

describe('existing tags', () => {
  const line = 'sync-addons --values ./values.yaml --push-images --only-addon external-dns'
  const source = 'registry.k8s.io/external-dns/external-dns:v0.15.0'
  const stored = () => world.sandbox.ecrImages('external-dns/external-dns')?.tags['v0.15.0']
  let old: string | undefined

  test('that were moved upstream are skipped by --skip-existing', async () => {
    old = stored()
    world.sandbox.replaceUpstream(source)
    const result = await run(`${line} --skip-existing`)
    expect(result.code, result.stderr).toBe(0)
    expect(summary(result)).toEqual({ 'external-dns': 'already present' })
    expect(stored()).toBe(old)
  })

  test('are a difference with --verify-existing-digest', async () => {
    const result = await run(`${line} --skip-existing --verify-existing-digest`)
    expect(result.code).toBe(1)
    expect(summary(result)).toEqual({ 'external-dns': 'differs' })
    expect(stored()).toBe(old)
  })

  test('are replaced with --overwrite-existing', async () => {
    const result = await run(
      `${line} --skip-existing --verify-existing-digest --overwrite-existing`,
    )
    expect(result.code, result.stderr).toBe(0)
    expect(stored()).toBe(world.sandbox.upstreamDigest(source))
  })
})
