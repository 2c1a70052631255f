import { expect, it } from 'vitest'
import { runFolder } from '../../../../scripts/lib/mirror/session/request.ts'

it('the state of a run has one folder for each registry and prefix', () => {
  const folderOf = (prefix: string) =>
    runFolder({ registry: { host: 'h.io' }, prefix, copying: { stateFolder: '/state' } } as never)
  expect(folderOf('')).toBe('/state/h.io')
  expect(folderOf('team/a')).toBe('/state/h.io_team__a')
  expect(folderOf('team_a')).toBe('/state/h.io_team_a')
})
