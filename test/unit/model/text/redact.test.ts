import { describe, expect, it } from 'vitest'
import { redactSecrets } from '../../../../scripts/lib/model/text/redact.ts'

const sessionToken = `IQoJb3JpZ2luX2VjE${'Aa1+/'.repeat(30)}==`
const jwt = `eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZSJ9.${'c2ln'.repeat(10)}`

describe('redactSecrets', () => {
  it.each([
    ['https://user:secret@host/x', 'https://***@host/x'],
    ['https://:secret@host', 'https://***@host'],
    ['https://secret@host/x', 'https://***@host/x'],
    ['https://us%65r%3Asecret@host/x', 'https://***@host/x'],
    ['https://a@b:secret@host/x', 'https://***@host/x'],
    ['https://user:se/cret@host/x', 'https://***@host/x'],
    ['https://user:se?cr#et@host/x', 'https://user:***?***'],
    ['oci://https://user:secret@host/x', 'oci://https://***@host/x'],
    ['https://h/x?next=https://user:secret@i/', 'https://h/x?***'],
    ['https://user:secret%40host/x', 'https://user:***/x'],
    ['oci://user:secret@host/x: not found', 'oci://***@host/x: not found'],
    ['redirect to //user:secret@host/x', 'redirect to //***@host/x'],
    [
      'proxyconnect tcp: parse "http://me:secret@p:3128": bad',
      'proxyconnect tcp: parse "http://***@p:3128": bad',
    ],
    ['two: https://a:secret@h and http://b:secret@i', 'two: https://***@h and http://***@i'],
    ['https://host/x?X-Amz-Signature=secret&y=1 failed', 'https://host/x?*** failed'],
    ['Get "https://host/x?token=secret": EOF', 'Get "https://host/x?***": EOF'],
    ['https://host/x#access_token=secret', 'https://host/x#***'],
    ['Authorization: Basic QVdTOnNlY3JldA==', 'Authorization: Basic ***'],
    ['authorization: bearer abcdefgh.SECRET', 'authorization: bearer ***'],
    [`you sent ${jwt}`, 'you sent ***'],
    [`the token ${sessionToken} is expired`, 'the token *** is expired'],
    ['key AKIAIOSFODNN7EXAMPLE is unknown', 'key AKIA*** is unknown'],
    ['SecretAccessKey: wJalrXUtnFEMI/K7MDENG', 'SecretAccessKey: ***'],
    ['aws_secret_access_key = wJalrXUtnFEMI', 'aws_secret_access_key = ***'],
    ['{"SessionToken":"secret-token"}', '{"SessionToken":"***"}'],
    ['x-amz-security-token:secret-token', 'x-amz-security-token:***'],
    ['{"password":"hunter2"}', '{"password":"***"}'],
    ['password=hunter2&x=1', 'password=***&x=1'],
    ['dckr_pat_abcdefghijklmnopqrstuvwx', '***'],
    ['ghp_abcdefghijklmnopqrstuvwxyz0123456789', '***'],
  ])('%s', (text, clean) => {
    expect(redactSecrets(text)).toBe(clean)
    expect(redactSecrets(clean)).toBe(clean)
  })

  it.each([
    'https://host:5000/@scope/x@1 answered 404 Not Found',
    'cannot reach https://host:5000: connection refused (https://[::1]:5000)',
    'oci://host/path@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
    'http://json-schema.org/draft-07/schema#',
    'could not fetch token: 403 Forbidden; unexpected token: }',
    'incorrect username or password: unauthorized',
    'Basic authentication is required; no basic auth credentials',
    'path a//b@c and // a comment@x',
    'sha512:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
  ])('leaves %s', (text) => {
    expect(redactSecrets(text)).toBe(text)
  })

  it('needs time in proportion to the text', () => {
    const began = performance.now()
    const units = [
      '//',
      '://',
      '//:',
      '://a:',
      '://@',
      '://a:b/',
      'eyJ',
      'IQoJ',
      'password=',
      'Bearer ',
    ]
    for (const unit of units) redactSecrets(unit.repeat(40_000))
    expect(performance.now() - began).toBeLessThan(20_000)
  }, 60_000)
})
