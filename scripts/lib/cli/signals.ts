import { setMaxListeners } from 'node:events'
import { stderrTerminal } from './terminal.ts'

/** How one process is stopped. */
export interface Signals {
  readonly signal: AbortSignal
  /** True when the reader of stdout went away, which needs no message. */
  readonly isQuiet: () => boolean
}

/**
 * A terminal sends Ctrl-C to every process of a pipeline, and npm and tsx pass it on: the same key press may
 * arrive more than once. What comes later than this was meant.
 */
const echoMilliseconds = 100

/**
 * Turns the first signal that ends a process, and a closed stdout, into an abort. A second signal ends the process at
 * once. A closed terminal sends SIGHUP; Node.js does not keep that ignored for nohup (seen with 20.20 and 24).
 */
export function watchSignals(): Signals {
  const controller = new AbortController()
  // Every copy, call and pause of a run listens to it, so many listeners are intended.
  setMaxListeners(0, controller.signal)
  let firstAt: number | undefined
  let isQuiet = false
  const onSignal = () => {
    if (firstAt !== undefined) {
      if (performance.now() - firstAt > echoMilliseconds) process.exit(130)
      return
    }
    firstAt = performance.now()
    stderrTerminal().print(['', 'stopping; press Ctrl-C again to stop immediately'])
    controller.abort()
  }
  // Never removed: a second Ctrl-C while the last output is written must not look like a crash.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) process.on(name, onSignal)
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (!isGone(error)) throw error
    isQuiet = true
    controller.abort()
  })
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (!isGone(error)) throw error
  })
  return {
    signal: controller.signal,
    isQuiet: () => isQuiet,
  }
}

/** Returns true when the reader of a stream (a pipe or a terminal) went away. */
function isGone({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE' || code === 'EIO'
}
