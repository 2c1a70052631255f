import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { hashChart, readChart } from '../../../scripts/lib/charts/chart/files.ts'
import { unwrap } from '../../../scripts/lib/model/problem.ts'
import {
  fixture,
  pod,
  publicImages,
  relocate,
  renderWithHelm,
  writeChart,
} from '../support/charts/relocating.ts'
import { imagesIn } from '../support/charts/render.ts'
import { helm } from '../support/tools.ts'
import { startWorld, type World } from '../support/world.ts'

// A patched chart, for images that no value reaches.
let world: World

beforeAll(async () => {
  world = await startWorld({ images: [] })
})
afterAll(() => world.close())

const moved = (reference: string) => `${world.registry}/mirrored/${reference}`
const folders = { last: 0 }

/** Repacks a chart into a fresh folder. Returns the archive, which must be there alone. */
async function repack(chart: string, ...flags: readonly string[]) {
  folders.last += 1
  const folder = await world.folderOf(`patched-${folders.last}`)
  const { code, stdout, stderr } = await relocate(world, chart, '--repack', folder, ...flags)
  expect(code, stderr).toBe(0)
  const [name, ...others] = await readdir(folder)
  expect(others).toEqual([])
  return { archive: join(folder, name ?? ''), stdout, stderr }
}

async function filesOf(archive: string): Promise<ReadonlyMap<string, Buffer>> {
  return unwrap(await readChart(archive)).files
}

const values = `# How many.
replicas:   2 # as many as nodes

image:
    repository: 'quay.io/example/app'  # where from
    tag: "1.2.3"   # which
sidecar: {image: quay.io/example/sidecar:0.4.0, port: 80}
`
const app = pod(
  'app',
  '{{ .Values.image.repository }}:{{ .Values.image.tag }}',
  '{{ .Values.sidecar.image }}',
)

interface Row {
  readonly that: string
  readonly files: Readonly<Record<string, string>>
  readonly changed: string
  readonly images: readonly string[]
}

const subchart = {
  'charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 0.1.0\n',
  'charts/sub/values.yaml': '',
  'charts/sub/templates/job.yaml': pod('job', 'quay.io/example/job:1.0.0'),
}

const rows: readonly Row[] = [
  {
    that: 'an image in a template',
    files: {
      'values.yaml': values,
      'templates/app.yaml': app,
      'templates/job.yaml': pod('job', '"quay.io/example/job:1.0.0"'),
    },
    changed: 'values.yaml, templates/job.yaml',
    images: [
      'quay.io/example/app:1.2.3',
      'quay.io/example/job:1.0.0',
      'quay.io/example/sidecar:0.4.0',
    ],
  },
  {
    that: 'an image in the template of a subchart',
    files: { ...subchart, 'templates/app.yaml': pod('app', 'quay.io/example/app:1.2.3') },
    changed: 'templates/app.yaml, charts/sub/templates/job.yaml',
    images: ['quay.io/example/app:1.2.3', 'quay.io/example/job:1.0.0'],
  },
  {
    that: 'an image in the template of a subchart that goes by an alias',
    files: {
      ...subchart,
      'Chart.yaml':
        'apiVersion: v2\nname: probe\nversion: 0.1.0\ndependencies: [{ name: sub, version: 0.1.0, alias: blue }]\n',
    },
    changed: 'charts/sub/templates/job.yaml',
    images: ['quay.io/example/job:1.0.0'],
  },
  {
    that: 'a bare name beside words that look like it',
    files: {
      'templates/app.yaml': `${pod('busybox', 'busybox')}    - name: busybox\n      image: 'busybox'\n      command: [busybox, sh]\n`,
    },
    changed: 'templates/app.yaml',
    images: ['docker.io/library/busybox', 'docker.io/library/busybox'],
  },
  {
    that: 'a bare name before a comment',
    files: { 'templates/app.yaml': pod('app', 'busybox # small') },
    changed: 'templates/app.yaml',
    images: ['docker.io/library/busybox'],
  },
  {
    that: 'a tag that is the beginning of another',
    files: { 'templates/app.yaml': pod('app', 'busybox:1.28', 'busybox:1.28.1') },
    changed: 'templates/app.yaml',
    images: ['docker.io/library/busybox:1.28', 'docker.io/library/busybox:1.28.1'],
  },
  {
    that: 'a name that is the end of another',
    files: { 'templates/app.yaml': pod('app', 'example/app:1.0.0', 'quay.io/example/app:1.0.0') },
    changed: 'templates/app.yaml',
    images: ['docker.io/example/app:1.0.0', 'quay.io/example/app:1.0.0'],
  },
  {
    that: 'an image with and without a digest',
    files: {
      'templates/app.yaml': pod(
        'app',
        'quay.io/example/app:1.0.0',
        `quay.io/example/app:1.0.0@sha256:${'ab'.repeat(32)}`,
      ),
    },
    changed: 'templates/app.yaml',
    images: ['quay.io/example/app:1.0.0', `quay.io/example/app:1.0.0@sha256:${'ab'.repeat(32)}`],
  },
  {
    that: 'an image in a resource of crds/',
    files: {
      'crds/pod.yaml': pod('early', 'quay.io/example/early:1.0.0'),
      'templates/app.yaml': pod('app', 'quay.io/example/app:1.2.3'),
    },
    changed: 'crds/pod.yaml, templates/app.yaml',
    images: ['quay.io/example/app:1.2.3', 'quay.io/example/early:1.0.0'],
  },
  {
    that: 'an image in a file that a template reads',
    files: {
      'files/job.yaml': pod('job', 'quay.io/example/job:1.0.0'),
      'templates/config.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: jobs }\ndata:\n  job.yaml: {{ .Files.Get "files/job.yaml" | quote }}\n',
    },
    changed: 'files/job.yaml',
    images: ['quay.io/example/job:1.0.0'],
  },
  {
    that: 'an image in a text of several lines in values',
    files: {
      'values.yaml':
        'config: |\n  image: quay.io/example/job:1.0.0\n  debug: true\nquoted: "{\\"image\\": \\"quay.io/example/json:1.0.0\\"}"\n',
      'templates/config.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c }\ndata:\n  a: {{ .Values.config | quote }}\n  b: {{ .Values.quoted | quote }}\n',
    },
    changed: 'values.yaml',
    images: ['quay.io/example/job:1.0.0', 'quay.io/example/json:1.0.0'],
  },
  {
    that: 'an image under an anchor, and again under its alias',
    files: {
      'values.yaml':
        'app: &app { repository: quay.io/example/app, tag: 1.2.3 }\nweb: *app\nhost: &host quay.io\nsource: *host\n',
      'templates/app.yaml': `${pod('app', '{{ .Values.app.repository }}:{{ .Values.app.tag }}', '{{ .Values.web.repository }}:{{ .Values.web.tag }}', '{{ .Values.host }}/example/job:1.0.0')}    - { name: env, image: quay.io/example/job:1.0.0, env: [{ name: SOURCE, value: {{ .Values.source }} }] }\n`,
    },
    changed: 'values.yaml, templates/app.yaml',
    images: ['quay.io/example/app:1.2.3', 'quay.io/example/job:1.0.0'],
  },
]

describe('a repacked chart renders only private references, with helm and without values, from', () => {
  test.for(rows.map((row) => [row.that, row] as const))(
    '%s',
    async ([, { files, images, changed }]) => {
      const chart = await writeChart(world, 'probe', files)
      expect(await publicImages(world, chart)).not.toEqual([])
      const { archive, stderr } = await repack(chart)
      expect(stderr).toContain('; proven\n')
      const rendered = await renderWithHelm(world, archive)
      expect(imagesIn(rendered)).toEqual([...new Set(images.map(moved))].toSorted())
      const metadata = (await filesOf(archive)).get('Chart.yaml')?.toString() ?? ''
      const { annotations } = parse(metadata) as { annotations: Record<string, string> }
      expect(annotations['ecr-airlift/changed']?.split(', ').toSorted()).toEqual(
        changed.split(', ').toSorted(),
      )
    },
  )

  test('the fixture with an image in its template', async () => {
    const { archive } = await repack(fixture('literal-image'))
    expect(await publicImages(world, archive)).toEqual([])
  })
})

describe('a repacked chart', () => {
  test('keeps comments and layout of values.yaml: only lines with leaves differ', async () => {
    const files = { 'values.yaml': values, 'templates/app.yaml': app }
    const { archive } = await repack(await writeChart(world, 'probe', files))
    const after = (await filesOf(archive)).get('values.yaml')?.toString()
    expect(after).toBe(
      values
        .replace('quay.io/example/app', moved('quay.io/example/app'))
        .replace('quay.io/example/sidecar', moved('quay.io/example/sidecar')),
    )
  })

  test('records its source and its changes, and leaves all other files unchanged', async () => {
    const chart = fixture('literal-image')
    const { archive, stderr } = await repack(chart)
    const [before, after] = [unwrap(await readChart(chart)), unwrap(await readChart(archive))]
    expect(after.metadata).toEqual({
      ...before.metadata,
      annotations: {
        'ecr-airlift/source-digest': hashChart(before),
        'ecr-airlift/changed': 'values.yaml, templates/app.yaml',
      },
    })
    expect(stderr).toContain(`wrote ${archive}: changed values.yaml, templates/app.yaml; proven\n`)
    const others = (files: ReadonlyMap<string, Buffer>) =>
      [...files].filter(([path]) => !/^(?:Chart|values|templates\/app)\.yaml$/.test(path))
    expect(others(after.files)).toEqual(others(before.files))
  })

  test('has the same bytes each time, in any folder and time zone', async () => {
    const chart = fixture('nested-subcharts')
    const sums = []
    for (const [folder, zone] of [
      ['here', 'UTC'],
      ['there', 'Asia/Tokyo'],
      ['elsewhere', 'America/New_York'],
    ] as const) {
      const into = await world.folderOf(folder)
      const args = [world.registry, chart, '--repack', into]
      const settings = { env: { TZ: zone } }
      const { code, stderr } = await world.script('relocate-chart.ts', args, settings)
      expect(code, stderr).toBe(0)
      const bytes = await readFile(join(into, 'nested-subcharts-0.1.0.tgz'))
      sums.push(createHash('sha256').update(bytes).digest('hex'))
    }
    expect(new Set(sums).size).toBe(1)
  })

  test('is proven for a consumer whose own files set the leaf of an image', async () => {
    const own = await world.write('own.yaml', 'image: { repository: ghcr.io/fork/app }\n')
    const { archive, stdout } = await repack(fixture('literal-image'), '-f', own)
    const over = await world.write('over.yaml', stdout)
    // His file wins over the chart's defaults, so he needs the printed values as well.
    expect(await publicImages(world, archive, '-f', own)).toEqual(['ghcr.io/fork/app:1.2.3'])
    expect(await publicImages(world, archive, '-f', own, '-f', over)).toEqual([])
  })

  test('of subcharts that are archives', async () => {
    const sub = await writeChart(world, 'sub', {
      'templates/job.yaml': pod('j', 'quay.io/a/b:1.0'),
    })
    const chart = await writeChart(world, 'probe', {})
    const into = join(chart, 'charts')
    const packed = await world.tool(helm, 'package', sub, '--destination', into)
    expect(packed.ok, packed.stderr).toBe(true)
    const { archive } = await repack(chart)
    expect(imagesIn(await renderWithHelm(world, archive))).toEqual([moved('quay.io/a/b:1.0')])
  })

  test('that cannot be patched is reported as unproven, with exit code 1', async () => {
    const chart = await writeChart(world, 'probe', {
      'templates/app.yaml': pod('app', '{{ printf "%s/%s" "quay.io/example" "app:1.2.3" }}'),
    })
    const into = await world.folderOf('unpatched')
    const { code, stderr } = await relocate(world, chart, '--repack', into)
    expect(code, stderr).toBe(1)
    expect(stderr).toMatch(
      /^error: probe is not proven: Pod\/app spec\.containers\[0\]\.image is "quay\.io\/example\/app:1\.2\.3", not/m,
    )
    expect(stderr).toContain('changed nothing; unproven\n')
  })
})
