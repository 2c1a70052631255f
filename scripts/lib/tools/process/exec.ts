import { createInterface } from 'node:readline'
import { hasCode } from '../../model/problem.ts'
import type { Surroundings } from './environment.ts'
import { watchMemory } from './memory.ts'
import { startChild, type Started, type StartFault } from './start.ts'
import type { Command } from './command.ts'

export interface RunOptions extends Surroundings {
  /** Text for standard input, which is otherwise closed, so that a tool that prompts fails at once. */
  readonly input?: string
  readonly signal?: AbortSignal
  /** Milliseconds after which the child is stopped, even if it is busy. */
  readonly deadline?: number
  /** Milliseconds without output on either stream after which the child counts as stalled. */
  readonly idle?: number
  /** Memory limit in bytes, enforced where the system reports it. Default: 3 GiB. */
  readonly memory?: number
  readonly onLine?: (line: string) => void
  /** Milliseconds that the child may take to exit after SIGTERM. Default: 2 s. */
  readonly grace?: number
}

/** How a child ended: on its own, stopped by us for the given reason, or not started. */
export type Ending = 'exited' | 'signalled' | Stop | StartFault['ending']

type Stop = 'deadline' | 'idle' | 'aborted' | 'flooded' | 'memory'

export interface RunResult {
  readonly command: Command
  readonly ending: Ending
  /** True only when the child exited on its own with code 0. */
  readonly ok: boolean
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
  /** The reason why it did not start. */
  readonly reason?: string
}

/** The only interface for running other programs. Failures are returned as values. */
export type Run = (command: Command, options: RunOptions) => Promise<RunResult>

/** Maximum bytes per stream of a child: Node cannot make strings of 512 MiB, and four at once would fill the memory. */
const maximumOutput = 128 * 1024 * 1024

/** Default memory limit: a registry may serve endless data, and helm and crane keep much of it in memory. */
export const maximumMemory = 3 * 1024 * 1024 * 1024

/** Milliseconds after the exit of a child for which its output may stay open, for a process that it left behind. */
const lingerMilliseconds = 2_000

/** Default time between SIGTERM and SIGKILL. */
const graceMilliseconds = 2_000

/**
 * Runs one command, with its arguments passed verbatim and without a shell.
 *
 * zx quirks handled here (8.8.5): `.text()` returns merged output, so the streams are read separately; its timeout is a
 * single SIGTERM that a child may survive, so we implement deadlines ourselves.
 */
export const run: Run = async (command, options) => {
  let stoppedFor: Stop | undefined
  const { env, cwd, input } = options
  // An empty `input` leaves zx's pipe open forever, so without input there is no pipe.
  const stdio = [input ? 'pipe' : 'ignore', 'pipe', 'pipe'] as const
  const { child, fault } = startChild(command, { env, cwd, stdio, ...(input && { input }) })

  let killing: NodeJS.Timeout | undefined
  let lingering: NodeJS.Timeout | undefined
  let hasExited = false
  child.child?.once('exit', () => {
    hasExited = true
    clearTimeout(killing)
    // Twice, so that what arrived while this process was busy is read before.
    lingering = setTimeout(
      () => (lingering = setTimeout(() => closeOutput(child), 100)),
      lingerMilliseconds,
    )
  })
  const stop = (reason: Stop) => {
    if (stoppedFor !== undefined || (hasExited && !['aborted', 'flooded'].includes(reason))) return
    stoppedFor = reason
    // After its exit, its id may belong to another process.
    if (!hasExited) killing = endProcess(child.pid, options.grace ?? graceMilliseconds)
  }
  const onAbort = () => stop('aborted')
  const deadline = options.deadline && setTimeout(() => stop('deadline'), options.deadline)
  const idle = options.idle && setTimeout(() => stop('idle'), options.idle)
  const { memory = maximumMemory } = options
  const unwatch =
    child.pid === undefined ? undefined : watchMemory(child.pid, memory, () => stop('memory'))
  const onLine = (line: string) => {
    if (idle) idle.refresh()
    options.onLine?.(line)
  }
  if (options.signal?.aborted) onAbort()
  options.signal?.addEventListener('abort', onAbort)
  for (const stream of [child.stdout, child.stderr]) {
    // A child that could not be spawned has no streams.
    if (!stream) continue
    let bytes = 0
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > maximumOutput) stop('flooded')
    })
    createInterface({ input: stream }).on('line', onLine)
  }

  try {
    const { exitCode, stdout, stderr } = await child
    const failed = fault()
    if (failed !== undefined) {
      return { command, ok: false, exitCode: null, stdout, stderr, ...failed }
    }
    const ending = stoppedFor ?? (exitCode === null ? 'signalled' : 'exited')
    return { command, ending, ok: ending === 'exited' && exitCode === 0, exitCode, stdout, stderr }
  } finally {
    unwatch?.()
    clearTimeout(deadline)
    clearTimeout(idle)
    clearTimeout(lingering)
    clearTimeout(killing)
    options.signal?.removeEventListener('abort', onAbort)
  }
}

function closeOutput({ stdout, stderr }: Started['child']): void {
  for (const stream of [stdout, stderr]) stream?.destroy()
}

function endProcess(pid: number | undefined, grace: number): NodeJS.Timeout | undefined {
  if (pid === undefined) return undefined
  sendSignal(pid, 'SIGTERM')
  return setTimeout(() => sendSignal(pid, 'SIGKILL'), grace)
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error
  }
}

/** Renders the command as a person would type it. For display only; it is never executed. */
export function render({ tool, args }: Command): string {
  return [tool, ...args]
    .map((word) =>
      /^[\w%+=:,.@/-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`,
    )
    .join(' ')
}

/**
 * Runs an interactive command, which has the terminal until it ends. Returns its exit code, or why it did not start;
 * a non-zero exit code is not treated as a failure.
 */
export async function runInteractive(
  command: Command,
  surroundings: Surroundings,
): Promise<{ readonly exitCode: number | null; readonly reason?: string }> {
  // In our own process group: in a separate one it would be stopped when it reads from the terminal.
  const { child, fault } = startChild(command, { ...surroundings, stdio: 'inherit' })
  const { exitCode } = await child
  const failed = fault()
  return failed === undefined ? { exitCode } : { exitCode: null, reason: failed.reason }
}
