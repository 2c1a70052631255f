import { createInterface } from 'node:readline'
import { $, useBash } from 'zx/core'
import { hasCode } from '../model/problem.ts'

/** A program and its arguments, as data. Built by pure functions, run only by `run`, shown by `render`. */
export interface Command {
  readonly tool: string
  readonly args: readonly string[]
}

export interface RunOptions {
  /** The child's whole environment; nothing is inherited beside it. Default: this process's. */
  readonly env?: NodeJS.ProcessEnv
  /** Text for standard input, which is otherwise closed: a tool that would prompt fails at once. */
  readonly input?: string
  readonly cwd?: string
  readonly signal?: AbortSignal
  /** Milliseconds after which the child is ended, however busy it is. */
  readonly deadline?: number
  /** Milliseconds without a line on either stream after which the child counts as stalled. */
  readonly idle?: number
  readonly onLine?: (line: string) => void
  /** Milliseconds that the child may take to end after it was told to. Default: 2 s. */
  readonly grace?: number
}

/** How a child ended: by itself, or stopped by us for the named reason. */
export type Ending = 'exited' | 'not-found' | 'signalled' | 'deadline' | 'idle' | 'aborted'

export interface RunResult {
  readonly command: Command
  readonly ending: Ending
  /** True only when the child ended by itself with exit code 0. */
  readonly ok: boolean
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The only shape in which this kit touches another program. It reports failure as a value. */
export type Run = (command: Command, options?: RunOptions) => Promise<RunResult>

/** How long a child may take to end after SIGTERM before SIGKILL. */
const graceMilliseconds = 2_000

/** zx without anything of its own: no echo, no exception, nothing around the command. */
const plain = {
  quiet: true,
  verbose: false,
  nothrow: true,
  prefix: '',
  postfix: '',
  preferLocal: false,
} as const

/**
 * Runs one command with zx, its arguments passed verbatim.
 *
 * zx quirks handled here (8.8.5): children's stderr is echoed unless `quiet`; merged output is what `.text()`
 * returns, so the streams are read apart; a timeout is one SIGTERM that a child may survive, so deadlines are
 * ours; settings from `ZX_*` variables are overridden on every call.
 */
export const run: Run = async (command, options = {}) => {
  // Sets shell and quoting whatever the environment's ZX_SHELL says.
  useBash()
  let stoppedFor: Exclude<Ending, 'exited' | 'not-found' | 'signalled'> | undefined
  const child = $({
    ...plain,
    killSignal: 'SIGTERM',
    // An empty `input` leaves zx's pipe open for ever, so without input there is no pipe at all.
    stdio: [options.input ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    env: options.env ?? process.env,
    ...(options.input && { input: options.input }),
    ...(options.cwd !== undefined && { cwd: options.cwd }),
  })`${[command.tool, ...command.args]}`

  let killing: NodeJS.Timeout | undefined
  const stop = (reason: typeof stoppedFor) => {
    if (stoppedFor !== undefined) return
    stoppedFor = reason
    killing = endProcess(child.pid, options.grace ?? graceMilliseconds)
  }
  const onAbort = () => stop('aborted')
  const deadline = options.deadline && setTimeout(() => stop('deadline'), options.deadline)
  const idle = options.idle && setTimeout(() => stop('idle'), options.idle)
  const onLine = (line: string) => {
    if (idle) idle.refresh()
    options.onLine?.(line)
  }
  if (options.signal?.aborted) onAbort()
  options.signal?.addEventListener('abort', onAbort)
  createInterface({ input: child.stdout }).on('line', onLine)
  createInterface({ input: child.stderr }).on('line', onLine)

  try {
    const { exitCode, stdout, stderr } = await child
    const ending = stoppedFor ?? endingOf(exitCode)
    return { command, ending, ok: ending === 'exited' && exitCode === 0, exitCode, stdout, stderr }
  } finally {
    clearTimeout(deadline)
    clearTimeout(idle)
    // The id may belong to another process by then.
    clearTimeout(killing)
    options.signal?.removeEventListener('abort', onAbort)
  }
}

function endingOf(exitCode: number | null): Ending {
  if (exitCode === 127) return 'not-found'
  return exitCode === null ? 'signalled' : 'exited'
}

function endProcess(pid: number | undefined, grace: number): NodeJS.Timeout | undefined {
  if (pid === undefined) return undefined
  sendSignal(pid, 'SIGTERM')
  return setTimeout(() => sendSignal(pid, 'SIGKILL'), grace)
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    // bash replaces itself by the one command it is given, so the pid is the tool's own.
    process.kill(pid, signal)
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error
  }
}

/** The command as a person would type it. For display only; it is never executed. */
export function render({ tool, args }: Command): string {
  return [tool, ...args]
    .map((word) =>
      /^[\w%+=:,.@/-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`,
    )
    .join(' ')
}

/**
 * Runs a command that a person talks to: it has the terminal until it ends. Returns its exit code; whatever the person
 * did in there is no failure of ours.
 */
export async function runInteractive(
  { tool, args }: Command,
  env: NodeJS.ProcessEnv,
): Promise<number | null> {
  useBash()
  const child = await $({
    ...plain,
    // In a process group of its own it would be stopped when it reads from the terminal.
    detached: false,
    stdio: 'inherit',
    env,
  })`${[tool, ...args]}`
  return child.exitCode
}
