import { describe, expect, it } from 'vitest'
import { fetchNested, sessionNamedBy } from '../../../scripts/lib/nested/fetch.ts'
import { success } from '../../../scripts/lib/model/problem.ts'
import type { HttpOptions } from '../../../scripts/lib/tools/http/types.ts'
import { idleSession } from '../support/session.ts'
import { makeTempFolder } from '../support/temp-folder.ts'

describe('nothing is requested from', () => {
  it.each<readonly [string, string, string, string]>([
    ['an address without encryption', 'http://e.com', '1.0.0', 'address'],
    ['a Git repository', 'git@github.com:a/b.git', '1.0.0', 'address'],
    ['a source that is not rendered', 'HelmRepository/a', '1.0.0', 'address'],
    ['a file', 'file:///etc', '1.0.0', 'address'],
    ['a private network', 'https://192.168.1.1/x', '1.0.0', 'failed'],
    ['a private network in other digits', 'https://0xa000001/x', '1.0.0', 'failed'],
    ['this machine', 'https://127.0.0.1:8443', '1.0.0', 'failed'],
    ['this machine in a registry', 'oci://localhost:5000/a', '1.0.0', 'failed'],
    ['a metadata service', 'https://169.254.169.254/latest', '1.0.0', 'failed'],
    ['a metadata service by its name', 'oci://metadata.google.internal/a', '1.0.0', 'failed'],
    ['an address with a password', 'https://me:secret@e.com', '1.0.0', 'failed'],
    ['a repository without a version', 'https://e.com', '', 'version'],
    ['a repository with a range', 'https://e.com', '>=1.0.0', 'version'],
  ])('%s', async (_, repository, version, kind) => {
    const session = idleSession(makeTempFolder())
    const fetched = await fetchNested({ chart: 'a', version, repository }, session, new Map())
    expect(fetched).toMatchObject({ ok: false, problem: { kind } })
    expect(JSON.stringify(fetched)).not.toContain('secret')
  })
})

it('a repository that could not be reached is not asked again', async () => {
  const session = idleSession(makeTempFolder())
  const obstacle = { kind: 'failed', reason: 'no route' } as const
  const query = { chart: 'a', version: '1.0.0', repository: 'https://e.com' }
  const unreachable = new Map([[query.repository, obstacle]])
  expect(await fetchNested(query, session, unreachable)).toEqual({ ok: false, problem: obstacle })
})

it('an index is fetched once, as named by the chart', async () => {
  const asked: [string, HttpOptions | undefined][] = []
  const idle = idleSession(makeTempFolder())
  const answer = success({ status: 200, headers: {}, body: Buffer.from(''), url: '' })
  const http = {
    ...idle.http,
    get: async (url: string, options?: HttpOptions) => {
      asked.push([url, options])
      return answer
    },
  }
  for (const namedBy of ['oci://ghcr.io/a', undefined]) {
    const { http: own } = sessionNamedBy({ ...idle, http }, namedBy)
    await own.get('https://e.com/index.yaml')
    await own.get('https://e.com/index.yaml')
  }
  expect(asked).toEqual([
    ['https://e.com/index.yaml', { namedBy: 'https://ghcr.io/a' }],
    ['https://e.com/index.yaml', { namedBy: 'https://chart.invalid/' }],
  ])
})
