import { redactUrl } from '../../model/internet/url.ts'
import { ProblemError } from '../../model/problem.ts'

/** Milliseconds allowed until a connection stands, without any byte, and for an exchange as a whole. */
export interface Deadlines {
  readonly connect: number
  readonly idle: number
  readonly whole: number
}

/** Watches over one exchange: ends it when a deadline passes or the caller gives up; the signal's reason says which. */
export interface Watch {
  readonly signal: AbortSignal
  /** To be told before each connection, which starts the clock for connecting. */
  connecting(): void
  /** To be told when the connection stands and whenever bytes arrive. */
  progress(): void
  stop(): void
}

export function watchOver(url: string, deadlines: Deadlines, outer?: AbortSignal): Watch {
  const controller = new AbortController()
  const where = `"${redactUrl(url)}"`
  const endWith = (what: string, milliseconds: number) => () =>
    controller.abort(
      new ProblemError({
        kind: 'timeout',
        side: 'unknown',
        message: `${what} ${where} within ${milliseconds / 1000} s`,
      }),
    )
  const start = (what: string, milliseconds: number) =>
    setTimeout(endWith(what, milliseconds), milliseconds)
  const whole = start('no complete answer from', deadlines.whole)
  let step: NodeJS.Timeout | undefined
  let isMoving = false
  const onOuterAbort = () =>
    controller.abort(
      new ProblemError({
        kind: 'interrupted',
        side: 'local',
        message: `interrupted while fetching ${where}`,
      }),
    )
  if (outer?.aborted) onOuterAbort()
  outer?.addEventListener('abort', onOuterAbort)
  return {
    signal: controller.signal,
    connecting() {
      clearTimeout(step)
      isMoving = false
      step = start('no connection to', deadlines.connect)
    },
    progress() {
      if (isMoving) {
        step?.refresh()
        return
      }
      clearTimeout(step)
      isMoving = true
      step = start('not a byte from', deadlines.idle)
    },
    stop() {
      clearTimeout(whole)
      clearTimeout(step)
      outer?.removeEventListener('abort', onOuterAbort)
    },
  }
}
