import { afterAll, beforeAll, expect, test } from 'vitest'
import { relocate, writeChart } from '../support/charts/relocating.ts'
import { startWorld, type World } from '../support/world.ts'

// Where no render tells which of two images a text is, registries do.
const real = 'quay.io/argoproj/workflow-controller:v3.7.9'
const other = 'quay.io/argoproj:v3.7.9'

let world: World
let chart: string
beforeAll(async () => {
  world = await startWorld({ images: [real] })
  chart = await writeChart(world, 'kit', {
    'values.yaml':
      'image: { repository: quay.io/argoproj, name: workflow-controller, tag: v3.7.9 }\n',
    'templates/a.yaml':
      'apiVersion: example.com/v1\nkind: Config\nmetadata: { name: a }\nspec:\n  image: {{ toYaml .Values.image | nindent 4 }}\n',
  })
})
afterAll(() => world.close())

test('both readings are open questions, and no registry is asked', async () => {
  const { code, stderr } = await relocate(world, chart)
  expect(code, stderr).toBe(0)
  expect(stderr).toContain(`? "${real}" may be an image`)
  expect(stderr).toContain(`? "${other}" may be an image`)
})

test('--ask-registries decides, and says how', async () => {
  const { code, stdout, stderr } = await relocate(world, chart, '--ask-registries', '--strict')
  expect(code, stderr).toBe(0)
  const flags = ['--mirror', real, '--ignore', other]
  expect(stderr).toContain(
    `asked registries about 1 image with several readings; the same as ${flags.join(' ')}\n`,
  )
  expect(stderr).toContain('1 image: proven; ')
  const decided = await relocate(world, chart, '--strict', ...flags)
  expect(decided.stdout).toBe(stdout)
})
