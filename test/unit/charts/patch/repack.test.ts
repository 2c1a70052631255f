import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { expect, it } from 'vitest'
import { packApart } from '../../../../scripts/lib/charts/patch/repack.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

it('charts whose archives have one name are packed apart', async () => {
  const session = { folder: makeTempFolder() }
  const pack = (name: string, version: string) => {
    const files = new Map([['Chart.yaml', Buffer.from(`name: ${name}\nversion: ${version}\n`)]])
    return packApart({ name, version }, { files, changes: [] }, session)
  }
  const one = await pack('a', '1.0.0-1.0.0')
  const bytes = readFileSync(one)
  const other = await pack('a-1.0.0', '1.0.0')
  expect(basename(one)).toBe(basename(other))
  expect(readFileSync(one).equals(bytes)).toBe(true)
  expect(readFileSync(other).equals(bytes)).toBe(false)
})
