import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readChart } from '../../../scripts/lib/charts/chart/files.ts'
import { unwrap } from '../../../scripts/lib/model/problem.ts'
import { fixture, pod, publicImages, relocate, writeChart } from '../support/charts/relocating.ts'
import { readValuesWithHelm } from '../support/charts/helm-values.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ images: [] })
})
afterAll(() => world.close())

const literal = 'quay.io/example/migrate:1.0'

/** A chart that has to be patched, with one more pod once it is. */
async function repack(spec: string) {
  const chart = await writeChart(world, 'shop', {
    'templates/app.yaml': pod('app', literal),
    'templates/more.yaml': `{{- $image := "${literal}" }}
apiVersion: v1
kind: Pod
metadata: { name: more }
{{- if hasPrefix "quay.io/" $image }}
spec: { containers: [{ name: b }] }
{{- else }}
${spec}
{{- end }}
`,
  })
  const out = await world.folderOf(`packed-${Math.random().toString(36).slice(2)}`)
  return relocate(world, chart, '--repack', out)
}

test('a patched chart is proven if helm reads it in the same way', async () => {
  const { code, stderr } = await repack('spec: { containers: [{ name: b }] }')
  expect(code, stderr).toBe(0)
})

test('a patched chart is not proven if helm reads it differently', async () => {
  const { code, stderr } = await repack('spec: { containers: [{ name: b, ?image: busybox }] }')
  expect(code).toBe(1)
  expect(stderr).toContain('Pod/more is not valid YAML, or helm reads it differently')
})

test('a patched chart does not contain a list from the caller with its other content', async () => {
  const list = '[{ name: side, image: quay.io/a/side:1, env: [{ name: PW, value: hunter2 }] }]'
  const own = await world.write('list.yaml', `extraContainers: ${list}\n`)
  const out = await world.folderOf('packed-list')
  const chart = fixture('extra-containers')
  const { code, stdout, stderr } = await relocate(world, chart, '--repack', out, '-f', own)
  expect(code, stderr).toBe(0)
  expect(stderr).toContain('! the patched chart does not contain extraContainers')
  expect(stderr).toContain('; proven\n')
  const [name = ''] = await readdir(out)
  const archive = join(out, name)
  const { files } = unwrap(await readChart(archive))
  expect([...files.values()].filter((content) => content.includes('hunter2'))).toEqual([])
  const over = await world.write('list-over.yaml', stdout)
  expect(await publicImages(world, archive)).toEqual([])
  expect(await publicImages(world, archive, '-f', own, '-f', over)).toEqual([])
})

/** Values that YAML 1.1 and 1.2 read differently, and what editing could disturb. */
const oddValues = [
  ['octal numbers and switches', 'mode: 0644\non: yes\noff: no\nn: y\nswitch: on\n'],
  [
    'numbers with underscores, signs and exponents',
    'a: 1_000\nb: +12\nc: 1e3\nd: .5\ne: 0x1F\nf: 1.10\n',
  ],
  ['dates and sexagesimal numbers', 'day: 2026-01-02\ntime: 12:30:45\nid: 123456789012\n'],
  [
    'aliases and merge keys',
    'base: &base { x: 1, y: 0777 }\nuse: *base\nmore: { <<: *base, z: 2 }\n',
  ],
  ['empty values and tags', 'a:\nb: ~\nc: ""\nd: !!str 12\ne: {}\nf: []\n'],
  [
    'texts in all styles',
    "a: |\n  one\n    two\nb: >-\n  folded\n  text\nc: 'it''s'\nd: \"tab\\t\"\n",
  ],
  ['text that is no image', 'a: "\\u2028"\nb: "  blanks "\nc: "#no comment"\nd: "0o17"\n'],
] as const

test.each(oddValues)('a patched chart has the same values for helm: %s', async (name, values) => {
  const text = `# a comment\nimage: quay.io/example/app:1.2.3 # another one\n${values}`
  const chart = await writeChart(world, 'odd', {
    'values.yaml': text,
    'templates/app.yaml': pod('app', '{{ .Values.image }}'),
  })
  const out = await world.folderOf(`odd-${name.replaceAll(/\W/g, '-')}`)
  const { code, stderr } = await relocate(world, chart, '--repack', out)
  expect(code, stderr).toBe(0)
  const { files } = unwrap(await readChart(join(out, 'odd-0.1.0.tgz')))
  const patched = files.get('values.yaml')?.toString('utf8') ?? ''
  expect(patched).toContain('# a comment')
  const [before, after] = [await readValuesWithHelm(text), await readValuesWithHelm(patched)]
  const image = `${world.registry}/mirrored/quay.io/example/app:1.2.3`
  expect(after).toEqual({ ...(before as object), image })
})
