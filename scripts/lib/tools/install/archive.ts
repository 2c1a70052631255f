import { lstat, mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { failure, success, type Result } from '../../model/problem.ts'
import type { Http } from '../http/types.ts'
import type { ToolArchive } from './pins.ts'

/**
 * Downloads a release archive to a folder and places its tool at `target`.
 * Unpacks nothing before the checksum is verified, and only the one member.
 */
export async function fetchFromArchive(
  archive: ToolArchive,
  folder: string,
  target: string,
  { http, signal }: { readonly http: Http; readonly signal: AbortSignal | undefined },
): Promise<Result<void>> {
  const file = join(folder, 'archive.tar.gz')
  const downloaded = await http.download(archive.url, file, signal && { signal })
  if (!downloaded.ok) return downloaded
  const { sha256 } = downloaded.value
  if (sha256 !== archive.sha256) {
    return failure({
      kind: 'checksum-mismatch',
      side: 'source',
      message: `the archive "${archive.url}" is not the published one: its SHA-256 is ${sha256}, expected ${archive.sha256}`,
      next: 'find out what modified the download on its way to this machine before you continue; nothing was unpacked',
    })
  }
  try {
    await unpackMember(archive.member, file, folder, target)
    return success(undefined)
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    return failure({
      kind: 'unknown',
      side: 'local',
      message: `cannot unpack "${archive.member}" from "${archive.url}": ${words}`,
    })
  }
}

async function unpackMember(
  member: string,
  file: string,
  folder: string,
  target: string,
): Promise<void> {
  const { extract } = await import('tar')
  const cwd = join(folder, 'unpacked')
  await mkdir(cwd)
  await extract({
    file,
    cwd,
    strict: true,
    preserveOwner: false,
    filter: (path, entry) => path === member && 'type' in entry && entry.type === 'File',
  })
  const unpacked = join(cwd, member)
  if (!(await lstat(unpacked)).isFile()) throw new Error('it is not a regular file')
  await rename(unpacked, target)
}
