import {
  chmodSync,
  lchownSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openRenderCache } from '../../../../scripts/lib/charts/render/cache.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

const key = 'a'.repeat(64)
const otherKey = 'b'.repeat(64)
const isRoot = process.getuid?.() === 0
const refuse = () => expect.unreachable()

/** A cache with one entry, and the file that it is in. */
async function filled() {
  const folder = makeTempFolder()
  const cache = openRenderCache(folder, { notice: refuse })
  await cache.store(key, 'kind: Secret\n')
  return { folder, cache, file: join(folder, `${key}.render.gz`) }
}

describe('a cache of renders', () => {
  it('returns what was stored under the same key, and counts it', async () => {
    const folder = makeTempFolder()
    let stored = 0
    const cache = openRenderCache(folder, { notice: refuse, onStored: () => (stored += 1) })
    await cache.store(key, 'a\nb\n')
    await cache.store(otherKey, '')
    expect([await cache.read(key), await cache.read(otherKey)]).toEqual(['a\nb\n', ''])
    expect(await cache.read('c'.repeat(64))).toBeUndefined()
    expect(stored).toBe(2)
  })

  it('keeps entries for their owner alone, whatever the umask', async () => {
    const before = process.umask(0)
    onTestFinished(() => void process.umask(before))
    const { file } = await filled()
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('marks an entry as used when it is read', async () => {
    const { cache, file } = await filled()
    utimesSync(file, 1, 1)
    await cache.read(key)
    expect(Date.now() - statSync(file).mtimeMs).toBeLessThan(60_000)
  })

  it.each<[string, (file: string) => void]>([
    ['is no gzip', (file) => writeFileSync(file, 'kind: Pod\n')],
    ['has other content', (file) => writeFileSync(file, gzipSync('kind: Pod\n'))],
    [
      'was edited under its old hash',
      (file) => {
        const text = gunzipSync(readFileSync(file)).toString()
        writeFileSync(file, gzipSync(text.replace('Secret', 'ConfigMap')))
      },
    ],
    ['was cut off', (file) => writeFileSync(file, readFileSync(file).subarray(0, 30))],
    ['is empty', (file) => writeFileSync(file, '')],
    ['can be written by everyone', (file) => chmodSync(file, 0o666)],
    ['can be written by the group', (file) => chmodSync(file, 0o660)],
  ])('ignores an entry that %s, and replaces it', async (_, spoil) => {
    const { cache, file } = await filled()
    spoil(file)
    expect(await cache.read(key)).toBeUndefined()
    await cache.store(key, 'kind: Secret\n')
    expect(await cache.read(key)).toBe('kind: Secret\n')
  })

  it('ignores an entry that is a link', async () => {
    const { cache, file } = await filled()
    renameSync(file, `${file}.moved`)
    symlinkSync(`${file}.moved`, file)
    expect(await cache.read(key)).toBeUndefined()
  })

  it('ignores the entry of another key under its name', async () => {
    const { folder, cache, file } = await filled()
    renameSync(file, join(folder, `${otherKey}.render.gz`))
    expect(await cache.read(otherKey)).toBeUndefined()
  })

  it.skipIf(!isRoot)('ignores an entry of another user', async () => {
    const { cache, file } = await filled()
    lchownSync(file, 65_534, 65_534)
    expect(await cache.read(key)).toBeUndefined()
  })

  it('ignores an entry that unpacks to more than a render may have', async () => {
    const cache = openRenderCache(makeTempFolder(), { notice: refuse })
    await cache.store(key, 'a'.repeat(192 * 1024 * 1024))
    expect(await cache.read(key)).toBeUndefined()
  })

  it('reports once that nothing can be kept, and goes on', async () => {
    const file = join(makeTempFolder(), 'file')
    writeFileSync(file, '')
    const notices: string[] = []
    const cache = openRenderCache(join(file, 'x'), { notice: (text) => void notices.push(text) })
    await cache.store(key, 'a')
    await cache.store(otherKey, 'b')
    expect(notices).toEqual([expect.stringContaining('could not cache renders in')])
    expect(await cache.read(key)).toBeUndefined()
  })
})
