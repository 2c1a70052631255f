import { afterAll, describe, expect, test } from 'vitest'
import { startBootstrap, version } from '../support/bootstrap/bootstrap.ts'
import { readOutput, statusesOf } from '../support/bootstrap/run.ts'
import { faultOfCopy, imagePlace } from '../support/stores.ts'
import { publishedImages, umbrellaCharts } from '../support/charts/umbrella-charts.ts'

// A bootstrap whose mirror needs an image that its publisher removed.

const older = ['workflow-controller', 'argoexec', 'argocli'].map(
  (name) => `quay.io/argoproj/${name}:v3.7.8`,
)
const made = await startBootstrap({ umbrella: { versions: [version], images: older } })
afterAll(() => made?.close())

describe.skipIf(made === undefined)('a bootstrap that needs an image that vanished', () => {
  if (made === undefined) return
  const { run, world, chart } = made
  const [gone] = umbrellaCharts['grafana'].images
  const kept = publishedImages(version).migrationConsole
  const text = ['--skip-cfn-deploy', '--push-all-images-to-private-ecr', '--skip-console-exec']
  text.push('--ma-chart-dir', chart)
  const args = [...text, '--output', 'json']
  const missing = `${world.registry}/${imagePlace(gone).repository}:${imagePlace(gone).tag}`

  test('changes nothing, and names the next step', async () => {
    world.sandbox.removeUpstream(gone)
    const { code, stderr } = await run(args)
    expect(code, stderr).toBe(3)
    expect(stderr).toMatch(/→ .*to mirror the rest, rerun with --on-missing skip$/m)
    expect(world.sandbox.ecrRepositories()).toEqual([])
  })

  test('mirrors the rest on request, but does not install a system that would not start', async () => {
    const result = await run([...args, '--on-missing', 'skip'])
    expect(result.code, result.stderr).toBe(1)
    expect(faultOfCopy(world.sandbox, kept)).toBeUndefined()
    expect(result.stderr).toContain(` ! ${missing} (the values of grafana point to it)\n`)
    expect(result.stderr).toMatch(new RegExp(`error: grafana .*${gone}.*not found in the registry`))
    expect(statusesOf(readOutput(result))).toMatchObject({ mirror: 'done', proof: 'failed' })
  })

  test('continues with --allow-unproven, and names the image again at the end', async () => {
    const { code, stdout, stderr } = await run([
      ...text,
      '--on-missing',
      'skip',
      '--allow-unproven',
    ])
    expect(code, stderr).toBe(1)
    expect(stdout).toContain(
      `Not in the registry because its source does not have it:\n  ${missing} (the values of grafana point to it)\n\nDone.\n`,
    )
  })
})
