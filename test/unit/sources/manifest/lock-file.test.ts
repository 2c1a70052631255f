import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { emptyLock } from '../../../../scripts/lib/model/manifest/lock.ts'
import { loadLock } from '../../../../scripts/lib/sources/manifest/lock-file.ts'
import { parseLock } from '../../../../scripts/lib/sources/manifest/lock-parse.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

const digest = `sha256:${'a'.repeat(64)}`
const image = (fields: object) =>
  JSON.stringify({ images: { 'quay.io/a/b:1': fields }, charts: {} })

describe('the lock', () => {
  it('is empty when there is none', async () => {
    expect(await loadLock(join(makeTempFolder(), 'manifest.ts'))).toEqual(emptyLock)
  })

  it('is read from beside the manifest', async () => {
    const folder = makeTempFolder()
    const lock = {
      images: { 'quay.io/a/b:1': { digest, mediaType: 'm', blobs: { [digest]: 12 } } },
      charts: { 'https://x.io app 1.0.0': { digest } },
    }
    writeFileSync(join(folder, 'private-ecr-lock.json'), JSON.stringify(lock))
    expect(await loadLock(join(folder, 'manifest.ts'))).toEqual(lock)
  })

  it.each([
    ['a digest that is none', image({ digest: 'sha256:abc' }), 'not a digest; expected'],
    ['a size below nothing', image({ digest, blobs: { [digest]: -1 } }), 'blobs'],
    ['a child without a type', image({ digest, children: [{ digest, size: 1 }] }), 'mediaType'],
    ['an unknown key', image({ digest, size: 1 }), 'unknown key "size"'],
    ['no charts', '{ "images": {} }', 'charts'],
    ['no JSON', '{', 'lock.json:1:'],
  ])('refuses %s', (_, text, message) => {
    const parsed = parseLock({ file: 'lock.json', text })
    expect(parsed.ok ? '' : parsed.problem.message).toContain(message)
  })
})
