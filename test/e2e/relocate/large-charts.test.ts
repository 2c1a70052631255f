import { chmod } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { toolsOf } from '../support/processes.ts'
import { pod, relocate, writeChart } from '../support/charts/relocating.ts'
import { helm, toolPath } from '../support/tools.ts'
import { startWorld, type World } from '../support/world.ts'

// Charts with much text: dashboards, lists and scripts as in real charts, and larger.
let world: World

beforeAll(async () => {
  world = await startWorld({ charts: [] })
})
afterAll(() => world.close())

/** A dashboard of Grafana in one line, as exports are. */
function dashboard(panels: number): string {
  return JSON.stringify({
    panels: Array.from({ length: panels }, (_, index) => ({
      title: `Panel ${index}`,
      expr: `sum(rate(requests{job="j${index}",image!=""}[5m])) by (pod)`,
      url: 'https://example.com/a/b',
      gridPos: { h: 8, w: 12, x: 0, y: index },
    })),
  })
}

/** ConfigMaps of a file, so many. */
const copiesOf = (file: string, count: number) => `
{{- range $index := until ${count} }}
---
apiVersion: v1
kind: ConfigMap
metadata: { name: copy-{{ $index }} }
data:
  file: |
    {{ $.Files.Get "${file}" }}
{{- end }}
`

describe('a chart with', () => {
  test('a dashboard of a megabyte and a list of thousands of references is proven', async () => {
    const images = Array.from(
      { length: 4_000 },
      (_, index) => `quay.io/example/app-${index}:1.${index}`,
    )
    const chart = await writeChart(world, 'large', {
      'values.yaml': `image: quay.io/example/app:1\nlist: |\n  ${images.join('\n  ')}\n`,
      'files/dashboard.json': dashboard(6_000),
      'templates/dashboard.yaml': copiesOf('files/dashboard.json', 1),
      'templates/list.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: list }\ndata:\n  list: |\n    {{ .Values.list | nindent 4 }}\n',
      'templates/pod.yaml': pod('app', '{{ .Values.image }}'),
    })
    const { code, stdout, stderr } = await relocate(world, chart)
    expect(code, stderr).toBe(0)
    expect(stderr).toMatch(/^4001 images: proven;/)
    const { list } = parse(stdout) as { readonly list: string }
    expect(list.split('\n').filter((line) => line.startsWith(`${world.registry}/`))).toHaveLength(
      4_000,
    )
  })
})

describe('a search through megabytes', () => {
  test('ends when it is interrupted', async () => {
    const chart = await writeChart(world, 'huge', {
      'files/dashboard.json': dashboard(26_000),
      'templates/dashboards.yaml': copiesOf('files/dashboard.json', 12),
      'templates/pod.yaml': pod('app', 'quay.io/example/app:1'),
    })
    const { folder, rendered } = await markingHelm()
    const env = { PATH: [folder, toolPath].join(delimiter) }
    const running = world.start('relocate-chart.ts', [world.registry, chart], { env })
    await expect.poll(() => existsSync(rendered), { timeout: 120_000 }).toBe(true)
    // Some 20 s of work lie ahead by now.
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    running.kill('SIGINT')
    const late = new Promise((resolve) => setTimeout(resolve, 10_000, 'it goes on'))
    expect(await Promise.race([running.result, late])).toMatchObject({ code: 130 })
    expect(await world.leftovers()).toEqual([])
    await expect.poll(() => toolsOf(world), { timeout: 20_000 }).toEqual([])
  })
})

/** A helm that leaves a mark when it has rendered a chart. */
async function markingHelm(): Promise<{ readonly folder: string; readonly rendered: string }> {
  const folder = await world.folderOf('marking')
  const rendered = join(folder, 'rendered')
  const script = `#!/bin/sh\n'${helm}' "$@" || exit\n[ "$1" != template ] || touch '${rendered}'\n`
  await chmod(await world.write('marking/helm', script), 0o755)
  return { folder, rendered }
}
