import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lockRun } from '../../../../scripts/lib/mirror/target/run-lock.ts'
import { ProblemError } from '../../../../scripts/lib/model/problem.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

const { signal } = new AbortController()
const refuseToWait = () => {
  throw new Error('it should not have waited')
}

describe('lockRun', () => {
  it('names the process that holds the lock, and lets the next one in afterwards', async () => {
    const folder = join(makeTempFolder(), 'target')
    const release = await lockRun(folder, signal, refuseToWait, refuseToWait)
    const busy = lockRun(folder, signal, refuseToWait, refuseToWait)
    await expect(busy).rejects.toThrow(ProblemError)
    await expect(busy).rejects.toThrow(`process ${process.pid}`)
    await release()
    const again = await lockRun(folder, signal, refuseToWait, refuseToWait)
    await again()
  })

  it('waits out the lock of a process that is gone, and says so once', async () => {
    const folder = join(makeTempFolder(), 'target')
    mkdirSync(join(folder, 'run.lock'), { recursive: true })
    const owner = { pid: 2 ** 22 + 1, host: hostname(), since: 'then' }
    writeFileSync(join(folder, 'owner.json'), JSON.stringify(owner))
    const told: string[] = []
    const release = await lockRun(folder, signal, (text) => told.push(text), refuseToWait)
    expect(told).toHaveLength(1)
    expect(JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8'))).toMatchObject({
      pid: process.pid,
    })
    await release()
  }, 20_000)

  it('is not held up by a pipe in place of its owner', async () => {
    const folder = join(makeTempFolder(), 'target')
    mkdirSync(folder)
    execFileSync('mkfifo', [join(folder, 'owner.json')])
    await expect(lockRun(folder, signal, refuseToWait, refuseToWait)).rejects.toThrow(
      'is not a file',
    )
  })

  it('replaces a link in place of its owner', async () => {
    const folder = join(makeTempFolder(), 'target')
    const precious = join(makeTempFolder(), 'precious')
    writeFileSync(precious, 'precious')
    mkdirSync(folder)
    symlinkSync(precious, join(folder, 'owner.json'))
    const release = await lockRun(folder, signal, refuseToWait, refuseToWait)
    await release()
    expect(readFileSync(precious, 'utf8')).toBe('precious')
  })

  it('refuses a link in place of its folder', async () => {
    const folder = join(makeTempFolder(), 'target')
    symlinkSync(makeTempFolder(), folder)
    await expect(lockRun(folder, signal, refuseToWait, refuseToWait)).rejects.toThrow(
      'links below the given folder are not followed',
    )
  })

  it('does not wait for a process of another machine', async () => {
    const folder = join(makeTempFolder(), 'target')
    mkdirSync(join(folder, 'run.lock'), { recursive: true })
    const owner = { pid: 2 ** 22 + 1, host: 'elsewhere', since: 'then' }
    writeFileSync(join(folder, 'owner.json'), JSON.stringify(owner))
    await expect(lockRun(folder, signal, refuseToWait, refuseToWait)).rejects.toThrow(
      'on "elsewhere"',
    )
  })
})
