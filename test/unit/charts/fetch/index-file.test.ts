import { describe, expect, it } from 'vitest'
import { findVersion, loadIndex } from '../../../../scripts/lib/charts/fetch/index-file.ts'
import { unwrap, type Result } from '../../../../scripts/lib/model/problem.ts'
import type { Http, HttpAnswer } from '../../../../scripts/lib/tools/http/types.ts'

const repository = 'https://x.io/charts'
const sha = 'a'.repeat(64)
const { signal } = new AbortController()
const origin = { kind: 'chart-list', file: 'my/charts.yaml' } as const

/** A door that gives one answer and refuses to be used in any other way. */
function doorWith(answer: string | Result<HttpAnswer>): Http {
  return {
    get: async (url) => {
      if (url !== `${repository}/index.yaml`) throw new Error(`unexpected request for ${url}`)
      if (typeof answer !== 'string') return answer
      return { ok: true, value: { status: 200, headers: {}, body: Buffer.from(answer), url } }
    },
    call: () => {
      throw new Error('unexpected call')
    },
    download: () => {
      throw new Error('unexpected download')
    },
  }
}

const index = `apiVersion: v1
entries:
  app:
    - { version: v1.2.0, urls: [https://cdn.io/app-v1.2.0.tgz], digest: ${sha} }
    - { version: 1.1.0, urls: [app-1.1.0.tgz], digest: 'sha256:${sha}' }
    - { version: 1.0.0, urls: [../old/app-1.0.0.tgz], digest: md5 }
    - { version: 0.9.0 }
`

describe('loadIndex', () => {
  it.each([
    ['v1.2.0', { url: 'https://cdn.io/app-v1.2.0.tgz', sha256: sha }],
    ['1.1.0', { url: 'https://x.io/charts/app-1.1.0.tgz', sha256: sha }],
    ['1.0.0', { url: 'https://x.io/old/app-1.0.0.tgz' }],
  ])('finds %s with its address and digest', async (version, entry) => {
    const charts = unwrap(await loadIndex(doorWith(index), repository, signal, origin))
    expect(unwrap(findVersion(charts, { name: 'app', version, repository }, origin))).toEqual({
      version,
      ...entry,
    })
  })

  it.each([
    ['http://x.io/charts/app.tgz', /points to "http:\/\/x\.io[^"]*", which is less secure/],
    ['https://me:hunter2@x.io/app.tgz', /contains a user name or password/],
    ['//hunter2@x.io/app.tgz', /contains a user name or password/],
    ['ftp://x.io/app.tgz', /which is less secure/],
  ])('refuses an archive at %s', async (url, words) => {
    const text = JSON.stringify({ entries: { app: [{ version: '1.0.0', urls: [url] }] } })
    const charts = unwrap(await loadIndex(doorWith(text), repository, signal, origin))
    const found = findVersion(charts, { name: 'app', version: '1.0.0', repository }, origin)
    expect(found).toMatchObject({ ok: false, problem: { kind: 'unsafe-address' } })
    expect(!found.ok && found.problem.message).toMatch(words)
    expect(JSON.stringify(found)).not.toContain('hunter')
  })

  it('reads few of many entries that repeat a list, however its anchor is written', async () => {
    const list = `[${'1, '.repeat(9_999)}1]`
    const other = `[${`${'x'.repeat(40)},\n`.repeat(40_000)}1]`
    const text = `entries:\n  one:\n    - !<tag:yaml.org,2002:seq>&a ${list}\n  other: ${other}\n  app:\n${'    - { version: 1.0.0, urls: [a.tgz], more: *a }\n'.repeat(20_000)}`
    const charts = unwrap(await loadIndex(doorWith(text), repository, signal, origin))
    expect(charts.versionsOf('app').length).toBeLessThan(500)
  })

  it.each(['{ "many":&a LIST }', "{ 'many':&a LIST }", '{ many: &a LIST }', '!!seq &a LIST'])(
    'refuses a short index that grows by an anchor in %s',
    async (anchored) => {
      const list = `[${'1, '.repeat(999)}1]`
      const text = `entries:\n  other:\n    - ${anchored.replace('LIST', list)}\n  app:\n${'    - { version: 1.0.0, urls: [a.tgz], more: *a }\n'.repeat(2_000)}`
      expect(await loadIndex(doorWith(text), repository, signal, origin)).toMatchObject({
        ok: false,
        problem: { kind: 'invalid-input', side: 'source' },
      })
    },
  )

  it('reads an index that is JSON', async () => {
    const text = JSON.stringify({ entries: { app: [{ version: '1.0.0', urls: ['a.tgz'] }] } })
    const charts = unwrap(await loadIndex(doorWith(text), repository, signal, origin))
    expect(charts.versionsOf('app')).toEqual([
      { version: '1.0.0', url: 'https://x.io/charts/a.tgz' },
    ])
  })

  it.each([
    ['1.2.0', 'it is published as "v1.2.0"'],
    ['9.9.9', 'available versions include v1.2.0, 1.1.0, 1.0.0'],
    ['1.1.9', 'available versions include 1.1.0, v1.2.0, 1.0.0'],
  ])('refuses %s and says what there is', async (version, next) => {
    const charts = unwrap(await loadIndex(doorWith(index), repository, signal, origin))
    const found = findVersion(charts, { name: 'app', version, repository }, origin)
    expect(found.ok ? '' : found.problem.next).toContain(next)
  })

  it.each([
    ['lost', /has no chart "lost"$/, 'check its name and its repository in my/charts.yaml'],
    ['web-ap', /has no chart "web-ap"$/, 'did you mean web-app? Check its name in my/charts.yaml'],
    [
      '__proto__',
      /has no chart "__proto__"$/,
      'check its name and its repository in my/charts.yaml',
    ],
    [
      'broken',
      /lists chart "broken" without any usable version$/,
      'report it to the publisher, or set another repository in my/charts.yaml',
    ],
  ])('says so when there is no chart of the name %s', async (name, message, next) => {
    // No publisher can name a chart like this, so it must not become advice.
    const strange = '"web-app; rm -rf": []'
    const text = `${index}  web-app: []\n  broken: [{ version: 1.0.0 }]\n  ${strange}\n`
    const charts = unwrap(await loadIndex(doorWith(text), repository, signal, origin))
    const found = findVersion(charts, { name, version: '1.0.0', repository }, origin)
    expect(found).toMatchObject({
      ok: false,
      problem: { kind: 'not-found', side: 'source', message: expect.stringMatching(message), next },
    })
  })

  it.each([
    ['<html>not found</html>', 'is not a chart index'],
    ['entries: [', 'is not a chart index'],
    ['a: 1', 'is not a chart index: it has no entries'],
  ])('refuses %j', async (text, message) => {
    const loaded = await loadIndex(doorWith(text), repository, signal, origin)
    expect(loaded.ok ? '' : loaded.problem.message).toContain(message)
  })

  it('calls a missing index what it is: not a chart repository', async () => {
    const problem = { kind: 'not-found', side: 'unknown', message: '404' } as const
    const loaded = await loadIndex(doorWith({ ok: false, problem }), repository, signal, origin)
    expect(loaded).toMatchObject({ problem: { kind: 'not-found', side: 'source' } })
    expect(loaded.ok ? '' : loaded.problem.message).toContain('is not a chart repository')
  })
})
