import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Context } from '../../../../scripts/lib/cli/main.ts'
import { writePostRenderer } from '../../../../scripts/lib/charts/patch/post-render.ts'
import { packChart } from '../../../../scripts/lib/charts/patch/repack.ts'
import { defaultManifestFile } from '../../../../scripts/lib/sources/manifest/file.ts'
import { runValues } from '../../../../scripts/lib/values/command.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

const chart = {
  files: new Map([['Chart.yaml', Buffer.from('name: one\nversion: 1.0.0\n')]]),
  changes: [],
}
const writeValues = (format: 'umbrella' | 'chart') => (out: string) =>
  runValues(
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
    { manifest: defaultManifestFile, layout: 'mirrored', prefix: '', format, out } as never,
    { print: () => undefined, log: () => undefined } as unknown as Context,
  )

/** Everything that chooses names of files below a folder that the user names. */
const writers: readonly [string, (out: string) => Promise<unknown>, string][] = [
  ['a values file', writeValues('umbrella'), 'private-ecr-values.yaml'],
  ['a values file of a chart', writeValues('chart'), 'jaeger.yaml'],
  [
    'a repacked chart',
    (out) => packChart({ name: 'one', version: '1.0.0' }, chart, out, { folder: makeTempFolder() }),
    'one-1.0.0.tgz',
  ],
  ['a post-renderer', (out) => writePostRenderer(out, []), 'ecr-airlift-references/rewrite.sh'],
  ['the folder of a post-renderer', (out) => writePostRenderer(out, []), 'ecr-airlift-references'],
]

describe('a link below an output folder, which a cloned repository may contain, is refused', () => {
  it.each(writers)('for %s', async (_, write, link) => {
    const [out, elsewhere] = [makeTempFolder(), makeTempFolder()]
    writeFileSync(join(elsewhere, 'precious'), 'mine')
    const isFolder = !link.includes('.')
    mkdirSync(dirname(join(out, link)), { recursive: true })
    symlinkSync(isFolder ? elsewhere : join(elsewhere, 'precious'), join(out, link))
    await expect(write(out)).rejects.toThrow('links below the given folder are not followed')
    expect(readdirSync(elsewhere)).toEqual(['precious'])
    expect(readFileSync(join(elsewhere, 'precious'), 'utf8')).toBe('mine')
    expect(readdirSync(dirname(join(out, link)))).toHaveLength(1)
  })

  it.each(writers)('and no other: %s', async (_, write, path) => {
    const [parent, elsewhere] = [makeTempFolder(), makeTempFolder()]
    const out = join(parent, 'out')
    // The user names this link.
    symlinkSync(elsewhere, out)
    await write(out)
    expect(lstatSync(join(elsewhere, path)).isSymbolicLink()).toBe(false)
  })
})
