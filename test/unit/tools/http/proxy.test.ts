import { describe, expect, it } from 'vitest'
import { checkProxy, proxyForUrl } from '../../../../scripts/lib/tools/http/proxy.ts'

const proxy = 'http://proxy:3128'

describe('which proxy an environment names for a URL', () => {
  const table: [string, NodeJS.ProcessEnv, string, string][] = [
    ['no variable: direct', {}, 'https://a.test/', ''],
    ['https by HTTPS_PROXY', { HTTPS_PROXY: proxy }, 'https://a.test/', proxy],
    ['lowercase as well', { https_proxy: proxy }, 'https://a.test/', proxy],
    ['http not by HTTPS_PROXY', { HTTPS_PROXY: proxy }, 'http://a.test/', ''],
    ['http by HTTP_PROXY', { HTTP_PROXY: proxy }, 'http://a.test/', proxy],
    ['a scheme is added', { HTTPS_PROXY: 'proxy:3128' }, 'https://a.test/', proxy],
    ['never for localhost', { HTTP_PROXY: proxy }, 'http://localhost:8080/', ''],
    ['never for 127/8', { HTTPS_PROXY: proxy }, 'https://127.1.2.3/', ''],
    ['never for ::1', { HTTPS_PROXY: proxy }, 'https://[::1]/', ''],
  ]
  it.each(table)('%s', (_, env, url, expected) => {
    expect(proxyForUrl(url, env)).toBe(expected)
  })

  const exceptions: [string, string, boolean][] = [
    ['*', 'https://a.test/', true],
    ['a.test', 'https://a.test/', true],
    ['A.Test', 'https://a.test/', true],
    ['a.test', 'https://sub.a.test/', true],
    ['a.test', 'https://ba.test/', false],
    ['.a.test', 'https://sub.a.test/', true],
    ['.a.test', 'https://a.test/', false],
    ['*.a.test', 'https://sub.a.test/', true],
    ['x.test, a.test', 'https://a.test/', true],
    ['a.test:8443', 'https://a.test/', false],
    ['a.test:443', 'https://a.test/', true],
    ['10.0.0.0/8', 'https://10.2.3.4/', true],
    ['10.0.0.0/8', 'https://11.2.3.4/', false],
    ['10.0.0.0/99', 'https://10.2.3.4/', false],
    ['10.2.3.4', 'https://10.2.3.4/', true],
    ['fd00::/8', 'https://[fd00::1]/', true],
    ['fd00::1', 'https://[fd00::1]/', true],
    ['[fd00::1]:443', 'https://[fd00::1]/', true],
    ['', 'https://a.test/', false],
  ]
  it.each(exceptions)('NO_PROXY=%s and %s: exempt is %s', (list, url, isExempt) => {
    for (const name of ['NO_PROXY', 'no_proxy']) {
      expect(proxyForUrl(url, { HTTPS_PROXY: proxy, [name]: list })).toBe(isExempt ? '' : proxy)
    }
  })
})

describe('a proxy whose user or password cannot be decoded', () => {
  it.each([
    'http://us%zzer:hunter2@proxy:3128',
    'http://user:hunter%@proxy:3128',
    'http://user:50%off@proxy:3128',
    'https://user:%2@proxy',
  ])('is no URL: %s', (url) => {
    const check = () => checkProxy(url)
    expect(check).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_URL', message: 'Invalid URL' }),
    )
  })

  it.each(['', proxy, 'http://user:50%25%C3%A4@proxy:3128', 'http://proxy:port'])(
    'others are left as they are: "%s"',
    (url) => {
      expect(checkProxy(url)).toBe(url)
    },
  )
})
