import { join, sep } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runFolder } from '../../../../scripts/lib/mirror/run-options.ts'
import { joinNames } from '../../../../scripts/lib/tools/files/name.ts'

describe('joinNames', () => {
  it.each([
    ['a name', ['app'], 'app'],
    ['names', ['app', '1.2.3+build'], join('app', '1.2.3+build')],
    ['letters of other languages', ['größe'], 'größe'],
  ])('joins %s', (_, names, expected) => {
    expect(joinNames('/state', ...names)).toBe(join('/state', expected))
  })

  it.each([
    ['the folder itself', '.'],
    ['the folder above', '..'],
    ['a path upwards', '../../etc/passwd'],
    ['a path downwards', 'a/b'],
    ['a path of Windows', String.raw`..\x`],
    ['an absolute path', '/etc/passwd'],
    ['nothing', ''],
    ['a hidden file', '.bashrc'],
    ['a NUL', 'a\0b'],
    ['a line break', 'a\nb'],
    ['a character that turns text around', 'a\u202Eb'],
    ['too long a name', 'x'.repeat(300)],
  ])('refuses %s', (_, name) => {
    expect(() => joinNames('/state', 'ok', name)).toThrow(/cannot be the name of a file/)
  })

  it('never leaves the folder', () => {
    const part = fc.oneof(fc.constantFrom('..', '.', '/', '\\', 'a', '\0', '%2e'), fc.string())
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 4 }).map((parts) => parts.join('')),
        (name) => {
          let path
          try {
            path = joinNames('/state', name)
          } catch {
            return
          }
          expect(path).toBe(`/state${sep}${name}`)
          expect(name).not.toContain('/')
        },
      ),
    )
  })
})

it('the state of a run has one folder for each registry and prefix', () => {
  const folderOf = (prefix: string) =>
    runFolder({ registry: { host: 'h.io' }, prefix, stateFolder: '/state' } as never)
  expect(folderOf('')).toBe('/state/h.io')
  expect(folderOf('team/a')).toBe('/state/h.io_team_a')
})
