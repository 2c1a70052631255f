import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readChart, walkCharts } from '../../../scripts/lib/charts/chart/files.ts'
import type { ChartFiles } from '../../../scripts/lib/charts/chart/chart.ts'
import { unwrap } from '../../../scripts/lib/model/problem.ts'
import { helm } from '../support/tools.ts'
import { startWorld, type World } from '../support/world.ts'

// helm packages the same files of a folder that it reads.
let world: World
beforeAll(async () => {
  world = await startWorld({ images: [] })
})
afterAll(() => world.close())

const chartFile = (name: string) => `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`

const files: Readonly<Record<string, string>> = {
  'Chart.yaml': chartFile('app'),
  'values.yaml': 'a: 1\n',
  '.env': 'PASSWORD=x\n',
  'README.md': 'x\n',
  'prod.secret': 'x\n',
  'a b.txt': 'x\n',
  'templates/app.yaml': 'kind: X\n',
  'templates/.app.yaml.swp': 'kind: Y\n',
  'templates/deep/.hidden.yaml': 'kind: Z\n',
  'docs/guide.md': 'x\n',
  'docs/deep/guide.md': 'x\n',
  'docs/[x].md': 'x\n',
  'charts/sub/Chart.yaml': chartFile('sub'),
  'charts/sub/docs/guide.md': 'x\n',
  'charts/sub/prod.secret': 'x\n',
  'charts/sub/.helmignore': '*.md\n',
}

function pathsOf(chart: ChartFiles): string[] {
  const paths = [...walkCharts(chart)].flatMap(({ chart: each, folder }) =>
    [...each.files.keys()].map((path) => `${folder}${path}`),
  )
  return paths.toSorted()
}

test.each<[string, string | undefined]>([
  ['without a file of rules', undefined],
  ['with names', '.git\n# *.md\n*.secret\n.env\n'],
  ['with a folder', 'docs/\n'],
  ['with a name that is no folder', 'README.md/\n'],
  ['with paths', 'docs/*.md\n/README.md\ncharts/*/docs\n'],
  ['with sets and escapes', 'docs/\\[x\\].md\n[R]EADME.??\na\\ b.txt\n[^a-z]*.md\n'],
  ['with a negation, which leaves all else out of the root', '!*\n'],
  ['with Windows line ends', '*.secret\r\ndocs/\r\n'],
  ['with a byte order mark', '\uFEFF*.secret\n'],
])('a folder %s is read as helm reads it', async (name, rules) => {
  const place = name.replaceAll(' ', '-')
  const folder = join(await world.folderOf(`ignore-${place}`), 'app')
  const all = { ...files, ...(rules !== undefined && { '.helmignore': rules }) }
  for (const [path, text] of Object.entries(all)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  const out = await world.folderOf(`packed-${place}`)
  const packed = await world.tool(helm, 'package', folder, '--destination', out)
  expect(packed.ok, packed.stderr).toBe(true)
  const read = pathsOf(unwrap(await readChart(folder)))
  const wanted = pathsOf(unwrap(await readChart(join(out, 'app-1.0.0.tgz'))))
  expect(read).toEqual(wanted)
})
