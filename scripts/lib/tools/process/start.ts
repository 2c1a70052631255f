import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { $, type ProcessPromise } from 'zx/core'
import { hasCode } from '../../model/problem.ts'
import type { Command } from './command.ts'
import type { Surroundings } from './environment.ts'

/** Why a program did not start, with the system's reason for people. */
export interface StartFault {
  readonly ending: 'not-found' | 'not-executable' | 'not-started'
  readonly reason: string
}

export interface Started {
  readonly child: ProcessPromise
  /** Call when the child has ended; returns nothing when it had started. */
  readonly fault: () => StartFault | undefined
}

export interface StartOptions extends Surroundings {
  readonly stdio: 'inherit' | readonly ('pipe' | 'ignore')[]
  readonly input?: string
}

/** zx without its own features: no echo, no exception, no timeout, no prefix or postfix. */
const plain = {
  quiet: true,
  verbose: false,
  nothrow: true,
  preferLocal: false,
  detached: false,
  killSignal: 'SIGTERM',
  timeout: 0,
  prefix: '',
  postfix: '',
  // zx requires a shell and a quote function. Neither is ever used.
  shell: true,
  quote: String,
} as const

/**
 * Starts a program directly, without a shell: zx gets a `spawn` that knows the program and its arguments and ignores
 * the arguments from zx. The program must be an absolute path, so that no PATH decides what runs.
 */
export function startChild({ tool, args }: Command, options: StartOptions): Started {
  const { env, cwd, input } = options
  const stdio = options.stdio === 'inherit' ? options.stdio : [...options.stdio]
  let error: unknown
  const start = (): ChildProcess => {
    try {
      if (!isAbsolute(tool)) throw new Error(`"${tool}" is not an absolute path`)
      const settings = { env: bare(env), cwd, stdio, shell: false, detached: false }
      const child = spawn(tool, [...args], bare({ ...settings, windowsHide: true }))
      child.once('error', (cause) => (error = cause))
      return child
    } catch (cause) {
      error = cause
      throw cause
    }
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- zx hands a command line over, which is ignored
  const ours = start as typeof spawn
  const child = $({ ...plain, stdio, spawn: ours, ...(input !== undefined && { input }) })``
  return { child, fault: () => (error === undefined ? undefined : explain(error, tool, cwd)) }
}

/** Returns a copy without a prototype, from which Node would read missing settings and variables. */
function bare<T extends object>(own: T): T {
  const made: T = Object.create(null)
  return Object.assign(made, own)
}

function explain(error: unknown, tool: string, cwd: string): StartFault {
  if (hasCode(error, 'ENOENT')) {
    if (!existsSync(cwd)) {
      return { ending: 'not-started', reason: `the folder "${cwd}" does not exist` }
    }
    if (existsSync(tool)) {
      return { ending: 'not-started', reason: `the interpreter of "${tool}" does not exist` }
    }
    return { ending: 'not-found', reason: `"${tool}" does not exist` }
  }
  if (hasCode(error, 'EACCES')) {
    return { ending: 'not-executable', reason: `no permission to execute "${tool}"` }
  }
  // An argument with a NUL byte, or more arguments than the system allows: the arguments are not printed.
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const words = error instanceof Error ? error.message : String(error)
  return { ending: 'not-started', reason: typeof code === 'string' ? code : words }
}
