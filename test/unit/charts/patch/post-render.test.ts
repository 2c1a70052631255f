import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { writePostRenderer } from '../../../../scripts/lib/charts/patch/post-render.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

const to = 'r.io/p'
const home = 'ecr-airlift-references'

async function write(...texts: readonly string[]): Promise<string> {
  const folder = makeTempFolder()
  const rewrites = texts.map((text, index) => ({ text, destination: `${to}/${index}` }))
  await writePostRenderer(folder, rewrites)
  return join(folder, home)
}

async function rewritten(input: string, ...texts: readonly string[]): Promise<string> {
  const script = join(await write(...texts), 'rewrite.sh')
  return execFileSync('sh', [script], { input, encoding: 'utf8' })
}

describe('writePostRenderer', () => {
  it('writes the plugin that helm 4 wants, around a script that anybody may run', async () => {
    const folder = await write('a/b:1')
    expect(parse(readFileSync(join(folder, 'plugin.yaml'), 'utf8'))).toEqual({
      apiVersion: 'v1',
      type: 'postrenderer/v1',
      name: home,
      version: '1.0.0',
      runtime: 'subprocess',
      runtimeConfig: { platformCommand: [{ command: '${HELM_PLUGIN_DIR}/rewrite.sh' }] },
    })
    expect(statSync(join(folder, 'rewrite.sh')).mode & 0o777).toBe(0o755)
  })

  it.each([
    [0o000, 0o755],
    [0o002, 0o755],
    [0o077, 0o700],
  ])('makes folders that no other user can write to, with umask %o', async (umask, mode) => {
    const before = process.umask(umask)
    onTestFinished(() => void process.umask(before))
    const folder = join(makeTempFolder(), 'new', 'deep')
    await writePostRenderer(folder, [])
    for (const made of [join(folder, '..'), folder, join(folder, home)]) {
      expect(statSync(made).mode & 0o777).toBe(mode)
    }
    expect(statSync(join(folder, home, 'rewrite.sh')).mode & 0o777).toBe(mode)
  })

  it('writes through no link in a folder that anyone can write to', async () => {
    const open = join(makeTempFolder(), 'open')
    mkdirSync(open)
    chmodSync(open, 0o777)
    const elsewhere = makeTempFolder()
    symlinkSync(elsewhere, join(open, 'link'))
    await expect(writePostRenderer(join(open, 'link'), [])).rejects.toThrow('anyone can write to')
    expect(readdirSync(elsewhere)).toEqual([])
  })

  it('needs sh and sed alone, and says each reference once', async () => {
    const script = readFileSync(
      join(await write('a/b:1', 'a/b:1', 'busybox'), 'rewrite.sh'),
      'utf8',
    )
    expect(script).toMatch(/^#!\/bin\/sh\n# .*\nexec sed -E /)
    expect(script.match(/a\/b:1/g)).toHaveLength(2)
  })
})

describe('rewrite.sh', () => {
  it.each([
    ['a whole reference', 'x: quay.io/a/b:1.0\n', ['quay.io/a/b:1.0'], `x: ${to}/0\n`],
    [
      'neighbours',
      'quay.io/a/b:1,quay.io/a/b:1 quay.io/a/b:1\n',
      ['quay.io/a/b:1'],
      `${to}/0,${to}/0 ${to}/0\n`,
    ],
    ['no longer tag', 'a/b:1.28.1 a/b:1.28-x a/b:1.280\n', ['a/b:1.28'], undefined],
    ['no longer name', 'x/a/b:1 quay.io/a/b:1 xa/b:1\n', ['a/b:1'], undefined],
    ['no other character for a point', 'a/b:1x2\n', ['a/b:1.2'], undefined],
    ['no pinned one for a tag', `a/b:1@sha256:${'a'.repeat(64)}\n`, ['a/b:1'], undefined],
    [
      'a pinned one',
      `i: "a/b:1@sha256:${'a'.repeat(64)}"\n`,
      [`a/b:1@sha256:${'a'.repeat(64)}`],
      `i: "${to}/0"\n`,
    ],
    ['both of two tags', 'a/b:1.2 a/b:1\n', ['a/b:1', 'a/b:1.2'], `${to}/1 ${to}/0\n`],
    ['a word as an image', 'image: b\nname: b\n', ['b'], `image: ${to}/0\nname: b\n`],
    [
      'a word in quotes',
      `- image: 'b'\n- image: "b"\n`,
      ['b'],
      `- image: '${to}/0'\n- image: "${to}/0"\n`,
    ],
    ['no word that goes on', 'image: bb\nimage: b-x\n', ['b'], undefined],
    ['a word before a comment', 'image: b # small\n', ['b'], `image: ${to}/0 # small\n`],
    ['the end of a text without a line break', 'x: a/b:1', ['a/b:1'], `x: ${to}/0`],
    ['nothing when there is nothing to rewrite', 'image: b\n', [], undefined],
  ] as const)('rewrites %s', async (_, input, texts, expected) => {
    expect(await rewritten(input, ...texts)).toBe(expected ?? input)
  })
})
