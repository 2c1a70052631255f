import { createHash } from 'node:crypto'
import {
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  fetchAsset,
  type ReleaseDoors,
} from '../../../../scripts/lib/bootstrap/application/site.ts'
import { success } from '../../../../scripts/lib/model/problem.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

const url = 'https://github.com/o/r/releases/download/1.0.0/chart.tgz'
const hash = (text: string) => createHash('sha256').update(text).digest('hex')

/** A cache, and a server that has one file. */
function worldWith(content: string) {
  const cache = join(makeTempFolder(), 'releases')
  const asked: string[] = []
  const refuse = () => expect.unreachable()
  const world: ReleaseDoors = {
    http: {
      get: refuse,
      call: refuse,
      download: async (from, file) => {
        asked.push(from)
        await writeFile(file, content, { flag: 'wx' })
        return success({ sha256: hash(content), bytes: content.length })
      },
    },
    signal: new AbortController().signal,
    cache,
    note: refuse,
  }
  return { world, cache, asked }
}

describe('fetchAsset', () => {
  it('keeps a file for its owner alone, and downloads it once', async () => {
    const { world, cache, asked } = worldWith('chart')
    const file = join(cache, '1.0.0/chart.tgz')
    for (const _ of ['first', 'second']) {
      const fetched = await fetchAsset('chart.tgz', '1.0.0', { url, sha256: undefined }, world)
      expect(fetched).toEqual({ ok: true, value: file })
    }
    expect(asked).toEqual([url])
    expect(readdirSync(join(cache, '1.0.0'))).toEqual(['chart.tgz', 'chart.tgz.sha256'])
    expect(statSync(join(cache, '1.0.0')).mode & 0o777).toBe(0o700)
  })

  it('downloads it again when it was changed', async () => {
    const { world, cache, asked } = worldWith('chart')
    const asset = { url, sha256: undefined }
    await fetchAsset('chart.tgz', '1.0.0', asset, world)
    writeFileSync(join(cache, '1.0.0/chart.tgz'), 'poison')
    await fetchAsset('chart.tgz', '1.0.0', asset, world)
    expect(asked).toHaveLength(2)
    expect(readFileSync(join(cache, '1.0.0/chart.tgz'), 'utf8')).toBe('chart')
  })

  it('keeps nothing of a file that is not the published one', async () => {
    const { world, cache } = worldWith('other')
    const fetched = await fetchAsset('chart.tgz', '1.0.0', { url, sha256: hash('chart') }, world)
    expect(fetched).toMatchObject({ ok: false, problem: { kind: 'checksum-mismatch' } })
    expect(readdirSync(join(cache, '1.0.0'))).toEqual([])
  })

  it('writes through no link with a name that could be foreseen', async () => {
    const { world, cache } = worldWith('chart')
    await fetchAsset('other', '1.0.0', { url, sha256: undefined }, world)
    const target = join(makeTempFolder(), 'target')
    symlinkSync(target, join(cache, `1.0.0/chart.tgz.${process.pid}.part`))
    await fetchAsset('chart.tgz', '1.0.0', { url, sha256: undefined }, world)
    expect(existsSync(target)).toBe(false)
  })

  it.each(['..', '../../elsewhere', '/etc', '.hidden', '--upload'])(
    'refuses a release called "%s"',
    async (version) => {
      const { world, cache, asked } = worldWith('chart')
      const fetched = fetchAsset('chart.tgz', version, { url, sha256: undefined }, world)
      await expect(fetched).rejects.toThrow(`"${version}" is not a valid file name`)
      expect(asked).toEqual([])
      expect(existsSync(cache)).toBe(false)
    },
  )
})
