import { access, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readValuesText } from '../../../scripts/lib/sources/values/values-file.ts'
import { openAddonsDesk, statuses } from '../support/charts/addons.ts'
import { chartText, deployment, startPublished } from '../support/charts/published.ts'
import { pod, publicImages, relocate, writeChart } from '../support/charts/relocating.ts'
import type { World } from '../support/world.ts'

// Charts, values and lists with keys that reach the prototype shared by all objects. A child that inherits a variable
// from it runs that text: each test leaves a mark that must not appear.
const repository = 'https://charts.example.com/stable'
const image = 'quay.io/acme/app:1.0.0'

let world: World
let mark: string
let attack: string

beforeAll(async () => {
  const files = chartText('victim', '1.0.0', {
    'values.yaml': `image: ${image}\n`,
    'templates/app.yaml': deployment('app', ['{{ .Values.image }}']),
  })
  const named = { ...files, 'Chart.yaml': 'apiVersion: v2\nname: constructor\nversion: 1.0.0\n' }
  world = await startPublished(
    [
      { repository, files },
      { repository, files: named },
    ],
    [image],
  )
  mark = join(await world.folderOf('marks'), 'PWNED')
  attack = `$(touch ${mark}; echo /dev/null) quay.io/acme/app`
})
afterAll(() => world.close())
beforeEach(() => world.sandbox.resetCounters())

async function expectNoMark(): Promise<void> {
  await expect(access(mark)).rejects.toThrow('ENOENT')
}

/** A chart whose image stands below a key of an object's prototype, beside a variable that bash would run. */
const hostileValues = () => `image: ${image}
__proto__:
  BASH_ENV: '${attack}'
  sidecar: quay.io/acme/sidecar:2.0.0
constructor: { prototype: { BASH_ENV: '${attack}' } }
`
const template = pod(
  'app',
  '{{ .Values.image }}',
  '{{ index .Values "__proto__" "sidecar" | default "quay.io/acme/sidecar:2.0.0" }}',
)

describe('relocate-chart, given such keys by', () => {
  const rows: readonly (readonly [string, string, (file: string) => string[]])[] = [
    ['a chart', hostileValues(), () => []],
    ['a values file', 'image: x\n__proto__: {}\n', (file) => ['-f', file]],
    [
      'flags',
      'image: x\n__proto__: {}\n',
      () => [
        '--set',
        `image=${image},__proto__.sidecar=quay.io/acme/sidecar:2.0.0`,
        '--set-string',
        `__proto__.BASH_ENV=${attack}`,
        '--set-json',
        `constructor={"prototype":{"BASH_ENV":"${attack}"}}`,
      ],
    ],
  ]
  test.for(rows)(
    '%s, moves the images below them and runs nothing',
    async ([, values, flagsOf]) => {
      const chart = await writeChart(world, 'hostile', {
        'values.yaml': values,
        'templates/app.yaml': template,
      })
      const flags = flagsOf(await world.write('hostile.yaml', hostileValues()))
      const { code, stdout, stderr } = await relocate(world, chart, ...flags)
      expect(code, stderr).toBe(0)
      expect(stderr).toMatch(/^2 images: proven;/)
      await expectNoMark()
      const override = await world.write('moved.yaml', stdout)
      // To helm a `--set` is stronger than any file: who gives images that way gives them no more.
      const files = flags.filter((_, index) => [index, index - 1].some((at) => flags[at] === '-f'))
      expect(await publicImages(world, chart, ...files, '-f', override)).toEqual([])
    },
  )

  test('a repacked chart', async () => {
    const chart = await writeChart(world, 'hostile', {
      'values.yaml': hostileValues(),
      'templates/app.yaml': template,
    })
    const out = await world.folderOf('repacked')
    const { code, stderr } = await relocate(world, chart, '--repack', out)
    expect(code, stderr).toBe(0)
    await expectNoMark()
    expect(await publicImages(world, join(out, 'hostile-0.1.0.tgz'))).toEqual([])
  })
})

describe('images that only another YAML reader sees are found:', () => {
  test('an image behind a line separator in a comment', async () => {
    const chart = await writeChart(world, 'separated', {
      'values.yaml': `image: ${image}\n`,
      'templates/app.yaml': pod(
        'app',
        '{{ .Values.image }} # pinned\u2028      image: quay.io/evil/hidden:1.0.0',
      ),
    })
    const { code, stderr } = await relocate(world, chart)
    expect(code, stderr).toBe(1)
    expect(stderr).toContain('"quay.io/evil/hidden:1.0.0" stays public at Pod/app')
  })

  test('an image that a merge key puts over another', async () => {
    const chart = await writeChart(world, 'merged', {
      'values.yaml': `image: ${image}\n`,
      'templates/app.yaml': pod(
        'app',
        '{{ .Values.image }}\n      <<: { image: quay.io/evil/merged:1.0.0 }',
      ),
    })
    const { code, stderr } = await relocate(world, chart)
    expect(code, stderr).toBe(1)
    expect(stderr).toContain('"quay.io/evil/merged:1.0.0" stays public at Pod/app')
  })
})

describe('sync-addons, given such keys', () => {
  test('in an add-on’s name and values, scans the add-on and runs nothing', async () => {
    const desk = await openAddonsDesk(world, 'addons')
    await desk.write(
      'values.yaml',
      `constructor:
  chart: constructor
  repoUrl: ${repository}
  targetRevision: 1.0.0
  releaseName: proto
  values:
    __proto__: { BASH_ENV: '${attack}' }
victim:
  chart: victim
  repoUrl: ${repository}
  targetRevision: 1.0.0
`,
    )
    await desk.write(
      'chart-overrides.yaml',
      `overrides:\n  constructor: { __proto__: { BASH_ENV: '${attack}' }, toString: x }\n`,
    )
    const result = await desk.sync(['--scan-only', '--output', 'json'])
    expect(result.code, result.stderr).toBe(0)
    expect(statuses(result)).toEqual({ proto: 'scanned', victim: 'scanned' })
    await expectNoMark()
  })
})

describe('ecr-airlift’s files with such keys are rejected with their place:', () => {
  const relocation = { mirrored: [{ path: ['__proto__', 'BASH_ENV'], value: 'x' }] }

  test.for(['json', 'ts'])('a manifest that is .%s', async (kind) => {
    const text = JSON.stringify({ input: '', charts: [], images: [], relocation }, null, 1)
    const module = `export const manifest = defineManifest(${text})\n`
    const file = await world.write(`hostile.${kind}`, kind === 'ts' ? module : text)
    const args = [world.registry, '--manifest', file]
    const { code, stderr } = await world.script('generate-private-ecr-values.ts', args)
    expect(code, stderr).toBe(file === 'values.yaml' ? 1 : 2)
    expect(stderr).toMatch(new RegExp(`error: .*hostile\\.${kind}:\\d+:\\d+: .*"__proto__"`))
    await expectNoMark()
  })

  test('a lock', async () => {
    const folder = await world.folderOf('locked')
    await writeFile(join(folder, 'manifest.json'), await readFile(world.manifestFile))
    const digest = `sha256:${'a'.repeat(64)}`
    await writeFile(
      join(folder, 'private-ecr-lock.json'),
      `{ "images": {\n "__proto__": { "digest": "${digest}" } }, "charts": {} }\n`,
    )
    const { code, stderr } = await world.mirror([
      '--plan',
      '--manifest',
      join(folder, 'manifest.json'),
    ])
    expect(code, stderr).toBe(2)
    expect(stderr).toMatch(/error: .*private-ecr-lock\.json:2:\d+: .*"__proto__" cannot be a key/)
  })

  test('a chart list', async () => {
    const list = await world.write(
      'charts.yaml',
      `charts: []\ndirect:\n  - reference: ${image}\n    reason: x\n    leaves: { __proto__.BASH_ENV: reference }\n`,
    )
    const { code, stderr } = await world.script('regenerate-manifest.ts', ['--list', list])
    expect(code, stderr).toBe(2)
    expect(stderr).toMatch(/charts\.yaml:5:\d+: .*"__proto__\.BASH_ENV" is not a leaf path/)
  })
})

describe('an endless chart is rejected:', () => {
  const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x]']
  for (let level = 1; level <= 9; level += 1) {
    bomb.push(
      `a${level}: &a${level} [${Array.from({ length: 9 }, () => `*a${level - 1}`).join(', ')}]`,
    )
  }
  test.for([
    [
      'aliases of aliases in Chart.yaml',
      'Chart.yaml',
      bomb.join('\n'),
      /Chart\.yaml:\d+:\d+: aliases/,
    ],
    [
      'aliases of aliases in values.yaml',
      'values.yaml',
      bomb.join('\n'),
      /excessive aliasing|aliases expand/,
    ],
    ['lists in lists', 'values.yaml', `a: ${'['.repeat(100_000)}`, /max depth|nest/],
  ] as const)('%s', { timeout: 60_000 }, async ([, file, text, words]) => {
    const head = file === 'Chart.yaml' ? 'apiVersion: v2\nname: endless\nversion: 0.1.0\n' : ''
    const chart = await writeChart(world, 'endless', {
      [file]: `${head}${text}\n`,
      'templates/app.yaml': pod('app', image),
    })
    const { code, stderr } = await relocate(world, chart)
    expect(code, stderr).toBe(file === 'values.yaml' ? 1 : 2)
    expect(stderr).toMatch(words)
    expect(stderr).not.toMatch(/this is a bug|RangeError|FATAL/)
  })
})

test('printed values have such keys in a form that our reader also accepts', async () => {
  const chart = await writeChart(world, 'hostile', {
    'values.yaml': hostileValues(),
    'templates/app.yaml': template,
  })
  const { stdout } = await relocate(world, chart)
  const read = readValuesText('values.yaml', stdout)
  expect(read.ok && Object.keys(read.value)).toContain('__proto__')
})
