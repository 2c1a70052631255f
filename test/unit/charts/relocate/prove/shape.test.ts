import { describe, expect, it } from 'vitest'
import { fitsShape } from '../../../../../scripts/lib/charts/relocate/prove/shape.ts'

const pem = (...lines: readonly string[]) =>
  ['-----BEGIN-----', ...lines, '-----END-----'].join('\n')

describe('a text with something random in it', () => {
  it.each<[string, string, string, string]>([
    ['is the same again', 'a', 'b', 'a'],
    ['has another word', 'key: aB3x\ntls: true', 'key: Zz01\ntls: true', 'key: q9Qk\ntls: true'],
    ['has another word of another length', 'a9', 'b12', 'c7'],
    ['has several words', 'x=ab y=12 z', 'x=cd y=34 z', 'x=ef y=56 z'],
    ['is base64 with its characters anywhere', 'aB+c/d==', 'a/bcd+E=', '+abcde/='],
    ['is a certificate', pem('aB+c', 'dE=='), pem('/xYz', 'Q+=='), pem('zz/a', 'b+==')],
    [
      'has several certificates of other lengths',
      `a: |\n${pem('aB+c', 'd=')}\nb: |\n${pem('x+==')}`,
      `a: |\n${pem('/xYz')}\nb: |\n${pem('y==/')}`,
      `a: |\n${pem('zz/a')}\nb: |\n${pem('b+==', 'e')}`,
    ],
    [
      'is a certificate with other lengths at its beginning',
      pem('MIIDtzCCAp+gAwIBAgIQYD3W'),
      pem('MIIDtzCCAp+gAwIBAgIQFw2l'),
      pem('MIIDuDCCAqCgAwIBAgIRAPWK'),
    ],
    ['is the hash of a password', 'a:$2a$10$x.y/z', 'a:$2a$10$a/b/c', 'a:$2a$10$..abc'],
    ['is a certificate of another length', pem('aB+c', 'd='), pem('/xYz'), pem('zz/a', 'b=')],
  ])('%s', (_, first, second, later) => {
    expect(fitsShape(first, second, later)).toBe(true)
  })

  it.each<[string, string, string, string]>([
    ['does not change elsewhere', 'k: a\ntls: true', 'k: b\ntls: true', 'k: c\ntls: false'],
    ['does not change in the same line', 'a -x', 'b -x', 'c -y'],
    ['has no more lines', 'k: ab\n', 'k: cd\n', 'k: ef\nrun: curl\n'],
    ['has no character that is not its own', 'abcd', 'efgh', 'a;b'],
    ['is no command', pem('aB+c', 'd='), pem('/xYz'), pem('$(curl x.io)')],
    ['has no line more with blanks', 'k: a\nu: b /.', 'k: c\nu: b /.\nu: d', 'k: e\nrun: /x.y'],
    ['has no word more', 'k: a /b.c', 'k: d e /b.c f', 'k: sh /x.y'],
    ['is not much longer', 'ab', 'cd', 'abcdefghi'],
    ['keeps its beginning and its end', 'a:1 x\n\nb', 'a:2 x\n\nb', 'a:3 y\n\nb'],
    ['is not gone', 'a 1 b', 'a 2 2 b', 'a b'],
  ])('%s', (_, first, second, later) => {
    expect(fitsShape(first, second, later)).toBe(false)
  })
})
