import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeGenerated } from '../../../../scripts/lib/sources/manifest/generated.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

/** A folder with a link to another file, as a cloned repository may have it. */
function linked() {
  const folder = makeTempFolder()
  const precious = join(makeTempFolder(), 'precious')
  writeFileSync(precious, 'old')
  const link = join(folder, 'private-ecr-lock.json')
  symlinkSync(precious, link)
  return { folder, link, precious: () => readFileSync(precious, 'utf8') }
}

describe('writeGenerated', () => {
  it('writes nothing through a link, and nothing at all then', async () => {
    const { folder, link, precious } = linked()
    const module = join(folder, 'manifest.ts')
    const files = [
      { file: module, text: 'new' },
      { file: link, text: 'new' },
    ]
    await expect(writeGenerated(files)).rejects.toThrow(/is a link|links below/)
    expect(precious()).toBe('old')
    expect(() => readFileSync(module)).toThrow('ENOENT')
  })

  it('follows a link that the user named', async () => {
    const { link, precious } = linked()
    await writeGenerated([{ file: link, text: 'new' }], link)
    expect(precious()).toBe('new')
  })
})
