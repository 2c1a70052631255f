import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { manifest as committed } from '../../../manifests/private-ecr-manifest.ts'
import { formatLeafPath, parseLeafPath } from '../../../scripts/lib/model/values/leaf-path.ts'
import { defaultManifestFile, loadManifest } from '../../../scripts/lib/sources/manifest/file.ts'
import { literalOf } from '../../../scripts/lib/sources/manifest/literal.ts'
import { checksumOf, renderManifestModule } from '../../../scripts/lib/sources/manifest/module.ts'
import { parseManifest } from '../../../scripts/lib/sources/manifest/parse.ts'
import { isPrintable } from '../../../scripts/lib/model/text/printable.ts'
import { makeTempFolder } from '../support/temp-folder.ts'

describe('leaf paths', () => {
  it.each([
    ['image.repository', ['image', 'repository']],
    ['a[0].b', ['a', 0, 'b']],
    ['a["x.y"].b', ['a', 'x.y', 'b']],
    ['kube-state-metrics.image', ['kube-state-metrics', 'image']],
  ])('reads and writes %s', (text, path) => {
    expect(parseLeafPath(text)).toEqual(path)
    expect(formatLeafPath(path)).toBe(text)
  })
  it.each(['', 'a..b', 'a[x]', 'a["b'])('refuses %j', (text) => {
    expect(parseLeafPath(text)).toBeUndefined()
  })
})

describe('the committed manifest', () => {
  it('proves all eleven charts under every variant and layout', () => {
    expect(committed.charts).toHaveLength(11)
    for (const { name, variants, relocation } of committed.charts) {
      const results = Object.entries(relocation).flatMap(([layout, { proofs }]) =>
        proofs.map(({ variant, result }) => `${name} ${layout} ${variant} ${result}`),
      )
      expect(results).toEqual(
        ['mirrored', 'by-chart'].flatMap((layout) =>
          variants.map((variant) => `${name} ${layout} ${variant} proven`),
        ),
      )
    }
  })
  it('names no registry and no certain image twice', () => {
    expect(JSON.stringify(committed)).not.toMatch(/\.dkr\.ecr\./)
    expect(new Set(committed.images.map(({ reference }) => reference)).size).toBe(55)
  })
  it('reads as data as it does as a module, and is frozen', async () => {
    expect(await loadManifest()).toEqual(committed)
    expect(Object.isFrozen(committed.charts[0]?.relocation)).toBe(true)
  })
})

describe('loadManifest', () => {
  const module = readFileSync(defaultManifestFile, 'utf8')
  const load = async (name: string, text: string) => {
    const file = join(makeTempFolder(), name)
    await writeFile(file, text)
    return loadManifest(file).catch((error: unknown) => String(error))
  }
  /** The text with its data edited, under a checksum (or a seal, as earlier versions wrote it) that is right. */
  const vouched = (edit: (literal: string) => string) => {
    const place = literalOf('m.ts', module)
    const [start, end] = [place?.start ?? 0, place?.end ?? 0]
    const literal = edit(module.slice(start, end))
    const checksum = checksumOf(literal)
    const seal = `sha256:${createHash('sha256').update(`1\n${literal}`).digest('hex')}`
    const head = module.slice(0, start).replace(/^\/\/ sha256:.*$/m, `// ${checksum}`)
    return `// seal ${seal}\n${head}${literal}${module.slice(end)}`
  }

  it.each([
    ['a version that is a path', '"version": "0.47.1"', '"version": "../../x"', 'chart version'],
    ['a chart name that is a flag', '"name": "jaeger"', '"name": "--debug"', 'not a chart name'],
    [
      'a leaf called __proto__',
      '"path": ["executor",',
      '"path": ["__proto__",',
      'a leaf cannot be named "__proto__"',
    ],
    [
      'a key called __proto__, however it is spelled',
      '"input":',
      String.raw`"\u005f_proto__": { "BASH_ENV": "$(touch owned)" }, "input":`,
      'a key cannot be named "__proto__"',
    ],
    [
      'a key called __proto__ within a value',
      '"value": "<registry>"',
      '"value": [{ "__proto__": { "a": 1 } }]',
      'a key cannot be named "__proto__"',
    ],
    [
      'an index that would fill a list with nulls',
      '"path": ["executor",',
      '"path": ["executor", 10000,',
      'index 10000 leaves a gap: its list has 0 items so far',
    ],
    [
      'a path that is deeper than any chart',
      '"path": ["executor",',
      `"path": [${'"k", '.repeat(3_000)}"executor",`,
      'a leaf can be at most 100 levels deep',
    ],
    [
      'a value that is deeper than any chart',
      '"value": "<registry>"',
      `"value": ${'['.repeat(95)}${']'.repeat(95)}`,
      'levels deep',
    ],
  ])('checks a file that vouches for itself: refuses %s', async (_, from, to, message) => {
    const text = vouched((literal) => literal.replace(from, to))
    expect(text).toContain(to)
    const loaded = await load('m.ts', text)
    expect(loaded).toContain(message)
    expect(loaded).toMatch(/m\.ts:\d+:\d+: /)
  })

  it.each([
    ['a module whose header was edited', module.replace(/^\/\/.*$/gm, '//')],
    ['a module that vouches for itself', vouched((literal) => literal)],
  ])('accepts %s', async (_, text) => {
    expect(await load('m.ts', text)).toEqual(committed)
  })

  it('fills in what a manifest by hand leaves out', async () => {
    const loaded = await load('m.json', '{"input":"","charts":[],"images":[]}')
    expect(loaded).toEqual({ input: '', charts: [], images: [], relocation: {} })
  })
})

describe('parseManifest', () => {
  const module = readFileSync(defaultManifestFile, 'utf8')
  const read = (text: string, file = 'm.ts') => {
    const parsed = parseManifest(file, text)
    return parsed.ok ? 'accepted' : parsed.problem.message
  }
  const line = (needle: string) => module.split('\n').findIndex((text) => text.includes(needle)) + 1

  it.each([
    [
      'a number for a version',
      module.replace('"version": "0.47.1"', '"version": 0.47'),
      `m.ts:${line('"0.47.1"')}:`,
    ],
    [
      'an unknown key',
      module.replace('"group": "production"', '"gruop": "x", "group": "production"'),
      'unknown key "gruop"',
    ],
    [
      'a duplicate image',
      module.replace(
        '  "images": [',
        '  "images": [\n{ "reference": "docker.io/amazon/aws-cli:latest", "charts": [] },',
      ),
      'is listed twice',
    ],
    [
      'a chart that is not there',
      module.replace('"charts": ["localstack"]', '"charts": ["lost"]'),
      'chart "lost" is not in the manifest',
    ],
    [
      'an image without a tag',
      module.replace('"docker.io/amazon/aws-cli:latest"', '"docker.io/amazon/aws-cli"'),
      'has neither tag nor digest',
    ],
    ['something else', 'export const x = 1', 'is not a manifest module'],
  ])('refuses %s', (_, text, message) => {
    expect(read(text)).toContain(message)
  })

  it('takes the same data as JSON', () => {
    expect(read(JSON.stringify(committed), 'm.json')).toBe('accepted')
    expect(read('{"charts": 1}', 'm.json')).toContain('m.json:1:')
  })
})

describe('the module of a manifest', () => {
  it('holds what a chart says exactly, and reads as what it is', async () => {
    const evil = 'x\u001b[2J\u009b\u202e\u2066\u2028\u{e0041} */ `${1}` ::error::'
    const [first] = committed.charts
    if (first === undefined) throw new Error('the manifest has no chart')
    const odd = { ...committed, charts: [{ ...first, notices: [evil] }], images: [] }
    const text = await renderManifestModule(odd, 'charts.yaml')
    expect(text.split('\n').filter((line) => !isPrintable(line))).toEqual([])
    const read = parseManifest('manifest.ts', text)
    expect(read).toMatchObject({ ok: true, value: { charts: [{ notices: [evil] }] } })
  })
})
