import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  fetchAsset,
  type ReleaseDoors,
  resolveRelease,
} from '../../../../scripts/lib/bootstrap/application/site.ts'
import { success, unwrap } from '../../../../scripts/lib/model/problem.ts'
import type { Http } from '../../../../scripts/lib/tools/http/types.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

const api = 'https://api.github.com/repos/opensearch-project/opensearch-migrations/releases'
const chart = 'https://github.com/o/r/releases/download/1.0.0/chart.tgz'

/** A site that answers with this release, and notes of every download who has named its address. */
function siteWith(release: object) {
  const downloads: { readonly url: string; readonly namedBy: string | undefined }[] = []
  const notes: string[] = []
  const refuse = () => expect.unreachable()
  const http: Http = {
    get: (url) =>
      Promise.resolve(
        success({ url, status: 200, headers: {}, body: Buffer.from(JSON.stringify(release)) }),
      ),
    call: refuse,
    download: async (url, file, { namedBy } = {}) => {
      downloads.push({ url, namedBy })
      await writeFile(file, 'chart', { flag: 'wx' })
      return success({ sha256: 'a'.repeat(64), bytes: 5 })
    },
  }
  const world: ReleaseDoors = {
    http,
    signal: new AbortController().signal,
    cache: join(makeTempFolder(), 'releases'),
    note: (text) => void notes.push(text),
  }
  return { world, downloads, notes }
}

const assets = [{ name: 'chart.tgz', browser_download_url: chart }]

describe('An address of a release file', () => {
  it.each([
    ['latest', undefined],
    ['tags/1.0.0', '1.0.0'],
  ])('is judged as one that the API has named (%s)', async (path, version) => {
    const { world, downloads } = siteWith({ tag_name: '1.0.0', assets })
    const release = unwrap(await resolveRelease(version, world))
    await fetchAsset('chart.tgz', release.version, release.asset('chart.tgz'), world)
    expect(downloads).toEqual([{ url: chart, namedBy: `${api}/${path}` }])
  })

  it('is judged as one of the kit, where the API names none', async () => {
    const { world, downloads } = siteWith({ tag_name: '1.0.0', assets: [] })
    const release = unwrap(await resolveRelease('1.0.0', world))
    await fetchAsset('other.tgz', release.version, release.asset('other.tgz'), world)
    expect(downloads).toEqual([
      {
        url: 'https://github.com/opensearch-project/opensearch-migrations/releases/download/1.0.0/other.tgz',
        namedBy: undefined,
      },
    ])
  })
})

describe('The name of a release', () => {
  it.each(['2.6.4', 'v2.6.4-rc.1', '1', 'A_b', 'x'.repeat(128)])('can be "%s"', async (name) => {
    const { world } = siteWith({ tag_name: name, assets })
    expect(unwrap(await resolveRelease(undefined, world)).version).toBe(name)
  })

  it.each([
    ['a template', '{{ .Values }}'],
    ['two words', '2.6.4 evil'],
    ['nothing', ''],
    ['a path', '../../x'],
    ['a flag', '--x'],
    ['hidden', '.x'],
    ['a line', '2.6.4\nx'],
    ['a line break behind it', '2.6.4\n'],
    ['without end', 'x'.repeat(200_000)],
    ['a number', 2],
  ])('is no name when it is %s', async (_, name) => {
    const { world, notes } = siteWith({ tag_name: name, assets })
    const latest = await resolveRelease(undefined, world)
    expect(latest).toMatchObject({
      ok: false,
      problem: {
        kind: 'not-found',
        message: 'cannot determine the latest release: the answer is not a release',
      },
    })
    // A version that the user has named is taken all the same.
    expect(unwrap(await resolveRelease('2.6.4', world)).version).toBe('2.6.4')
    expect(notes).toHaveLength(1)
    expect(notes.join('').length).toBeLessThan(300)
  })
})
