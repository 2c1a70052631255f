import { addAbortSignal, type Readable } from 'node:stream'
import { failure, inputProblem, invalidInput, type Result, success } from '../model/problem.ts'
import { throwIfInterrupted } from '../steps/interruptible.ts'
import { readTextFile } from '../sources/text-file.ts'
import type { PlainInput } from './input.ts'

/** Maximum bytes of all manifests; the largest public collections have about ten megabytes. */
const maximumBytes = 64 * 1024 * 1024

const tooLarge = inputProblem(
  `the manifests are larger than ${maximumBytes / 1024 / 1024} MiB`,
  'relocate them in several parts',
)

/** Where stdin is read from. A terminal is not waited for. */
export type Stdin = Readable & { readonly isTTY?: boolean }

/**
 * Reads manifests as one stream of YAML: the text as it is, or all files of a folder, each after a comment with its name.
 * Fails for what is too large, not UTF-8, or has characters that YAML does not allow. Throws `ProblemError` when the
 * signal is aborted.
 */
export async function readPlainInput(
  input: PlainInput,
  stdin: Stdin,
  signal: AbortSignal,
): Promise<Result<string>> {
  const read = await readText(input, stdin, signal)
  throwIfInterrupted(signal)
  // Read by YAML as nothing, or not at all; printed, they control a terminal.
  // oxlint-disable-next-line no-control-regex -- these are the characters
  if (read.ok && /[\0-\x08\v\f\x0e-\x1f\x7f-\x84\x86-\x9f]/.test(read.value)) {
    return invalidInput(
      `"${input.name}" contains control characters, which YAML does not allow`,
      'remove them',
    )
  }
  return read
}

async function readText(
  input: PlainInput,
  stdin: Stdin,
  signal: AbortSignal,
): Promise<Result<string>> {
  if (input.kind === 'stdin') return readStdin(stdin, signal)
  if (input.kind === 'file') return readManifest(input.name, input.path)
  const { files } = input
  if (files.reduce((sum, { bytes }) => sum + bytes, 0) > maximumBytes) return failure(tooLarge)
  const texts: string[] = []
  for (const { name, path } of files) {
    throwIfInterrupted(signal)
    const text = await readManifest(name, path)
    if (!text.ok) return text
    texts.push(`---\n# Source: ${name}\n${text.value}${/(?:^|\n)$/.test(text.value) ? '' : '\n'}`)
  }
  return success(texts.join(''))
}

async function readManifest(name: string, path: string): Promise<Result<string>> {
  const text = await readTextFile(path, { name: `"${name}"` })
  return text.ok ? success(withoutMark(text.value)) : text
}

async function readStdin(stdin: Stdin, signal: AbortSignal): Promise<Result<string>> {
  if (stdin.isTTY === true) {
    return invalidInput('"-" reads manifests from stdin, which is a terminal', 'pipe them in')
  }
  const pieces: Uint8Array[] = []
  let length = 0
  try {
    for await (const piece of addAbortSignal(signal, stdin)) {
      const bytes = Buffer.from(piece)
      length += bytes.length
      if (length > maximumBytes) return failure(tooLarge)
      pieces.push(bytes)
    }
  } catch (error) {
    throwIfInterrupted(signal)
    return invalidInput(
      `stdin cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true })
    return success(decoder.decode(Buffer.concat(pieces)))
  } catch {
    return invalidInput('stdin is not UTF-8')
  }
}

/** A byte order mark is none in the middle of a stream. */
function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '')
}
