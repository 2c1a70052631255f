import type { ChildProcess } from 'node:child_process'
import { type ScriptResult, startScript } from '../../unit/support/run-script.ts'

/** A running command. */
export interface Running {
  readonly result: Promise<ScriptResult>
  readonly kill: (signal: NodeJS.Signals) => void
  /** Resolves when stderr has matched this many times; rejects if the command ends first. */
  readonly saw: (pattern: RegExp, times?: number) => Promise<void>
}

export function startRunning(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  cwd?: string,
): Running {
  const { child, result } = startScript(file, args, env, cwd)
  const { stderr } = child
  if (stderr === null) throw new Error('stderr is not piped')
  let text = ''
  stderr.on('data', (chunk: Buffer) => (text += chunk.toString()))
  return {
    result,
    kill: (signal) => void child.kill(signal),
    saw: (pattern, times = 1) =>
      watch(
        child,
        stderr,
        () => (text.match(globally(pattern)) ?? []).length >= times,
        () => text,
      ),
  }
}

function watch(
  child: ChildProcess,
  stderr: NodeJS.ReadableStream,
  isReached: () => boolean,
  said: () => string,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (!isReached()) return
      stderr.off('data', look)
      resolve()
    }
    stderr.on('data', look)
    child.on('close', () => reject(new Error(`it ended before that:\n${said()}`)))
    look()
  })
}

function globally(pattern: RegExp): RegExp {
  return new RegExp(pattern, 'g')
}
