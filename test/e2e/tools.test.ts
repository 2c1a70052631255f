import { chmod, symlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { describe, expect } from 'vitest'
import { findOnPath } from '../../scripts/lib/tools/install/cache.ts'
import { kubectl } from './support/images.ts'
import { faultOfCopy, writes } from './support/stores.ts'
import { crane, helm } from './support/tools.ts'
import { test, type World } from './support/world.ts'

// crane and helm that are missing or too old. The sandbox has no downloads, and these PATHs have no go.
/** What the system itself needs is there; tools only as far as a test puts them there. */
async function barePath(world: World, ...tools: readonly string[]): Promise<string> {
  const folder = await world.folderOf('bin')
  for (const name of ['sh', 'env', 'node']) {
    const path = await findOnPath(name, process.env)
    if (path !== undefined) await symlink(path, join(folder, name))
  }
  for (const path of tools) await symlink(path, join(folder, basename(path)))
  return folder
}

async function addStub(folder: string, name: string, version: string, world: World): Promise<void> {
  const file = await world.write(`stub-${name}`, `#!/bin/sh\necho ${version}\n`)
  await chmod(file, 0o755)
  await symlink(file, join(folder, name))
}

async function withoutCache(world: World, path: string) {
  return { env: { PATH: path, ECR_AIRLIFT_CACHE: await world.folderOf('cache') } }
}

describe.concurrent('preflight', () => {
  test('lists three ways to get each tool that is missing and not available', async ({
    world: make,
  }) => {
    const world = await make({ images: [kubectl] })
    const { code, stderr } = await world.mirror(
      [],
      await withoutCache(world, await barePath(world)),
    )
    expect(code, stderr).toBe(3)
    for (const name of ['crane', 'helm']) {
      expect(stderr).toMatch(
        new RegExp(`^error: cannot install ${name} v[\\d.]+: .*go is not on PATH`, 'm'),
      )
      expect(stderr).toMatch(new RegExp(`- add ${name} v[\\d.]+ or newer to PATH`))
    }
    expect(stderr).toMatch(/- allow access to https:\/\/github\.com\/.*HTTPS_PROXY/)
    expect(stderr).toMatch(/- install go [\d.]+ or newer, to build it with: go install helm\.sh/)
    expect(stderr).toContain('nothing was changed')
    expect(writes(world.sandbox)).toBe(0)
  })

  test('names tools, credentials and nothing else when both are wrong', async ({ world: make }) => {
    const world = await make({ images: [kubectl] })
    world.sandbox.setCredentials('expired')
    const settings = await withoutCache(world, await barePath(world, crane))
    const { code, stderr } = await world.mirror([], settings)
    expect(code, stderr).toBe(3)
    expect(stderr.match(/^error:/gm)).toHaveLength(2)
    expect(stderr).toMatch(/error: sts:GetCallerIdentity/)
    // Nothing is installed, which may take minutes, for a run that cannot begin.
    expect(stderr).toMatch(
      /error: helm is not on PATH\n {2}→ run npx tsx scripts\/install-tools\.ts/,
    )
  })

  test.for([
    ['crane', '0.20.0', helm],
    ['helm', 'v3.12.0', crane],
  ] as const)('names %s %s as too old', async ([name, version, other], { world: make }) => {
    const world = await make({ images: [kubectl] })
    const folder = await barePath(world, other)
    await addStub(folder, name, version, world)
    const { code, stderr } = await world.mirror([], await withoutCache(world, folder))
    expect(code, stderr).toBe(3)
    expect(stderr).toMatch(
      new RegExp(`${name} v?${version.replace('v', '')} at .*${name} is older than v`),
    )
    expect(stderr).toMatch(new RegExp(`- add ${name} v[\\d.]+ or newer to PATH`))
    expect(stderr.match(/^error:/gm)).toHaveLength(1)
    expect(writes(world.sandbox)).toBe(0)
  })

  test('uses its own crane instead of an old one on PATH, and reports it', async ({
    world: make,
  }) => {
    const world = await make({ images: [kubectl] })
    const cache = await world.folderOf('cache')
    const folder = await barePath(world, helm)
    await addStub(folder, 'crane', '0.20.0', world)
    const { toolPins } = await import('../../scripts/lib/tools/install/pins.ts')
    const platform = `${process.platform}-${process.arch}`
    const own = join(cache, 'tools', 'crane', toolPins.crane.version, platform, 'crane')
    await world.folderOf(dirname(own).slice(dirname(cache).length + 1))
    await symlink(crane, own)
    const { code, stderr } = await world.mirror([], {
      env: { PATH: folder, ECR_AIRLIFT_CACHE: cache },
    })
    expect(code, stderr).toBe(0)
    expect(stderr).toMatch(
      /^! crane v0\.20\.0 at .* is older than v[\d.]+; ecr-airlift uses its own v/m,
    )
    expect(faultOfCopy(world.sandbox, kubectl)).toBeUndefined()
  })
})
