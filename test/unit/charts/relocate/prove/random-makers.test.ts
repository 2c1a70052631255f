import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { fitsShape } from '../../../../../scripts/lib/charts/relocate/prove/shape.ts'

/** Bytes that look random and are the same in each run. */
function bytesOf(seed: string, length: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, index) =>
    createHash('sha256').update(`${seed}/${index}`).digest(),
  )
  return Buffer.concat(blocks).subarray(0, length)
}

const lower = 'abcdefghijklmnopqrstuvwxyz'
const alphanumeric = `0123456789${lower}${lower.toUpperCase()}`

function text(seed: string, length: number, alphabet = alphanumeric): string {
  return Array.from(bytesOf(seed, length), (byte) => alphabet[byte % alphabet.length]).join('')
}

function base64(plain: string | Buffer): string {
  return Buffer.from(plain).toString('base64')
}

function uuid(seed: string): string {
  const hex = bytesOf(seed, 16).toString('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** Certificates and keys differ in length by a few bytes. */
function pem(seed: string, length = 780): string {
  const size = length + ((bytesOf(seed, 1)[0] ?? 0) % 5)
  const lines = base64(bytesOf(seed, size)).match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

function htpasswd(seed: string): string {
  return `admin:$2a$10$${text(seed, 53, `./${alphanumeric}`)}`
}

function dockerConfig(seed: string): string {
  const password = text(seed, 16)
  const auth = base64(`app:${password}`)
  return JSON.stringify({ auths: { 'registry.internal': { username: 'app', password, auth } } })
}

const marks = '!#$%&()*+,-./:;<=>?@[]^_{|}~'

describe('what charts make at random fits, whatever comes out', () => {
  it.each<[string, (seed: string) => string]>([
    ['a short word', (seed) => text(seed, 5)],
    ['a word of a name', (seed) => `app-${text(seed, 5, `${lower}0123456789`)}`],
    ['a password', (seed) => text(seed, 20)],
    ['a password in base64', (seed) => base64(text(seed, 20))],
    ['a password of all characters', (seed) => text(seed, 50, alphanumeric + marks)],
    ['a password in a URL', (seed) => `postgres://app:${text(seed, 16)}@db.svc:5432/app`],
    ['a number', (seed) => text(seed, 6, '0123456789')],
    ['a UUID', uuid],
    ['a hash', (seed) => bytesOf(seed, 32).toString('hex')],
    ['16 bytes', (seed) => base64(bytesOf(seed, 16))],
    ['32 bytes', (seed) => base64(bytesOf(seed, 32))],
    ['32 bytes twice in base64', (seed) => base64(base64(bytesOf(seed, 32)))],
    ['a certificate', pem],
    ['a certificate in base64', (seed) => base64(pem(seed))],
    ['a chain', (seed) => pem(`${seed}a`) + pem(`${seed}b`)],
    ['a certificate in JSON', (seed) => JSON.stringify({ ca: pem(seed), port: 443 })],
    ['a certificate in YAML', (seed) => `ca: |\n  ${pem(seed).replaceAll('\n', '\n  ')}\non: true`],
    ['the hash of a password', htpasswd],
    ['the hash of a password in base64', (seed) => base64(htpasswd(seed))],
    ['credentials of a registry', dockerConfig],
    ['credentials of a registry in base64', (seed) => base64(dockerConfig(seed))],
    ['settings', (seed) => `[db]\nuser = app\npassword = ${text(seed, 12)}\n`],
  ])('%s', (_, make) => {
    const misfits = Array.from({ length: 150 }, (__, run) =>
      ['first', 'second', 'later'].map((which) => make(`${run} ${which}`)),
    ).filter(([first = '', second = '', later = '']) => !fitsShape(first, second, later))
    expect(misfits).toEqual([])
  })

  it('but what is fixed in encoded settings stays', () => {
    const settings = (password: string, host: string) => base64(`host = ${host}\npw = ${password}`)
    expect(
      fitsShape(settings('abc', 'x.io'), settings('def', 'x.io'), settings('ghi', 'y.io')),
    ).toBe(false)
  })

  it('but it names no image', () => {
    const [first, second] = [text('first', 40), text('second', 40)]
    expect(fitsShape(first, second, 'quay.io/acme/app')).toBe(false)
    expect(fitsShape(first, second, base64('quay.io/acme/app:v1'))).toBe(false)
  })
})
