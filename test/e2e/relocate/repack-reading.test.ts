import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readChart } from '../../../scripts/lib/charts/chart/files.ts'
import { unwrap } from '../../../scripts/lib/model/problem.ts'
import { fixture, pod, publicImages, relocate, writeChart } from '../support/charts/relocating.ts'
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
