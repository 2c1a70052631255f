import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { operator } from '../support/images.ts'
import { fixture } from '../support/charts/relocating.ts'
import { startWorld, type World } from '../support/world.ts'

// Unusable paths and patterns. These are user errors, not bugs, and are reported as such.

let world: World
beforeAll(async () => {
  world = await startWorld({ images: [operator] })
  await writeFile(join(world.home, 'file'), 'precious')
  await mkdir(join(world.home, 'folder'))
  await writeFile(
    join(world.home, 'addons.yaml'),
    'addons: { keda: { chart: keda, repoUrl: https://charts.example.com, version: 1.0.0 } }\n',
  )
})
afterAll(() => world.close())

interface Mistake {
  readonly script: string
  readonly args: (paths: Paths) => readonly string[]
  readonly env?: (paths: Paths) => NodeJS.ProcessEnv
  readonly code?: number
  readonly says: RegExp
}

interface Paths {
  /** A file, and a path below it, where nothing can be. */
  readonly file: string
  readonly below: string
  readonly folder: string
  readonly addons: string
  readonly registry: string
}

const long = 'x'.repeat(120_000)

const mistakes: readonly (readonly [string, Mistake])[] = [
  [
    'a pattern that is too long',
    {
      script: 'mirror-to-ecr.ts',
      args: ({ registry }) => [registry, '--plan', `--only=${long}`],
      says: /--only/,
    },
  ],
  [
    'a pattern of what to leave out that is too long',
    {
      script: 'mirror-to-ecr.ts',
      args: ({ registry }) => [registry, '--plan', `--exclude=${long}`],
      says: /--exclude/,
    },
  ],
  [
    'a folder as the manifest to check',
    {
      script: 'regenerate-manifest.ts',
      args: ({ folder }) => ['--check', `--manifest=${folder}`],
      says: /cannot be read: it is a folder/,
    },
  ],
  [
    'a folder as the manifest to mirror',
    {
      script: 'mirror-to-ecr.ts',
      args: ({ registry, folder }) => [registry, '--plan', `--manifest=${folder}`],
      says: /cannot be read: it is a folder/,
    },
  ],
  [
    'a manifest with a name that is too long',
    {
      script: 'regenerate-manifest.ts',
      args: () => ['--check', `--manifest=${long}`],
      says: /^error: "[^"\n]*x{100}/,
    },
  ],
  [
    'a home for state that is a file',
    {
      script: 'mirror-to-ecr.ts',
      args: ({ registry }) => [registry],
      env: ({ file }) => ({ XDG_STATE_HOME: file }),
      says: /cannot write (?:to )?".+": ENOTDIR/,
    },
  ],
  [
    'a home that is a file',
    {
      script: 'mirror-to-ecr.ts',
      args: ({ registry }) => [registry],
      env: ({ file }) => ({ HOME: file, XDG_STATE_HOME: undefined }),
      says: /cannot write (?:to )?".+": ENOTDIR/,
    },
  ],
  [
    'a folder for state below a file',
    {
      script: 'mirror-to-ecr.ts',
      args: ({ registry, below }) => [registry, '--state-dir', below],
      says: /cannot write to ".+": ENOTDIR/,
    },
  ],
  [
    'a folder for state with a name that is too long',
    {
      script: 'mirror-to-ecr.ts',
      args: ({ registry }) => [registry, `--state-dir=${long}`],
      says: /^error: cannot write to "[^"\n]*x{100}/,
    },
  ],
  [
    'an output with a name that is too long',
    {
      script: 'generate-catalog.ts',
      args: ({ addons }) => ['--values', addons, `--out=${long}`],
      code: 1,
      says: /^error: cannot write "[^"\n]*x{100}/,
    },
  ],
  [
    'a file as the folder of packed charts',
    {
      script: 'relocate-chart.ts',
      args: ({ registry, file }) => [registry, fixture('one-string'), '--repack', file],
      says: /cannot write (?:to )?"[^"]*file[^"]*"|"[^"]*file[^"]*" is not a/,
    },
  ],
  [
    'a file as the folder of a post-renderer',
    {
      script: 'relocate-chart.ts',
      args: ({ registry, file }) => [registry, fixture('literal-image'), '--post-renderer', file],
      says: /cannot write (?:to )?"[^"]*file[^"]*"|"[^"]*file[^"]*" is not a/,
    },
  ],
]

describe('it is an input error, not a bug,', () => {
  it.each(mistakes)('%s', async (_, { script, args, env, code: expected = 2, says }) => {
    const paths: Paths = {
      file: join(world.home, 'file'),
      below: join(world.home, 'file', 'x'),
      folder: join(world.home, 'folder'),
      addons: join(world.home, 'addons.yaml'),
      registry: world.registry,
    }
    const settings = env === undefined ? {} : { env: env(paths) }
    const { code, stderr } = await world.script(script, args(paths), settings)
    expect(stderr).not.toMatch(/this is a bug/)
    expect(stderr).toMatch(says)
    expect(stderr).toMatch(/^error: /m)
    expect(stderr.length).toBeLessThan(20_000)
    expect(code, stderr).toBe(expected)
  })
})
