import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { readUsage } from './processes.ts'

/** One program as it is measured. */
export interface Job {
  readonly tool: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  /** Where everything that it prints goes. */
  readonly log: string
}

/** What one run took. Memory, processes and processor time are known where there is a /proc, that is on Linux. */
export interface Measured {
  readonly exitCode: number
  readonly seconds: number
  readonly cpuSeconds?: number
  /** Distinct processes that were seen; one that lives for less than a look may be missed. */
  readonly processes?: number
  readonly peakBytes?: number
}

/** Milliseconds between two looks at the tree of processes. */
const interval = 40

/** Runs a program with its output going to a file, and looks at it and its descendants until it has ended. */
export async function measure(job: Job, signal: AbortSignal): Promise<Measured> {
  signal.throwIfAborted()
  const log = await open(job.log, 'w')
  try {
    const began = performance.now()
    const child = spawn(job.tool, job.args, {
      cwd: job.cwd,
      env: job.env,
      stdio: ['ignore', log.fd, log.fd],
      // A group of its own, so that all of it can be ended.
      detached: true,
    })
    const group = child.pid
    const stop = () => group !== undefined && process.kill(-group, 'SIGTERM')
    signal.addEventListener('abort', stop, { once: true })
    const watch = watchUsage(group)
    const [code]: unknown[] = await once(child, 'exit').finally(() => {
      watch.stop()
      signal.removeEventListener('abort', stop)
    })
    const seconds = (performance.now() - began) / 1000
    signal.throwIfAborted()
    return { exitCode: typeof code === 'number' ? code : 1, seconds, ...watch.usage() }
  } finally {
    await log.close()
  }
}

function watchUsage(pid: number | undefined) {
  const seen = new Set<number>()
  let peakBytes = 0
  let cpuSeconds = 0
  const look = () => {
    const usage = pid === undefined ? undefined : readUsage(pid)
    if (usage === undefined) return
    usage.pids.forEach((one) => seen.add(one))
    peakBytes = Math.max(peakBytes, usage.bytes)
    cpuSeconds = Math.max(cpuSeconds, usage.cpuSeconds)
  }
  const timer = setInterval(look, interval)
  look()
  return {
    stop: () => clearInterval(timer),
    usage(): Pick<Measured, 'cpuSeconds' | 'processes' | 'peakBytes'> {
      return seen.size === 0 ? {} : { processes: seen.size, peakBytes, cpuSeconds }
    },
  }
}
