import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readArchive } from '../../../../scripts/lib/charts/chart/archive.ts'
import { readChart } from '../../../../scripts/lib/charts/chart/files.ts'
import { type Result, unwrap } from '../../../../scripts/lib/model/problem.ts'
import { archiveFile, packOf } from '../../support/archives.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

// helm reads a requirements.yaml into the metadata of the Chart.yaml, for charts of both formats (seen with helm 3.18 and
// 4.2.4): a name in it renames the chart, and its dependencies take the place of those in the Chart.yaml.

const formats = ['v1', 'v2'] as const
const chartFile = (format: string, rest = '') =>
  `apiVersion: ${format}\nname: app\nversion: 1.0.0\n${rest}`

const archiveOf = (files: Readonly<Record<string, string>>) =>
  archiveFile(
    packOf(Object.entries(files).map(([path, content]) => ({ path: `app/${path}`, content }))),
  )

function folderOf(files: Readonly<Record<string, string>>): string {
  const root = join(makeTempFolder(), 'app')
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  return root
}

const wordsOf = (read: Result<unknown>) => (read.ok ? 'accepted' : read.problem.message)

const hostile = [
  ['name', 'name: evil\n'],
  ['version', 'version: 6.6.6\n'],
  ['apiVersion', 'apiVersion: v1\n'],
  ['kubeVersion', 'kubeVersion: ">=99"\n'],
  ['annotations', 'annotations: { a: b }\n'],
  ['condition', 'condition: a.enabled\n'],
  ['apiversion', 'apiversion: v1\n'],
] as const

describe.each(formats)('A requirements.yaml of a chart of format %s is refused', (format) => {
  it.each(hostile)('with the key %s, which changes the Chart.yaml', async (key, text) => {
    const files = { 'Chart.yaml': chartFile(format), 'requirements.yaml': text }
    const words = `has the key "${key}", which would override its Chart.yaml`
    for (const read of [readChart, readArchive]) {
      expect(wordsOf(await read(archiveOf(files)))).toContain(words)
    }
    expect(wordsOf(await readChart(folderOf(files)))).toContain(words)
  })

  it.each([
    ['Dependencies', 'dependencies'],
    ['NAME', 'name'],
  ])('with the key %s, which helm reads as another', async (key, read) => {
    const files = { 'Chart.yaml': chartFile(format), 'requirements.yaml': `${key}: x\n` }
    const words = `has the key "${key}", which helm reads as "${read}"`
    expect(wordsOf(await readArchive(archiveOf(files)))).toContain(words)
    expect(wordsOf(await readChart(folderOf(files)))).toContain(words)
  })

  it('that lies in a subchart', async () => {
    const files = {
      'Chart.yaml': chartFile(format),
      'charts/sub/Chart.yaml': 'name: sub\nversion: 1.0.0\n',
      'charts/sub/requirements.yaml': 'name: evil\n',
    }
    expect(wordsOf(await readChart(folderOf(files)))).toContain('the requirements.yaml of "sub"')
  })

  it('twice in an archive, which helm merges', async () => {
    const entry = { path: 'app/requirements.yaml', content: 'dependencies: []\n' }
    const chart = { path: 'app/Chart.yaml', content: chartFile(format) }
    const file = archiveFile(packOf([chart, entry, entry]))
    expect(wordsOf(await readChart(file))).toContain('it contains "requirements.yaml" twice')
  })
})

describe.each(formats)('The dependencies of a chart of format %s', (format) => {
  const own = 'dependencies: [{ name: a, version: 1.0.0, repository: "" }]\n'
  it.each([
    ['of its Chart.yaml', undefined, ['a']],
    ['of its Chart.yaml, beside a file of comments', '# none\n', ['a']],
    [
      'of its requirements.yaml',
      'dependencies: [{ name: b, version: 1.0.0, repository: "", alias: c }]\n',
      ['b as c'],
    ],
    ['none, when its requirements.yaml has none', 'dependencies: []\n', []],
    ['none, when its requirements.yaml has nothing', 'dependencies:\n', []],
  ] as const)('are those %s', async (_, requirements, expected) => {
    const files = {
      'Chart.yaml': chartFile(format, own),
      ...(requirements !== undefined && { 'requirements.yaml': requirements }),
    }
    const { metadata } = unwrap(await readChart(folderOf(files)))
    const names = metadata.dependencies.map(({ name, alias }) =>
      alias === undefined ? name : `${name} as ${alias}`,
    )
    expect(names).toEqual(expected)
  })
})
