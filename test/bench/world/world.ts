import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Answer, Question, ServerApi, ServerOptions } from './server-api.ts'

/** A sandbox in a process of its own, and the way to ask it. */
export interface World {
  /** For the movers: leads everything that they do to the sandbox. */
  readonly environment: Readonly<Record<string, string>>
  readonly registryHost: string
  readonly ask: Ask
  readonly close: () => Promise<void>
}

type Ask = <Name extends keyof ServerApi>(
  name: Name,
  ...args: Parameters<ServerApi[Name]>
) => ReturnType<ServerApi[Name]>

/** Starts the process with the sandbox. It ends with this one, whatever becomes of it. */
export async function startWorld(options: ServerOptions): Promise<World> {
  const child = fork(fileURLToPath(new URL('server.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // A Ctrl-C at the terminal is for the one who asks.
    detached: true,
  })
  const open = new Map<number, { settle: (value: unknown) => void; fail: (error: Error) => void }>()
  let asked = 0
  child.on('message', ({ id, value, error }: Answer) => {
    const question = open.get(id)
    open.delete(id)
    if (error === undefined) question?.settle(value)
    else question?.fail(new Error(error))
  })
  child.on('exit', () => {
    for (const { fail } of open.values()) fail(new Error('the process with the sandbox has ended'))
    open.clear()
  })
  const ask = ((name: keyof ServerApi, ...args: unknown[]) =>
    new Promise<unknown>((settle, fail) => {
      const question: Question = { id: (asked += 1), name, args }
      open.set(question.id, { settle, fail })
      child.send(question)
    })) as Ask

  const started = await ask('start', options)
  return {
    ...started,
    ask,
    async close() {
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
    },
  }
}
