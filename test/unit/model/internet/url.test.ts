import { describe, expect, it } from 'vitest'
import {
  hasUserInfo,
  judgeNamed,
  redactUrl,
  showAddress,
  userInfoProblem,
} from '../../../../scripts/lib/model/internet/url.ts'

describe('credentials in an address', () => {
  it.each([
    ['https://user:secret@host/x', 'https://***@host/x'],
    ['https://:secret@host/x', 'https://***@host/x'],
    ['https://secret@host/x', 'https://***@host/x'],
    ['https://@host/x', 'https://***@host/x'],
    ['https://us%65r%3Asecret@host', 'https://***@host'],
    ['https://user:se%40cret@host', 'https://***@host'],
    ['https://a@b:secret@host', 'https://***@host'],
    ['https://user:se/cret@host/p', 'https://***@host/p'],
    ['https://user:secret@[::1]:5000/x', 'https://***@[::1]:5000/x'],
    ['HTTPS://user:secret@host', 'HTTPS://***@host'],
    [' https://user:secret@host', 'https://***@host'],
    [String.raw`https:\\user:secret@host\x`, String.raw`https:\\***@host/x`],
    ['https:user:secret@host', 'https:***@host'],
    ['https:/user:secret@host', 'https:/***@host'],
    ['oci://user:secret@host/x', 'oci://***@host/x'],
    ['oci://HTTPS://user:secret@host/x', 'oci://HTTPS://***@host/x'],
  ])('%s are found, and not shown', (address, shown) => {
    expect(hasUserInfo(address)).toBe(true)
    expect(showAddress(address)).toBe(shown)
    const problem = JSON.stringify(userInfoProblem('it', address))
    expect(problem).not.toMatch(/secret|cret@/)
    expect(problem).toContain('must be readable without a login')
  })

  it.each([
    'https://host/@scope/x',
    'https://host/x@1.0.0/y',
    'https://host:5000/x',
    'https://[::1]:5000/a@b',
    'oci://host/path',
    'charts/my@chart',
    'host/x@sha256:0123',
  ])('are not in %s', (address) => {
    expect(hasUserInfo(address)).toBe(false)
    expect(address.includes('://') ? showAddress(address) : address).toBe(address)
  })

  it('that make no address are not shown either', () => {
    expect(showAddress('https://user:secret%40host/x')).toBe('https://user:***/x')
    expect(showAddress('https://user:sec ret@host/x')).toBe('https://***@host/x')
    expect(redactUrl('https://user:secret@host/x?token=secret')).toBe('https://host/x?…')
    expect(redactUrl('https://user:sec ret')).toBe('an invalid URL')
  })
})

describe('an address that a server names', () => {
  it.each([
    ['https://b/x', 'https://a/', undefined],
    ['http://b/x', 'http://a/', undefined],
    ['https://b/x', 'http://a/', undefined],
    ['http://a/x', 'https://a/', /points to "http:\/\/a\/x", which is less secure/],
    ['file:///etc/passwd', 'https://a/', /which is less secure/],
    ['ftp://a/x', 'http://a/', /which is less secure/],
    ['https://u:secret@a/x', 'https://a/', /contains a user name or password/],
    ['https://secret@a/x', 'https://a/', /contains a user name or password/],
  ])('%s, named by %s', (url, namedBy, words) => {
    const problem = judgeNamed(new URL(url), new URL(namedBy))
    if (words === undefined) return expect(problem).toBeUndefined()
    expect(problem?.message).toMatch(words)
    expect(JSON.stringify(problem)).not.toContain('secret')
    return expect(problem).toMatchObject({ kind: 'unsafe-address', side: 'source' })
  })
})
