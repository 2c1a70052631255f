import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Header } from 'tar'
import { makeTempFolder } from './temp-folder.ts'

/** An entry of a tar as no tool would make it. */
export interface RawEntry {
  readonly path: string
  readonly content?: Buffer | string
  /** Another size than that of the content. */
  readonly size?: number
  /** Type flag of tar: `0` is a file, `L` a long name, `x` a pax header, `S` a sparse file. */
  readonly flag?: string
  /** Other bytes of the header, by where they begin. */
  readonly patches?: readonly (readonly [at: number, text: string])[]
}

/** The record of a pax header, which begins with its own length. */
export function paxRecord(key: string, value: string | Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value), Buffer.from('\n')])
  let length = rest.length
  while (`${length}`.length + rest.length > length) length += 1
  return Buffer.concat([Buffer.from(`${length}`), rest])
}

/** The blocks of a tar, without the two empty ones at its end. */
export function tarOf(entries: readonly RawEntry[]): Buffer {
  return Buffer.concat(
    entries.flatMap(({ path, content = '', size, flag = '0', patches = [] }) => {
      const body = Buffer.from(content)
      const head = Buffer.alloc(512)
      new Header({ path, mode: 0o644, size: size ?? body.length, type: 'File' }).encode(head, 0)
      head.write(flag, 156)
      for (const [at, text] of patches) head.write(text, at, 'latin1')
      // The checksum counts itself as eight spaces.
      head.fill(' ', 148, 156)
      const sum = head.reduce((total, byte) => total + byte, 0)
      head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
      return [head, body, Buffer.alloc((512 - (body.length % 512)) % 512)]
    }),
  )
}

/** A gzip archive in memory. */
export function packOf(entries: readonly RawEntry[]): Buffer {
  return gzipSync(Buffer.concat([tarOf(entries), Buffer.alloc(1024)]))
}

/** Writes bytes as an archive; returns its path. */
export function archiveFile(bytes: Buffer, name = 'chart.tgz'): string {
  const file = join(makeTempFolder(), name)
  writeFileSync(file, bytes)
  return file
}
