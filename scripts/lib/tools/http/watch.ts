import { redactUrl } from '../../model/internet/url.ts'
import { ProblemError } from '../../model/problem.ts'

/** Milliseconds allowed for connecting, without receiving a byte, and for the whole exchange. */
export interface Deadlines {
  readonly connect: number
  readonly idle: number
  readonly whole: number
}

/** Watches one exchange: ends it when a deadline passes or the caller aborts; the signal's reason tells which. */
export interface Watch {
  readonly signal: AbortSignal
  /** Call before each connection to start its timeout. */
  connecting(): void
  /** Call when the connection is established and whenever bytes arrive. */
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
  const whole = start('no complete response from', deadlines.whole)
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
      step = start('no data from', deadlines.idle)
    },
    stop() {
      clearTimeout(whole)
      clearTimeout(step)
      outer?.removeEventListener('abort', onOuterAbort)
    },
  }
}
