import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  pod,
  publicImages,
  relocate,
  renderWithHelm,
  writeChart,
} from '../support/charts/relocating.ts'
import { imagesIn } from '../support/charts/render.ts'
import { startWorld, type World } from '../support/world.ts'

// Values from a consumer: only helm's own reading counts, so helm is called.
let world: World
let chart: string

beforeAll(async () => {
  world = await startWorld({ images: [] })
  chart = await writeChart(world, 'values-probe', {
    'values.yaml': `image: { registry: quay.io, repository: example/app, tag: 1.2.3 }
args: [--image=quay.io/example/job:1.0.0]
annotations: {}
sidecar: { image: quay.io/example/sidecar:1.0.0 }
extra: []
`,
    'templates/app.yaml': `apiVersion: v1
kind: Pod
metadata:
  name: app
  annotations: {{ toJson .Values.annotations }}
spec:
  containers:
    - name: app
      image: {{ with .Values.image.registry }}{{ . }}/{{ end }}{{ .Values.image.repository }}:{{ .Values.image.tag }}
      args: {{ toJson .Values.args }}
    {{- with .Values.sidecar }}
    - name: sidecar
      image: {{ .image }}
    {{- end }}
    {{- range .Values.extra }}
    - name: {{ .name }}
      image: {{ .image }}
    {{- end }}
`,
  })
})
afterAll(() => world.close())

/** The kit calls images by their full names. */
function canonical(image: string): string {
  const [host = ''] = image.split('/')
  return host.includes('.') ? image : `docker.io/${image}`
}

async function rendered(...flags: readonly string[]): Promise<string[]> {
  const images = imagesIn(await renderWithHelm(world, chart, ...flags))
  return [...new Set(images.flatMap((image) => image.split(',')).map(canonical))].toSorted()
}

async function found(...flags: readonly string[]): Promise<string[]> {
  const { code, stdout, stderr } = await relocate(world, chart, '--images', ...flags)
  expect(code, stderr).toBe(0)
  return stdout.split('\n').filter((line) => line !== '')
}

/** Flags, and files after `-f` by their content. */
type Row = readonly [name: string, files: readonly string[], flags: readonly string[]]

const rows: readonly Row[] = [
  ['one leaf', [], ['--set', 'image.registry=ghcr.io']],
  ['several leaves, with commas', [], ['--set', 'image.repository=other/app,image.tag=2.0.0']],
  ['the flag repeated', [], ['--set', 'image.repository=other/app', '--set', 'image.tag=2.0.0']],
  [
    'a list in braces',
    [],
    ['--set', 'args={--image=ghcr.io/example/a:1.0.0,--image=ghcr.io/example/b:2.0.0}'],
  ],
  [
    'an escaped comma',
    [],
    ['--set', String.raw`args={--images=ghcr.io/example/a:1.0.0\,ghcr.io/example/b:2.0.0}`],
  ],
  [
    'an escaped dot',
    [],
    ['--set', String.raw`annotations.example\.com/image=ghcr.io/example/a:1.0.0`],
  ],
  [
    'an item of a list',
    [],
    ['--set', 'extra[0].name=x,extra[0].image=ghcr.io/example/extra:1.0.0'],
  ],
  ['null, which takes a default away', [], ['--set', 'image.registry=null']],
  ['null for a map', [], ['--set', 'sidecar=null']],
  ['null among others', [], ['--set', 'image.registry=null,image.tag=2.0.0']],
  ['a number as a tag', [], ['--set', 'image.tag=2024']],
  ['--set-string with a number', [], ['--set-string', 'image.tag=0012']],
  ['--set-string with the word null', [], ['--set-string', 'image.tag=null']],
  ['--set-string over --set', [], ['--set-string', 'image.tag=1', '--set', 'image.tag=2.0.0']],
  ['text in a list that looks like a null', [], ['--set', 'args={a,image=null,sidecar=null}']],
  [
    '--set-json for a list',
    [],
    ['--set-json', 'extra=[{"name":"x","image":"ghcr.io/example/extra:1.0.0"}]'],
  ],
  ['--set-json for a leaf', [], ['--set-json', 'image.tag="2.0.0"']],
  ['--set-json with null', [], ['--set-json', 'image.registry=null']],
  ['--set-json with null inside', [], ['--set-json', 'image={"registry":null,"tag":"2.0.0"}']],
  ['a file', ['image: { registry: ghcr.io }'], []],
  ['two files, the last the strongest', ['image: { tag: 2.0.0 }', 'image: { tag: 3.0.0 }'], []],
  ['a file under --set', ['image: { tag: 2.0.0 }'], ['--set', 'image.tag=3.0.0']],
  ['a file with null', ['image: { registry: null }'], []],
  ['a file with null for a whole map', ['sidecar: null'], []],
  [
    'a second file with null',
    ['image: { registry: ghcr.io }', 'image: { registry: null, tag: 2.0.0 }'],
    [],
  ],
  [
    '--set of one item in a list of a file',
    [
      'extra: [{ name: x, image: "ghcr.io/example/x:1.0.0" }, { name: y, image: "ghcr.io/example/y:1.0.0" }]',
    ],
    ['--set', 'extra[1].image=ghcr.io/example/y:2.0.0'],
  ],
]

describe('the images are those of helm with', () => {
  test.for(rows)('%s', async ([name, files, flags]) => {
    const paths = await Promise.all(
      files.map((text, index) => world.write(`${name.replaceAll(/\W/g, '-')}-${index}.yaml`, text)),
    )
    const all = [...paths.flatMap((path) => ['-f', path]), ...flags]
    const expected = await rendered(...all)
    const [own, given] = [await rendered(), await found(...all)]
    // A row that changed nothing would show nothing.
    if (!name.startsWith('text')) expect(expected).not.toEqual(own)
    expect(given).toEqual(expected)
  })

  test('nothing given', async () => {
    expect(await found()).toEqual(await rendered())
  })
})

test('a consumer can pass the printed values after their own files', async () => {
  const file = await world.write(
    'own.yaml',
    'image: { registry: ghcr.io }\nextra: [{ name: x, image: "ghcr.io/example/x:1.0.0" }]\n',
  )
  const { code, stdout, stderr } = await relocate(world, chart, '-f', file)
  expect(code, stderr).toBe(0)
  const over = await world.write('over.yaml', stdout)
  expect(await publicImages(world, chart, '-f', file)).not.toEqual([])
  expect(await publicImages(world, chart, '-f', file, '-f', over)).toEqual([])
})

describe('invalid values are rejected:', () => {
  test('a list in a file, with its place', async () => {
    const file = await world.write('list.yaml', '- a\n')
    const { code, stdout, stderr } = await relocate(world, chart, '-f', file)
    expect(code, stderr).toBe(2)
    expect(stderr).toMatch(/list\.yaml:1:1: .*values must be a mapping, as in a values file/)
    expect(stdout).toBe('')
  })

  test('broken YAML, with its place', async () => {
    const file = await world.write('broken.yaml', 'a: 1\nb: [\n')
    const { code, stderr } = await relocate(world, chart, '-f', file)
    expect(code, stderr).toBe(2)
    expect(stderr).toMatch(/broken\.yaml:\d+:\d+: /)
  })

  test.for([
    ['a list with a tag that names mappings', 'annotations: !!omap [x]\n', 'annotations'],
    ['a block of blank lines', 'args: [x]\nsidecar:\n  image: |2\n\n     \n', 'sidecar.image'],
  ] as const)('%s, which helm reads otherwise', async ([, text, leaf]) => {
    const file = await world.write('odd.yaml', text)
    const { code, stdout, stderr } = await relocate(world, chart, '-f', file)
    expect(code, stderr).toBe(2)
    expect(stderr).toContain(
      `odd.yaml: helm reads a different value for "${leaf}" than this command does`,
    )
    expect(stdout).toBe('')
  })

  test('a missing file', async () => {
    const { code, stderr } = await relocate(world, chart, '-f', 'nowhere.yaml')
    expect(code, stderr).toBe(2)
    expect(stderr).toMatch(
      /values file "nowhere\.yaml" cannot be read: it does not exist\n {2}→ check/,
    )
  })

  test.for([
    ['--set', 'image.tag'],
    ['--set', 'args[-1]=x'],
    ['--set-json', 'extra=[{'],
  ] as const)('%s %s, in the words of helm', async ([flag, text]) => {
    const { code, stdout, stderr } = await relocate(world, chart, flag, text)
    expect(code, stderr).toBe(2)
    expect(stderr).toMatch(/^error: .*failed parsing --set/m)
    expect(stderr).toContain('check the values of --set')
    expect(stdout).toBe('')
  })
})

test('a chart that depends on its release name is rendered for the given one', async () => {
  const image = '{{ if eq .Release.Name "prod" }}quay.io/a/prod:1{{ else }}quay.io/a/dev:1{{ end }}'
  const named = await writeChart(world, 'named', { 'templates/app.yaml': pod('app', image) })
  const own = await relocate(world, named, '--images')
  const given = await relocate(world, named, '--images', '--release-name', 'prod')
  expect([own.stdout, given.stdout]).toEqual(['quay.io/a/dev:1\n', 'quay.io/a/prod:1\n'])
})

describe('a flag that sets a leaf of the printed values', () => {
  const flags = ['--set', 'image.registry=ghcr.io,image.tag=2.0.0'] as const

  test('is named, because flags win over files', async () => {
    const { code, stdout, stderr } = await relocate(world, chart, ...flags)
    expect(code, stderr).toBe(0)
    const named = stderr.split('\n').filter((line) => line.includes('do not set'))
    expect(named).toEqual([
      '! do not set "image.registry" with a flag when you install: for helm, flags win over files',
    ])
    const file = await world.write('beaten.yaml', stdout)
    expect(await publicImages(world, chart, '-f', file, ...flags)).not.toEqual([])
    expect(await publicImages(world, chart, '-f', file, '--set', 'image.tag=2.0.0')).toEqual([])
  })

  test('is in the JSON, too', async () => {
    const { stdout } = await relocate(world, chart, ...flags, '--output', 'json')
    expect(JSON.parse(stdout)).toMatchObject({ beaten: ['image.registry'] })
  })

  test('is not one in a values file, which the printed file follows', async () => {
    const own = await world.write('own.yaml', 'image: { registry: ghcr.io }\n')
    const { stderr } = await relocate(world, chart, '-f', own)
    expect(stderr).not.toContain('do not set')
  })
})
