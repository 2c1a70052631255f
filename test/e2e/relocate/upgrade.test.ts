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

  it.each([
    ['written in the template', '"quay.io/example/app:1"', 'unproven', 1],
    ['from another value', '.Values.same', 'proven', 0],
  ])('is proven in an upgrade too when the same text is %s', async (_, other, result, exit) => {
    const chart = await writeChart(world, 'same', {
      'values.yaml': 'image: quay.io/example/app:1\nsame: quay.io/example/app:1\n',
      'templates/app.yaml': pod('app', `{{ ternary ${other} .Values.image .Release.IsUpgrade }}`),
    })
    const { code, stdout, stderr } = await relocate(world, chart)
    expect(code, stderr).toBe(exit)
    expect(stderr).toMatch(new RegExp(`^1 image: ${result};`, 'm'))
    if (exit === 0) expect(stdout).toMatch(/^same: .*mirrored/m)
  })

  it.each([
    ['other APIs', '.Capabilities.APIVersions.Has "example.com/v1"', /example\.com\/v1/],
    ['a newer version', 'semverCompare ">=1.33-0" .Capabilities.KubeVersion.Version', /EKS 1\.36/],
  ])(
    'leaves a question when %s bring the same image, written in a template',
    async (_, on, where) => {
      const chart = await writeChart(world, 'elsewhere', {
        'values.yaml': 'image: quay.io/example/app:1\n',
        'templates/app.yaml': pod(
          'app',
          `{{ if ${on} }}quay.io/example/app:1{{ else }}{{ .Values.image }}{{ end }}`,
        ),
      })
      const { code, stderr } = await relocate(world, chart)
      expect(code, stderr).toBe(0)
      expect(stderr).toMatch(/^1 image: proven, 1 open question;/m)
      expect(stderr).toMatch(where)
    },
  )

  it('is proven without outdated APIs too when the same text is written in a template', async () => {
    const chart = await writeChart(world, 'outdated', {
      'values.yaml': 'image: quay.io/example/app:1\n',
      'templates/app.yaml': pod(
        'app',
        '{{ if .Capabilities.APIVersions.Has "policy/v1beta1" }}{{ .Values.image }}{{ else }}quay.io/example/app:1{{ end }}',
      ),
    })
    const { code, stderr } = await relocate(world, chart)
    expect(code, stderr).toBe(1)
    expect(stderr).toMatch(/^1 image: unproven;/m)
  })
})
