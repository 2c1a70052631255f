import { join, sep } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { faultOfFileName, joinInside, joinNames } from '../../../../scripts/lib/tools/files/name.ts'

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.stringMatching(/^[./\\~a-z0 -]{0,20}$/),
)

describe('joinNames', () => {
  it.each([
    ['argo-cd', '8.0.0.tgz'],
    ['kube-prometheus-stack-v1.2.3+build.5'],
    ['cert_manager', 'Größe', '名前'],
    ['values-my release.yaml'],
  ])('joins %s %s', (...names) => {
    const given = names.filter((name) => name !== undefined)
    expect(joinNames('/out', ...given)).toBe(join('/out', ...given))
  })

  it.each([
    ['', 'it is empty'],
    ['..', 'it starts with "."'],
    ['.ssh', 'it starts with "."'],
    ['--output-dir=x', 'it starts with "-"'],
    ['a/b', 'it contains a path separator'],
    ['/etc/passwd', 'it contains a path separator'],
    [String.raw`..\..\x`, 'it contains a path separator'],
    ['a\0b', 'it contains a character that is not printable'],
    ['a\nb', 'it contains a character that is not printable'],
    ['a\u202Eb', 'it contains a character that is not printable'],
    ['a\u2028b', 'it contains a character that is not printable'],
    ['C:x', 'it contains one of the characters < > : " | ? *'],
    ['a.', 'it ends with a dot or a space'],
    ['nul.yaml', 'it is a reserved device name'],
    ['COM1', 'it is a reserved device name'],
    ['x'.repeat(201), 'it is longer than 200 bytes'],
    ['ü'.repeat(101), 'it is longer than 200 bytes'],
  ])('refuses %j', (name, fault) => {
    expect(() => joinNames('/out', name)).toThrow(`is not a valid file name: ${fault}`)
    expect(() => joinNames('/out', 'good', name)).toThrow(fault)
  })

  it('gives a child of the folder, or an error, whatever the name', () => {
    fc.assert(
      fc.property(hostile, (name) => {
        if (faultOfFileName(name) !== undefined) {
          expect(() => joinNames('/out', name)).toThrow(/is not a valid file name/)
        } else expect(joinNames('/out', name)).toBe(`/out${sep}${name}`)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('joinInside', () => {
  it.each(['Chart.yaml', 'templates/.keep', 'files/-x', 'a/b c/…'])('joins %j', (path) => {
    expect(joinInside('/out', path)).toBe(`/out/${path}`)
  })

  it.each([
    ['/etc/passwd', '/out/etc/passwd'],
    ['./a//b/', '/out/a/b'],
  ])('joins %j as if the folder were the root', (path, joined) => {
    expect(joinInside('/out', path)).toBe(joined)
  })

  it.each(['', '.', '/', '..', '../x', 'a/../../x', String.raw`a\..\x`, 'a\0'])(
    'refuses %j',
    (path) => {
      expect(() => joinInside('/out', path)).toThrow('leaves the folder of its chart')
    },
  )

  it('stays in the folder, whatever the path', () => {
    fc.assert(
      fc.property(hostile, (path) => {
        let joined = ''
        try {
          joined = joinInside('/out', path)
        } catch {
          return
        }
        expect(joined.startsWith('/out/')).toBe(true)
        expect(joined.split('/')).not.toContain('..')
      }),
      { numRuns: 2_000 },
    )
  })
})
