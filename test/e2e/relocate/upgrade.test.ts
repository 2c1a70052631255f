import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pod, relocate, writeChart } from '../support/charts/relocating.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ images: [] })
})
afterAll(() => world.close())

/** A chart of which an upgrade renders one more pod. */
const chartWith = (image: string) =>
  writeChart(world, 'shop', {
    'values.yaml': 'image: quay.io/example/app:1\nother: quay.io/example/migrate:1\n',
    'templates/app.yaml': pod('app', '{{ .Values.image }}'),
    'templates/migrate.yaml': `{{- if .Release.IsUpgrade }}\n${pod('migrate', image)}{{- end }}\n`,
  })

describe('a chart that is proven for an install', () => {
  it('counts as unproven when no value moves an image of an upgrade', async () => {
    const { code, stderr } = await relocate(world, await chartWith('quay.io/example/migrate:1.0'))
    expect(code).toBe(1)
    expect(stderr).toMatch(/^2 images: unproven;/m)
    expect(stderr).toMatch(/error: .*quay\.io\/example\/migrate:1\.0/)
  })

  it('is proven when the images of an upgrade also move', async () => {
    const { code, stderr } = await relocate(world, await chartWith('{{ .Values.other }}'))
    expect(code, stderr).toBe(0)
    expect(stderr).toMatch(/^2 images: proven;/m)
  })
})
