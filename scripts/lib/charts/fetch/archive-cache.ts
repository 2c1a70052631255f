import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { isOwn } from '../../tools/files/links.ts'
import { makePrivateFolder } from '../../tools/files/private-folder.ts'
import { placeOwnFile, replaceOwnFile } from '../../tools/files/files.ts'

/** Stores a chart's archive, with its hash in a file next to it. */
export async function keepArchive(file: string, kept: string): Promise<void> {
  await makePrivateFolder(dirname(kept))
  const sha256 = await hashFile(file)
  await placeOwnFile(file, kept)
  await replaceOwnFile(recordOf(kept), `${sha256}\n`)
}

/**
 * Checks a cached archive. `changed`: it differs from what was fetched, or its hash is missing, so another user could
 * have put it there.
 */
export async function checkKept(kept: string): Promise<'whole' | 'absent' | 'changed'> {
  const info = await lstat(kept).catch(() => undefined)
  if (info === undefined) return 'absent'
  if (!info.isFile() || !isOwn(info)) return 'changed'
  const recorded = await readFile(recordOf(kept), 'utf8').catch(() => undefined)
  return recorded?.trim() === (await hashFile(kept)) ? 'whole' : 'changed'
}

function recordOf(kept: string): string {
  return `${kept}.sha256`
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}
