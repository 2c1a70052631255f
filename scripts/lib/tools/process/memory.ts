import { readFile } from 'node:fs/promises'

/** Milliseconds between two checks. */
const interval = 250

/** Page size of every Linux that Node runs on, except some 64-bit ARM kernels, where memory is underestimated. */
const pageSize = 4_096

/**
 * Watches the memory of a process until stopped, and calls `onExceeded` once when it exceeds a limit. Only Linux
 * reports it (`/proc/<pid>/statm`); elsewhere nothing is called.
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
  // Missing when the process has ended, or on systems without this file.
  const text = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '')
  return Number(text.split(' ')[1] ?? 0) * pageSize
}
