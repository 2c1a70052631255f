import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { manifest as committed } from '../../../../manifests/private-ecr-manifest.ts'
import { isManifest as isManifestTree } from '../../../../scripts/lib/sources/manifest/shape.ts'
import { readJson } from '../../../../scripts/lib/model/tree/json.ts'
import { manifestSchema } from '../../../../scripts/lib/sources/manifest/schema.ts'
import { egress, questions } from './questions.ts'

/** Data as it is read from a file. */
function asRead(data: unknown): unknown {
  return readJson(JSON.stringify(data) ?? '')
}

function isManifest(data: unknown): boolean {
  return isManifestTree(asRead(data))
}

/** True when the schema accepts a value and returns it as it is. */
function schemaKeeps(value: unknown): boolean {
  const checked = manifestSchema.safeParse(asRead(value))
  return checked.success && isDeepStrictEqual(plainOf(checked.data), plainOf(value))
}

function plainOf(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

const place = { document: 'Deployment/a', path: 'spec', template: 'a/b.yaml', leaves: ['image'] }
const found = { variants: ['default'], class: 'certain', ...place }
const layout = {
  values: [{ path: ['images', 0, 'name'], value: { a: [null, 1, 'x'], b: false } }],
  unreached: [{ reference: 'a:1', variant: 'default', cause: 'conflict', ...place }],
  proofs: [{ variant: 'default', result: 'proven', places: 1, inputs: 'sha256:1', faults: [] }],
}

/** One of everything that a manifest can hold. */
const complete = {
  input: 'sha256:1',
  charts: [
    {
      name: 'one',
      version: '1.2.3',
      published: 'v1.2.3',
      repository: 'https://charts.example/one',
      group: 'production',
      variants: ['default'],
      relocation: { mirrored: layout, 'by-chart': layout },
      undecided: [{ reference: 'maybe', places: [found] }],
      questions,
      dormant: [{ reference: 'quay.io/a/b:1', leaves: ['other.image'] }],
      egress,
      notices: ['notice'],
    },
    {
      name: 'two',
      version: '0.1.0',
      repository: 'oci://registry.example/charts',
      group: 'development',
      variants: [],
      relocation: {},
      undecided: [],
      questions: [],
      dormant: [],
      notices: [],
    },
  ],
  images: [
    { reference: 'quay.io/a/b:1', charts: ['one'], found: [{ chart: 'one', ...found }] },
    { reference: 'docker.io/library/c:2', charts: ['one', 'two'], found: [], direct: true },
    {
      reference: 'docker.io/library/d:2',
      charts: ['one'],
      runtime: [
        {
          chart: 'one',
          operator: 'one',
          when: 'always',
          leaves: ['image'],
          source: 'https://a.io/',
        },
        { chart: 'one', operator: 'b', when: 'x', leaves: [], field: 'f', source: 'https://a.io/' },
      ],
      found: [],
    },
    { reference: `ghcr.io/d/e@sha256:${'0'.repeat(64)}`, charts: [], reason: 'why', found: [] },
  ],
  relocation: { mirrored: [{ path: ['image'], value: '<registry>' }] },
  umbrella: {
    name: 'all',
    version: '1.0.0',
    digest: 'sha256:1',
    relocation: { mirrored: layout },
    undecided: [],
    questions: [],
    egress,
    notices: [],
  },
  repositories: {
    mutability: 'immutable',
    mutabilityExclude: ['latest*'],
    encryption: { type: 'KMS', key: 'alias/ecr' },
    scanOnPush: true,
    lifecyclePolicy: { rules: [] },
    repositoryPolicy: { Statement: [] },
    tags: { team: 'a' },
  },
}

type Tree = Record<string, unknown> | unknown[]

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null
}

/** Every object and list of a tree. */
function treesOf(root: unknown): Tree[] {
  return isTree(root) ? [root, ...Object.values(root).flatMap(treesOf)] : []
}

const keys = [
  'name',
  'charts',
  'published',
  'direct',
  'umbrella',
  'repositories',
  'egress',
  'mirrored',
  '__proto__',
  'constructor',
  'toString',
  'length',
  '0',
]
const strings = [
  '',
  'one',
  'two',
  'latest',
  'production',
  '1.2.3',
  '1.2',
  'v1.2.3\n',
  '../1.2.3',
  'https://charts.example',
  'file:///etc',
  'oci://h/one',
  'busybox:1',
  'quay.io/a/b:1',
  'quay.io/a/b',
  'QUAY.io/a/b:1',
  `quay.io/a/b:1@sha256:${'a'.repeat(64)}`,
  '__proto__',
  '--output-dir=/tmp',
  'proven',
  'address',
  'certain',
  'mutable',
  'KMS_DSSE',
  'AES256',
]
const scalar = fc.oneof(
  fc.constantFrom(...strings),
  fc.string({ maxLength: 6 }),
  fc.constantFrom<unknown>(null, true, false, 0, 1, -1, 1.5, 2 ** 60, -0),
)
const json = ['[]', '{}', '["one"]', '{"__proto__":{"a":1}}', '{"rules":1}', '[[]]']
const value = fc.oneof(
  scalar,
  fc.constantFrom(...json).map((text): unknown => JSON.parse(text)),
)
const pick = fc.nat(10_000)
const edit = fc.record({
  kind: fc.constantFrom('set', 'add', 'remove', 'repeat', 'move'),
  tree: pick,
  entry: pick,
  key: fc.constantFrom(...keys),
  value,
})
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never

/** Changes one place of a tree, in place. */
function apply(root: unknown, { kind, tree, entry, key, value: fresh }: Edit): void {
  const trees = treesOf(root)
  const target = trees[tree % trees.length]
  if (target === undefined) return
  const put = (name: string, content: unknown) => {
    if (Array.isArray(target)) target.push(content)
    // As JSON.parse does with any key.
    else Object.defineProperty(target, name, { value: content, ...plain })
  }
  const names = Object.keys(target)
  const name = names[entry % names.length]
  if (kind === 'add' || name === undefined) put(key, fresh)
  else if (kind === 'repeat') put(key, structuredClone(Reflect.get(target, name)))
  else if (kind === 'move') put(key, structuredClone(trees[entry % trees.length]))
  else if (kind === 'set') Object.defineProperty(target, name, { value: fresh, ...plain })
  else if (Array.isArray(target)) target.splice(Number(name), 1)
  else Reflect.deleteProperty(target, name)
}

const plain = { enumerable: true, configurable: true, writable: true }

describe('isManifest', () => {
  it.each([
    ['the committed manifest', committed],
    ['a manifest with everything in it', complete],
  ])('accepts %s, as the schema does', (_, data) => {
    expect(isManifest(data)).toBe(true)
    expect(schemaKeeps(data)).toBe(true)
  })

  it('accepts exactly what the schema returns unchanged, whatever is edited', () => {
    let accepted = 0
    let refused = 0
    const [chart] = committed.charts
    const small = {
      ...committed,
      charts: committed.charts.slice(0, 1),
      images: committed.images
        .filter(({ charts }) => charts.every((name) => name === chart?.name))
        .slice(0, 3),
    }
    fc.assert(
      fc.property(
        fc.constantFrom<unknown>(complete, complete, small),
        fc.array(edit, { minLength: 1, maxLength: 3 }),
        (base, edits) => {
          const edited: unknown = structuredClone(base)
          for (const one of edits) apply(edited, one)
          const isKept = schemaKeeps(edited)
          if (isKept) accepted += 1
          else refused += 1
          expect(isManifest(edited)).toBe(isKept)
        },
      ),
      { numRuns: 2_000 },
    )
    // Otherwise the edits test one side alone.
    expect(accepted).toBeGreaterThan(50)
    expect(refused).toBeGreaterThan(500)
  }, 60_000)

  it('does so for every string in every place', () => {
    const trees = treesOf(complete)
    for (const [tree, entries] of trees.map((one) => Object.keys(one)).entries()) {
      for (const entry of entries.keys()) {
        for (const text of strings) {
          const edited: unknown = structuredClone(complete)
          apply(edited, { kind: 'set', tree, entry, key: '', value: text })
          expect(isManifest(edited), `${entries[entry] ?? ''}: ${text}`).toBe(schemaKeeps(edited))
        }
      }
    }
  }, 60_000)

  it.each([null, undefined, 1, 'x', [], {}, { charts: [] }])('refuses %j', (data) => {
    expect(isManifest(data)).toBe(false)
  })
})
