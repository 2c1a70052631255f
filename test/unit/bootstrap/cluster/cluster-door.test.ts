import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import { connectToCluster } from '../../../../scripts/lib/bootstrap/cluster/connection.ts'
import { ProblemError } from '../../../../scripts/lib/model/problem.ts'
import { cluster } from '../../support/cluster.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

const minute = 60_000
const realTimeout = setTimeout

/** Tokens that are good for 14 minutes and count up; `fail` says which attempts fail. */
function playTokens(fail: readonly number[] = []) {
  let attempts = 0
  return {
    attempts: () => attempts,
    issue: async () => {
      attempts += 1
      if (fail.includes(attempts)) {
        throw new ProblemError({ kind: 'credentials-expired', side: 'local', message: 'expired' })
      }
      return { token: `token-${attempts}`, expiresAt: new Date(Date.now() + 14 * minute) }
    },
  }
}

describe('The token of a run', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }))
  afterEach(() => void vi.useRealTimers())

  async function open(tokens: ReturnType<typeof playTokens>, notes: string[] = []) {
    const folder = makeTempFolder()
    const door = await connectToCluster(
      cluster,
      'us-east-2',
      tokens,
      folder,
      'ma',
      (text) => void notes.push(text),
    )
    const { tokenFile } = parse(readFileSync(door.kubeconfig, 'utf8')).users[0].user
    return { folder, door, read: () => readFileSync(tokenFile, 'utf8'), tokenFile }
  }
  /** Lets time pass, and what is written to files be written. */
  async function pass(milliseconds: number) {
    for (let passed = 0; passed < milliseconds; passed += minute) {
      await vi.advanceTimersByTimeAsync(minute)
      await new Promise((settle) => realTimeout(settle, 10))
    }
  }

  /** Waits until a file is written; how long that takes depends on the machine. */
  async function expectSoon(read: () => string, text: string) {
    for (let tries = 0; read() !== text && tries < 500; tries += 1) {
      await new Promise((settle) => realTimeout(settle, 10))
    }
    expect(read()).toBe(text)
  }

  it('is in a private file that a private kubeconfig names', async () => {
    const { folder, door, read, tokenFile } = await open(playTokens())
    expect(read()).toBe('token-1')
    expect(door.kubeconfig).toBe(join(folder, 'kubeconfig'))
    expect(door.context).toBe('ma.us-east-2')
    expect(statSync(tokenFile).mode & 0o777).toBe(0o600)
    expect(statSync(door.kubeconfig).mode & 0o777).toBe(0o600)
    door.close()
  })

  it('is renewed before it ends, as long as the run lasts, and no longer', async () => {
    const tokens = playTokens()
    const { door, read } = await open(tokens)
    await pass(9 * minute)
    expect(read()).toBe('token-1')
    await pass(2 * minute)
    await expectSoon(read, 'token-2')
    await pass(10 * minute)
    await expectSoon(read, 'token-3')
    expect(await door.token()).toStrictEqual({ ok: true, value: 'token-3' })
    door.close()
    await pass(60 * minute)
    expect(tokens.attempts()).toBe(3)
  })

  it('that cannot be renewed is tried again soon, and it is said', async () => {
    const notes: string[] = []
    const { door, read } = await open(playTokens([2]), notes)
    await pass(11 * minute)
    expect(notes).toStrictEqual(['could not renew the cluster token: expired'])
    await pass(minute)
    await expectSoon(read, 'token-3')
    door.close()
  })

  it('that cannot be written is said, too, and ends nothing', async () => {
    const notes: string[] = []
    const { folder, door } = await open(playTokens(), notes)
    rmSync(folder, { recursive: true })
    writeFileSync(folder, 'in the way')
    await pass(11 * minute)
    expect(notes.join()).toMatch(/could not renew the cluster token: .*(?:EEXIST|ENOTDIR)/)
    door.close()
  })

  it('that is over is made anew when it is asked for', async () => {
    const tokens = playTokens()
    const { door } = await open(tokens)
    door.close()
    await pass(20 * minute)
    expect(await door.token()).toStrictEqual({ ok: true, value: 'token-2' })
  })
})
