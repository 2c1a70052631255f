import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import pLimit from 'p-limit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compareText } from '../../../scripts/lib/model/collections.ts'
import { solverVersion } from '../../../scripts/lib/sources/manifest/module.ts'
import { fixture, publicImages, relocate } from '../support/charts/relocating.ts'
import { fixtures } from '../support/charts/relocate.ts'
import { startWorld, type World } from '../support/world.ts'

// The command on every fixture, one after the other. What must come of each is what the tests of the idioms say; here it
// is only that the command says the same, and that helm agrees.
let world: World

beforeAll(async () => {
  world = await startWorld({ images: [] })
})
afterAll(() => world.close())

const charts = (await readdir(fixtures)).toSorted()

/** What fixtures ask for before they render. */
const needs: Readonly<Record<string, readonly string[]>> = {
  'required-value': ['--set', 'settings.clusterName=main'],
  'fail-one-at-a-time': ['--set', 'storage.bucket=b,region=us-east-2'],
  'notes-fail': ['--set', 'collector.image.repository=ghcr.io/example/collector'],
  'schema-wants-value': ['--set', 'domain=example.com'],
  'kube-version': ['--kube-version', '1.33.0'],
}
/** Fixtures of which something stays public. */
const unproven: readonly string[] = [
  'global-registry-two-sources',
  'literal-image',
  'literal-registry',
  'strict-schema',
]
/** Fixtures that render no image at all. */
const empty: readonly string[] = ['crd-bundle', 'zero-until-set']
/** Fixtures that helm renders only without their schema. */
const schemaless: readonly string[] = ['invalid-schema']
/** What looks like an image and is none, which the fixture is about. */
const decoys: Readonly<Record<string, readonly string[]>> = {
  'label-in-variable': ['app.kubernetes.io/component:worker', 'team.example.com/name:v1'],
  // An object passes them on, and no value moves them.
  'nested-argo-kustomize': [
    'quay.io/example/proxy:1.4.0',
    'quay.io/example/web@sha256:4b5e57f6eb2f42b9039b3d1e13929295f231749c510cbe341cd68036d9af97e2',
  ],
  'not-crd-description': ['docker.io/example/widget:latest', 'quay.io/example/widget:1.2.3.'],
  'not-doc-links': ['docs.example.com/images/configure:1.2'],
  'not-source-lines': ['github.com/example/app/main.go:12', 'k8s.io/klog/v2/klog.go:412'],
  // The last part of an image whose other parts are in other keys.
  'parts-in-three-keys': ['agent'],
  'placeholder-auto': ['auto'],
}

test('every fixture that is named exists', () => {
  const named = [
    ...Object.keys(needs),
    ...Object.keys(decoys),
    ...unproven,
    ...empty,
    ...schemaless,
  ]
  expect(named.filter((name) => !charts.includes(name))).toEqual([])
  expect(charts.length).toBeGreaterThanOrEqual(104)
})

/** The values of each fixture, by its name. */
const found = new Map<string, string>()

const limit = pLimit(Math.min(3, availableParallelism() + 1))

describe.concurrent('the command on the fixture', () => {
  test.for(charts)('%s', { timeout: 600_000 }, async (name) => {
    const chart = fixture(name)
    const flags = needs[name] ?? []
    const isProven = !unproven.includes(name)
    const { code, stdout, stderr } = await limit(() => relocate(world, chart, ...flags))
    expect(stderr).not.toContain('bug in ecr-airlift')
    expect(code, stderr).toBe(isProven ? 0 : 1)
    if (!isProven) {
      expect(stderr).toMatch(/^error: ".*" stays public at \S+ .*, from .*\/templates\/\S+: /m)
      expect(stderr).toMatch(/ images?: (?:unproven|failed)/)
      return
    }
    expect(stderr).toMatch(
      empty.includes(name) ? / images?: proven, 1 open question/ : / images?: proven/,
    )
    if (empty.includes(name)) return
    // Each world has an account of its own.
    const [account = ''] = world.registry.split('.')
    found.set(name, stdout.replaceAll(/^#.*\n/gm, '').replaceAll(account, '123456789012'))
    const file = await world.write(`${name}.yaml`, stdout)
    const skip = schemaless.includes(name) ? ['--skip-schema-validation'] : []
    const stay = await publicImages(world, chart, ...flags, '-f', file, ...skip)
    // Text that may be an image is left to a person, who is asked.
    const decided = stay.filter((image) => !stderr.includes(`? "${image}" may be an image`))
    expect(decided).toEqual(decoys[name] ?? [])
  })
})

test('changed values require another version of the solver', async () => {
  const hashOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 12)
  const all = [...found].toSorted(([a], [b]) => compareText(a, b))
  const values = Object.fromEntries(all.map(([name, text]) => [name, hashOf(text)]))
  const file = join(import.meta.dirname, '../../fixtures/solver.json')
  const known: unknown = JSON.parse(await readFile(file, 'utf8'))
  expect(known, 'raise solverVersion when the same charts get other values').toEqual({
    version: solverVersion,
    values,
  })
})
