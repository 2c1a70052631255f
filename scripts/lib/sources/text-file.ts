import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { hasCode, inputProblem, ProblemError, type Result, toResult } from '../model/problem.ts'

/** How a file is named in an error, and what to do when it cannot be read. */
export interface FileLabel {
  /** With the path in quotes: `values file "values.yaml"`. */
  readonly name: string
  readonly next?: string
}

/** Reads a text file that a user has named. The problem contains the reason, or the position that is not UTF-8. */
export async function readTextFile(
  file: string,
  { name, next }: FileLabel,
): Promise<Result<string>> {
  return toResult(readUtf8(file), (error) =>
    inputProblem(`${name} cannot be read: ${reasonOf(error)}`, next),
  )
}

/** Reads a file that may be missing; returns undefined if so. Throws `ProblemError`. */
export async function readOptionalFile(file: string): Promise<string | undefined> {
  try {
    return await readUtf8(file)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    if (error instanceof ProblemError) throw error
    throw new ProblemError(inputProblem(`"${file}" cannot be read: ${reasonOf(error)}`), {
      cause: error,
    })
  }
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'it does not exist'],
  ['EISDIR', 'it is a folder'],
  ['ENOTDIR', 'part of its path is not a folder'],
  ['EACCES', 'permission denied'],
])

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  return reasons.get(code) ?? code
}

async function readUtf8(file: string): Promise<string> {
  const bytes = await readBytes(file)
  try {
    // A byte order mark is kept: the parsers handle it.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    // helm rejects such a file. Otherwise, every invalid byte would become U+FFFD.
    throw new ProblemError(
      inputProblem(`${file}:${placeOfFault(bytes)}: the file is not UTF-8`, 'save it as UTF-8'),
    )
  }
}

/** Maximum bytes of a text; a list of everything that EKS users run has a few hundred kilobytes. */
const maximumLength = 64 * 1024 * 1024

/**
 * Reads a file, or a pipe such as `<(sops -d values.yaml)`. Without O_NONBLOCK, opening a FIFO without a writer would
 * block a thread that no signal can end; with it, the text is empty.
 */
async function readBytes(file: string): Promise<Buffer> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const pieces: Buffer[] = []
    let length = 0
    for (;;) {
      const piece = await readPiece(handle)
      if (piece.length === 0) return Buffer.concat(pieces)
      length += piece.length
      if (length > maximumLength) {
        throw new ProblemError(
          inputProblem(`${file}: the file is larger than ${maximumLength / 1024 / 1024} MiB`),
        )
      }
      pieces.push(piece)
    }
  } finally {
    await handle.close()
  }
}

/** Reads a chunk, waiting for a slower writer. */
async function readPiece(handle: FileHandle): Promise<Buffer> {
  for (;;) {
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(65_536), 0, 65_536, null)
      return buffer.subarray(0, bytesRead)
    } catch (error) {
      if (!hasCode(error, 'EAGAIN')) throw error
      await pause(20)
    }
  }
}

/** Returns the `line:column` of the first byte that is not UTF-8. */
function placeOfFault(bytes: Buffer): string {
  const lenient = bytes.toString('utf8')
  const replacement = Buffer.from('\ufffd')
  let end = lenient.indexOf('\ufffd')
  let at = Buffer.byteLength(lenient.slice(0, end))
  // The file itself may contain this character.
  while (end !== -1 && bytes.subarray(at, at + replacement.length).equals(replacement)) {
    const next = lenient.indexOf('\ufffd', end + 1)
    at += Buffer.byteLength(lenient.slice(end, next))
    end = next
  }
  const lines = lenient.slice(0, end).split('\n')
  return `${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`
}
