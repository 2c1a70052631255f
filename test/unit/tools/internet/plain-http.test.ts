import { describe, expect, it } from 'vitest'
import { classifyRun } from '../../../../scripts/lib/tools/process/failures.ts'
import { proxyForUrl } from '../../../../scripts/lib/tools/http/proxy.ts'
import { withoutPlainHttp } from '../../../../scripts/lib/tools/internet/plain-http.ts'

import { surroundingsOf } from '../../support/surroundings.ts'

const dead = 'http://127.0.0.1:9'

describe('the environment of a child that fetches', () => {
  it.each<[string, NodeJS.ProcessEnv, string]>([
    ['no proxy', {}, ''],
    ['proxies', { HTTPS_PROXY: 'http://p:1', HTTP_PROXY: 'http://p:1' }, 'http://p:1'],
    ['proxies in lowercase', { https_proxy: 'http://p:1', http_proxy: 'http://p:1' }, 'http://p:1'],
    ['exemptions', { HTTPS_PROXY: 'http://p:1', NO_PROXY: '169.254.169.254,.corp' }, 'http://p:1'],
    ['a wide exemption', { https_proxy: 'http://p:1', no_proxy: '169.254.0.0/16' }, 'http://p:1'],
    ['all exempted', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'a.b,*' }, ''],
  ])('with %s sends plain HTTP nowhere, and https as before', (_, given, proxy) => {
    const { env } = withoutPlainHttp(surroundingsOf({ PATH: '/bin', ...given }), ['quay.io'])
    expect(env['PATH']).toBe('/bin')
    expect(proxyForUrl('http://cdn.example/x', env)).toBe(dead)
    expect(proxyForUrl('http://169.254.169.254/latest', env)).toBe(dead)
    expect(proxyForUrl('https://cdn.example/x', env)).toBe(proxy)
  })

  it('keeps other exemptions', () => {
    const given = { HTTPS_PROXY: 'http://p:1', NO_PROXY: '.corp, 169.254.1.1' }
    const { env } = withoutPlainHttp(surroundingsOf(given), [])
    expect(proxyForUrl('https://a.corp/', env)).toBe('')
    expect(proxyForUrl('https://a.example/', env)).toBe('http://p:1')
  })

  it('is left alone for a registry that may speak plain HTTP', () => {
    const surroundings = surroundingsOf({ HTTP_PROXY: 'http://p:1' })
    expect(withoutPlainHttp(surroundings, ['10.0.0.5:5000'])).toBe(surroundings)
    expect(withoutPlainHttp(surroundings, ['10.evil.example'])).not.toBe(surroundings)
  })
})

it('a child that was led to plain HTTP says so', () => {
  const stderr =
    'Error: Get "http://cdn.example/blob": proxyconnect tcp: dial tcp 127.0.0.1:9: connect: connection refused'
  const command = { tool: 'crane', args: ['copy'] }
  const ended = { command, ending: 'exited', ok: false, exitCode: 1, stdout: '', stderr } as const
  const problem = classifyRun(ended, { sourceHost: 'quay.io' })
  expect(problem.kind).toBe('unsafe-address')
  expect(problem.next).toContain('redirects from https to plain HTTP')
})
