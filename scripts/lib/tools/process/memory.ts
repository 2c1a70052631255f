import { readFile } from 'node:fs/promises'

/** Milliseconds between two looks. */
const interval = 250

/** As on every Linux that Node runs on, but for some 64-bit ARM kernels, where memory counts for less than it is. */
const pageSize = 4_096

/**
 * Looks at the memory of a process until told to stop, and calls `onExceeded` once when it is larger than a limit. Only Linux
 * tells it (`/proc/<pid>/statm`); elsewhere nothing is called.
 *
 * @param limit bytes in memory
 */
export function watchMemory(pid: number, limit: number, onExceeded: () => void): () => void {
  const look = async () => {
    if ((await residentBytes(pid)) <= limit) return
    clearInterval(timer)
    onExceeded()
  }
  const timer = setInterval(() => void look(), interval)
  return () => clearInterval(timer)
}

async function residentBytes(pid: number): Promise<number> {
  // Gone, when the process is; absent, where there is no such file.
  const text = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '')
  return Number(text.split(' ')[1] ?? 0) * pageSize
}
