import { readdirSync, readFileSync } from 'node:fs'

/** What a process and all that descend from it hold and have used at one moment. */
export interface Usage {
  readonly pids: readonly number[]
  /** Resident memory of all of them. Pages that several share count for each. */
  readonly bytes: number
  /** Processor time of the first one with all descendants that it has waited for. */
  readonly cpuSeconds: number
}

/** The kernel counts in hundredths of a second, whatever its own tick is. */
const ticksPerSecond = 100

/** Reads the tree of a process from /proc, which only Linux has; `undefined` when the process is gone or not to be seen. */
export function readUsage(root: number): Usage | undefined {
  const cpuSeconds = readCpu(root)
  if (cpuSeconds === undefined) return undefined
  const pids: number[] = []
  let bytes = 0
  const waiting = [root]
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    pids.push(pid)
    bytes += readResident(pid)
    waiting.push(...childrenOf(pid))
  }
  return { pids, bytes, cpuSeconds }
}

/** A child belongs to the thread that started it. */
function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      (read(`/proc/${pid}/task/${thread}/children`) ?? '').split(' ').filter(Boolean).map(Number),
    )
  } catch {
    // It has ended since it was seen.
    return []
  }
}

function readResident(pid: number): number {
  const kibibytes = /^VmRSS:\s*(\d+) kB$/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1]
  return Number(kibibytes ?? 0) * 1024
}

function readCpu(pid: number): number | undefined {
  const text = read(`/proc/${pid}/stat`)
  if (text === undefined) return undefined
  // The name may hold spaces and brackets; the numbers begin behind the last bracket.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) / ticksPerSecond
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
