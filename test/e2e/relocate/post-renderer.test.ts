import { execFileSync } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../../../scripts/lib/tools/process/exec.ts'
import { surroundingsOf } from '../../unit/support/surroundings.ts'
import { fixture, pod, publicImages, relocate, writeChart } from '../support/charts/relocating.ts'
import { imagesIn } from '../support/charts/render.ts'
import { helm } from '../support/tools.ts'
import { startWorld, type World } from '../support/world.ts'

// A post-renderer, for images that no value reaches in a chart that must remain unchanged.
let world: World
let chart: string
let folder: string
let values: string
let stderr: string

const literal = [
  'quay.io/example/job:1.0.0',
  'docker.io/library/busybox:1.28',
  'docker.io/library/busybox:1.28.1',
  'docker.io/library/busybox',
]

beforeAll(async () => {
  world = await startWorld({ images: [] })
  chart = await writeChart(world, 'probe', {
    'values.yaml': 'image: quay.io/example/app:1.2.3\n',
    'templates/app.yaml': pod(
      'busybox',
      '{{ .Values.image }}',
      '"quay.io/example/job:1.0.0"',
      'busybox:1.28',
      "'busybox:1.28.1'",
      'busybox',
    ),
    'templates/config.yaml':
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: busybox }\ndata:\n  images: quay.io/example/job:1.0.0,quay.io/example/job:1.0.0 quay.io/example/job:1.0.0\n',
    'templates/hook.yaml': pod('hook', 'quay.io/example/job:1.0.0').replace(
      'name: hook\n',
      'name: hook\n  annotations: { "helm.sh/hook": pre-install }\n',
    ),
  })
  folder = await world.folderOf('plugins')
  const result = await relocate(world, chart, '--post-renderer', folder)
  expect(result.code, result.stderr).toBe(0)
  values = await world.write('values.yaml', result.stdout)
  stderr = result.stderr
})
afterAll(() => world.close())

const script = () => join(folder, 'ecr-airlift-references', 'rewrite.sh')
const moved = (reference: string) => `${world.registry}/mirrored/${reference}`

function rewrite(text: string): string {
  return execFileSync('sh', [script()], {
    input: text,
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin' },
  })
}

test('helm, with the values and the post-renderer, renders only private references', async () => {
  expect(await publicImages(world, chart, '-f', values)).not.toEqual([])
  const args = ['template', 'it', chart, '-f', values, '--post-renderer', 'ecr-airlift-references']
  const env = { ...world.env, HELM_PLUGINS: folder }
  const rendered = await run({ tool: helm, args }, surroundingsOf(env))
  expect(rendered.ok, rendered.stderr).toBe(true)
  expect(imagesIn(rendered.stdout)).toEqual(
    ['quay.io/example/app:1.2.3', ...literal].map(moved).toSorted(),
  )
  expect(rendered.stdout).toContain('name: busybox\n')
})

test('it reports what the post-renderer does and does not reach, and can be run', async () => {
  expect(stderr).toContain(`wrote ${folder}, which rewrites `)
  expect(stderr).toContain('but nothing in crds/; proven with the values\n')
  expect((await stat(script())).mode & 0o111).toBe(0o111)
})

test('what values redirect in part is rewritten as they leave it', async () => {
  const sources = fixture('global-registry-two-sources')
  const into = await world.folderOf('partly')
  const partly = await relocate(world, sources, '--post-renderer', into)
  expect(partly.code, partly.stderr).toBe(0)
  expect(partly.stderr).toContain('; proven with the values\n')
  const file = await world.write('partly.yaml', partly.stdout)
  const args = ['template', 'it', sources, '-f', file, '--post-renderer', 'ecr-airlift-references']
  const surroundings = surroundingsOf({ ...world.env, HELM_PLUGINS: into })
  const rendered = await run({ tool: helm, args }, surroundings)
  expect(rendered.ok, rendered.stderr).toBe(true)
  expect(imagesIn(rendered.stdout)).toEqual(
    ['ghcr.io/example/app:1.2.3', 'quay.io/example/proxy:2.0.0'].map(moved),
  )
})

describe('a post-renderer is not proven', () => {
  test.each<readonly [string, string, Readonly<Record<string, string>>, RegExp]>([
    [
      'when an image is in crds/, which helm does not pass to it',
      'definitions',
      {
        'crds/pod.yaml': pod('app', 'quay.io/example/job:1.0.0'),
        'templates/pod.yaml': pod('app', 'quay.io/example/job:1.0.0'),
      },
      /"quay\.io\/example\/job:1\.0\.0", not /,
    ],
    [
      'when helm fails with it, because nothing is passed to it',
      'definitions-only',
      { 'crds/pod.yaml': pod('app', 'quay.io/example/job:1.0.0') },
      /helm fails with it: .*produced empty output/,
    ],
    [
      'when it changes something else as well',
      'echoing',
      {
        'templates/pod.yaml': pod('app', 'busybox'),
        'templates/config.yaml':
          'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata:\n  usage: "the default image: busybox"\n',
      },
      /data\.usage/,
    ],
  ])('%s', async (_, name, files, fault) => {
    const broken = await writeChart(world, name, files)
    const into = await world.folderOf(`of-${name}`)
    const result = await relocate(world, broken, '--post-renderer', into)
    expect(result.code, result.stderr).toBe(1)
    expect(result.stderr).toContain('; unproven\n')
    expect(result.stderr).toMatch(
      new RegExp(`^error: ${name} with the post-renderer is not proven: .*${fault.source}`, 'm'),
    )
    expect(result.stderr).toContain('→ write a patched chart with --repack DIR instead')
  })
})

describe('rewrite.sh alone', () => {
  const job = 'quay.io/example/job:1.0.0'

  test.for([
    ['a value', `image: ${job}`, () => `image: ${moved(job)}`],
    ['double quotes', `image: "${job}"`, () => `image: "${moved(job)}"`],
    ['single quotes', `- image: '${job}'`, () => `- image: '${moved(job)}'`],
    ['an argument', `- --image=${job}`, () => `- --image=${moved(job)}`],
    ['neighbours', `${job} ${job},${job}`, () => `${moved(job)} ${moved(job)},${moved(job)}`],
    ['a tag', 'image: busybox:1.28', () => `image: ${moved('docker.io/library/busybox:1.28')}`],
    [
      'a longer tag',
      'image: busybox:1.28.1',
      () => `image: ${moved('docker.io/library/busybox:1.28.1')}`,
    ],
    [
      'both tags in one line',
      'busybox:1.28.1 busybox:1.28',
      () =>
        `${moved('docker.io/library/busybox:1.28.1')} ${moved('docker.io/library/busybox:1.28')}`,
    ],
    ['a bare word', 'image: busybox', () => `image: ${moved('docker.io/library/busybox')}`],
    [
      'a bare word in a flow mapping',
      '- { image: busybox, name: a }',
      () => `- { image: ${moved('docker.io/library/busybox')}, name: a }`,
    ],
    [
      'bare words in JSON',
      '[{"image":"busybox"},{"image":"busybox"}]',
      () => `[${[0, 1].map(() => `{"image":"${moved('docker.io/library/busybox')}"}`).join(',')}]`,
    ],
    [
      'a bare word in quotes',
      'image: "busybox"',
      () => `image: "${moved('docker.io/library/busybox')}"`,
    ],
  ] as const)('rewrites %s', ([, before, after]) => {
    expect(rewrite(`${before}\n`)).toBe(`${after()}\n`)
  })

  test.for([
    ['a bare word as a name', 'name: busybox'],
    ['a bare word as a command', 'command: [busybox, sh]'],
    ['a bare word in a list', 'image: busybox,alpine'],
    ['a tag that goes on', 'image: busybox:1.280'],
    ['a tag with a suffix', 'image: busybox:1.28-musl'],
    ['another registry', 'image: ghcr.io/other/busybox:1.28'],
    ['a longer path', `image: x${job}`],
    ['a point where a tag has another character', 'image: quay.io/example/job:1x0.0'],
    ['a pinned reference', `image: ${job}@sha256:${'ab'.repeat(32)}`],
    ['nothing', ''],
  ] as const)('leaves alone %s', ([, text]) => {
    expect(rewrite(`${text}\n`)).toBe(`${text}\n`)
  })
})

test('a chart that values move completely has a post-renderer that changes nothing', async () => {
  const whole = await writeChart(world, 'whole', {
    'values.yaml': 'image: quay.io/example/app:1.2.3\n',
    'templates/app.yaml': pod('app', '{{ .Values.image }}'),
  })
  const into = await world.folderOf('idle')
  const result = await relocate(world, whole, '--post-renderer', into)
  expect(result.code, result.stderr).toBe(0)
  const file = join(into, 'ecr-airlift-references', 'rewrite.sh')
  const input = 'image: busybox\n'
  expect(execFileSync('sh', [file], { input, encoding: 'utf8' })).toBe(input)
})
