import { readFile, symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../../../scripts/lib/tools/process/exec.ts'
import { surroundingsOf } from '../../unit/support/surroundings.ts'
import { fixture, pod, relocate, renderWithHelm } from '../support/charts/relocating.ts'
import { imagesIn } from '../support/charts/render.ts'
import { startWorld, type World } from '../support/world.ts'

// Manifests instead of a chart: they are rewritten, and compared with what they were.
let world: World
let folder: string

const app = 'quay.io/example/app:1.2.3'
const moved = (reference: string) => `${world.registry}/mirrored/${reference}`
const thing = (repository: string) =>
  `apiVersion: example.com/v1\nkind: Thing\nmetadata: { name: a }\nspec:\n  image: { repository: ${repository}, tag: v1 } # the tag stays\n`

beforeAll(async () => {
  world = await startWorld({ images: [] })
  folder = await world.folderOf('all')
  await world.folderOf('all/more')
  await world.write('all/app.yaml', pod('app', app, 'busybox'))
  await world.write('all/more/thing.yml', thing('quay.io/example/thing'))
  await world.write(
    'all/pod.json',
    `{\n\t"apiVersion": "v1", "kind": "Pod", "metadata": { "name": "json" },\n\t"spec": { "containers": [{ "name": "a", "image": "${app}" }] }\n}\n`,
  )
})
afterAll(() => world.close())

const project = resolve(import.meta.dirname, '../../..')
const tsx = createRequire(import.meta.url).resolve('tsx')

/** Runs the command as a user would, with a text on stdin. */
async function pipe(input: string, ...flags: readonly string[]) {
  const script = join(project, 'scripts/relocate-chart.ts')
  const args = ['--import', tsx, script, world.registry, '-', ...flags]
  return run({ tool: process.execPath, args }, { ...surroundingsOf(world.env), input })
}

test('a folder is printed as one stream, with every reference at its destination', async () => {
  const result = await relocate(world, folder)
  expect(result.code, result.stderr).toBe(0)
  expect(result.stderr).toMatch(/^3 images: proven; 3 documents, [\d.]+ s\n$/)
  expect(imagesIn(result.stdout)).toEqual([app, 'docker.io/library/busybox'].map(moved).toSorted())
  expect(result.stdout).toContain(thing(moved('quay.io/example/thing')))
  expect(result.stdout).toContain('---\n# Source: all/more/thing.yml\n')
  expect(result.stdout.replaceAll(`${world.registry}/mirrored/`, '')).toBe(
    await readFile(join(folder, 'app.yaml'), 'utf8').then(async (text) =>
      [
        ['app.yaml', text.replace('busybox\n', 'docker.io/library/busybox\n')],
        ['more/thing.yml', thing('quay.io/example/thing')],
        ['pod.json', await readFile(join(folder, 'pod.json'), 'utf8')],
      ]
        .map(([name, content]) => `---\n# Source: all/${name}\n${content}`)
        .join(''),
    ),
  )
})

test('a file, and what helm renders on stdin, are rewritten in place', async () => {
  const file = join(folder, 'app.yaml')
  const text = await readFile(file, 'utf8')
  const after = text.replace(app, moved(app)).replace('busybox', moved('docker.io/library/busybox'))
  const result = await relocate(world, file, '-q')
  expect([result.code, result.stdout, result.stderr]).toEqual([0, after, ''])
  const rendered = await renderWithHelm(world, fixture('literal-image'))
  const piped = await pipe(rendered)
  expect(piped.exitCode, piped.stderr).toBe(0)
  expect(piped.stderr).toMatch(/^\d+ images?: proven; /)
  expect(piped.stdout).not.toBe(rendered)
  expect(piped.stdout.replaceAll(`${world.registry}/mirrored/`, '')).toBe(rendered)
})

test('a post-renderer is written instead, proven, and does the same', async () => {
  const into = await world.folderOf('script')
  const file = join(folder, 'app.yaml')
  const result = await relocate(world, file, '--post-renderer', into)
  expect(result.code, result.stderr).toBe(0)
  expect(result.stdout).toBe('')
  expect(result.stderr).toMatch(/^2 images: proven; .*\nwrote \S+, which rewrites 2 references\n$/)
  const script = join(into, 'ecr-airlift-references', 'rewrite.sh')
  const input = await readFile(file, 'utf8')
  const rewritten = await run({ tool: '/bin/sh', args: [script] }, { ...surroundingsOf(), input })
  expect(rewritten.stdout).toBe((await relocate(world, file)).stdout)
})

test('images and details are printed as for a chart', async () => {
  const images = await relocate(world, folder, '--images')
  expect(images.stdout).toBe(
    `docker.io/library/busybox:latest\nquay.io/example/app:1.2.3\nquay.io/example/thing:v1\n`,
  )
  const details = await relocate(world, folder, '--output', 'json', '--prefix', 'team')
  expect(JSON.parse(details.stdout)).toMatchObject({
    input: { name: 'all', documents: 3 },
    state: 'proven',
    questions: [],
    unmoved: [],
    images: [{}, { reference: app, destination: `${world.registry}/team/mirrored/${app}` }, {}],
    proof: { result: 'proven', places: 4 },
  })
})

test('an image that is no text of its own stays public, with its place and its remedy', async () => {
  const data = Buffer.from(app).toString('base64')
  const text = `apiVersion: v1\nkind: Secret\nmetadata: { name: a }\ndata: { image: ${data} }\n`
  const result = await pipe(text)
  expect(result.exitCode).toBe(1)
  expect(result.stderr).toContain(
    `error: "${app}" stays public at Secret/a data.image, from stdin: it cannot be rewritten as a text there\n  → change it to "${moved(app)}" there, or continue with --allow-unproven\n`,
  )
  expect((await pipe(text, '--allow-unproven')).exitCode).toBe(0)
  const remedied = await pipe(text.replace(data, Buffer.from(moved(app)).toString('base64')))
  expect(remedied.exitCode, remedied.stderr).toBe(0)
})

test('questions are asked, and settled, as about a chart', async () => {
  const text = `${pod('app', app)}---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { registry: ghcr.io }\n`
  const asked = await pipe(text, '--strict')
  expect(asked.exitCode).toBe(1)
  expect(asked.stderr).toContain('1 image: proven, 1 open question; ')
  expect(asked.stderr).toContain('settle it with --ignore ghcr.io\n')
  expect((await pipe(text, '--strict', '--ignore', 'ghcr.io')).exitCode).toBe(0)
})

describe('what helm reads differently is not proven', () => {
  test.each([
    ['a template', 'apiVersion: v1\nkind: Pod\nspec: {{ .Values.spec }}\n'],
    ['an unknown anchor', 'apiVersion: v1\nkind: Pod\nspec: *none\n'],
  ])('%s', async (_, text) => {
    const result = await pipe(text)
    expect(result.exitCode).toBe(1)
    expect(result.stderr).toContain('is not valid YAML, or helm reads it differently')
  })
})

describe('refused is', () => {
  test('a flag that is about charts', async () => {
    const result = await relocate(world, folder, '--set', 'a=b')
    expect([result.code, result.stdout]).toEqual([2, ''])
    expect(result.stderr).toBe(
      'error: --set does not apply to "all", which is read as manifests: manifests have no values\n  → omit --set, or specify a chart\n',
    )
  })

  test('a link out of a folder', async () => {
    const linked = await world.folderOf('linked')
    await world.write('linked/app.yaml', pod('app', app))
    await symlink('/etc/hosts', join(linked, 'hosts.yaml'))
    const result = await relocate(world, linked)
    expect([result.code, result.stdout]).toEqual([2, ''])
    expect(result.stderr).toContain('"linked/hosts.yaml" is a link that leads out of the folder')
  })

  test('text that could control a terminal, unless it goes to a file', async () => {
    const result = await pipe(`${pod('app', app)}# \u202e\n`)
    expect([result.exitCode, result.stdout]).toEqual([2, ''])
    expect(result.stderr).toContain(String.raw`could control a terminal: # \u202e`)
  })
})
