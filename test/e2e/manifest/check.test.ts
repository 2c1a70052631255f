import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { literalOf } from '../../../scripts/lib/sources/manifest/literal.ts'
import { checksumOf } from '../../../scripts/lib/sources/manifest/module.ts'
import type { ScriptResult } from '../../unit/support/run-script.ts'
import { type Desk, deskIn, openDesk, startPublished } from '../support/charts/published.ts'
import { closedProxy } from '../support/closed-proxy.ts'
import { certManager, etcdOperator, images, list, web } from '../support/shop.ts'
import type { World } from '../support/world.ts'

let world: World
let desk: Desk
let module: string
// Waits for a network that is not there; the other tests need not wait for it.
let cutOff: Promise<ScriptResult>

beforeAll(async () => {
  world = await startPublished([web.first, certManager.first, etcdOperator], images)
  desk = await openDesk(world, list)
  await desk.regenerate()
  module = await desk.readModule()
  const lonely = await openDesk(world, list, 'lonely')
  await writeFile(lonely.manifestFile, module)
  const env = { ...(await closedProxy()), ECR_AIRLIFT_CHART_CACHE: await world.folderOf('fresh') }
  cutOff = lonely.regenerate(['--check', '--render'], { env })
})
afterAll(() => world.close())

describe('--check', () => {
  const check = (...args: string[]) => desk.regenerate(['--check', ...args])

  test('passes without helm and without a network', async () => {
    await desk.helmCalls()
    const { code, stderr } = await desk.regenerate(['--check'], { env: await closedProxy() })
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'generated files are up to date\n' })
    expect(await desk.helmCalls()).toEqual([])
  })

  test('fails when the chart list was edited', async () => {
    await desk.writeList(`${list}# one more thing\n`)
    const { code, stderr } = await check()
    await desk.writeList(list)
    expect(code).toBe(1)
    expect(stderr).toMatch(/"\S+manifest\.ts" was not generated from the current \S+charts\.yaml/)
  })

  test('fails when the module was edited, in its data or in its layout', async () => {
    const data = module.replace('loaded on demand', 'loaded on command')
    const layout = module.replace('"variants": ["default"]', '"variants": [ "default" ]')
    for (const edited of [data.replace('[', '[ '), layout]) {
      expect(edited).not.toBe(module)
      await writeFile(desk.manifestFile, edited)
      const { code, stderr } = await check()
      expect(code).toBe(1)
      expect(stderr).toMatch(/manifest\.ts" was edited by hand/)
    }
    await writeFile(desk.manifestFile, module)
  })

  test('passes with --render when the charts render as in the manifest', async () => {
    const { code, stderr } = await check('--render')
    expect(code, stderr).toBe(0)
    expect(stderr).toContain('all renders match the manifest\n')
  })

  test('fails with --render when the module has other, well-formed content', async () => {
    const edited = withChecksum(
      module.replace('"leaves": ["sidecar.image"]', '"leaves": ["sidecar.picture"]'),
    )
    expect(edited).not.toBe(module)
    await writeFile(desk.manifestFile, edited)
    const plain = await check()
    const rendered = await check('--render')
    await writeFile(desk.manifestFile, module)
    expect(plain.code, plain.stderr).toBe(0)
    expect(rendered.code).toBe(1)
    expect(rendered.stderr).toMatch(/manifest\.ts" does not match what the charts render now/)
  })

  test('reports in one line that --render is skipped when charts are not available', async () => {
    const { code, stderr } = await cutOff
    expect(code, stderr).toBe(0)
    expect(stderr.match(/^skipped: .+$/gm)).toHaveLength(1)
    expect(stderr).not.toContain('all renders match')
    expect(stderr).not.toContain('error:')
  })

  test('fails with --render when the archive of a version has changed', async () => {
    const values = web.first.files['values.yaml'] ?? ''
    const files = {
      ...web.first.files,
      'values.yaml': values.replace('tag: 1.0.0', 'tag: 1.0.0-rebuilt'),
    }
    const other = await startPublished(
      [{ ...web.first, files }, certManager.first, etcdOperator],
      images,
    )
    try {
      const moved = await deskIn(other, desk.folder, desk.listFile)
      const { code, stderr, stdout } = await moved.regenerate(['--check', '--render'])
      expect(code, stderr).toBe(1)
      expect(stdout).toContain('~ image quay.io/example/web:1.0.0 → 1.0.0-rebuilt\n')
      expect(stderr).toMatch(/manifest\.ts" does not match what the charts render now/)
      expect(await desk.readModule()).toBe(module)
    } finally {
      await other.close()
    }
  })
})

/** The module as someone leaves it who edits its data and the checksum. */
function withChecksum(text: string): string {
  const place = literalOf('manifest.ts', text)
  const checksum = place && checksumOf(text.slice(place.start, place.end))
  return text.replace(/^\/\/ sha256:.+$/m, `// ${checksum ?? ''}`)
}
