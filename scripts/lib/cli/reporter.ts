import { styleText } from 'node:util'
import type { MirrorEvent, Notify, Outcome } from '../model/events.ts'
import type { Problem } from '../model/problem.ts'
import { escapeControls } from './errors.ts'
import { count } from './text.ts'

/** Shows events to whoever watches. `close` leaves the terminal as a person wants to find it. */
export interface Reporter {
  readonly notify: Notify
  readonly close: () => void
}

export interface ReporterOptions {
  readonly quiet: boolean
  readonly verbose: boolean
  readonly stream: NodeJS.WriteStream
}

/** Live lines need this many columns; a terminal whose size nobody has set says 0. */
const narrowest = 20

/** Live lines on a terminal, one complete line for each event in a pipe, nothing when quiet. */
export async function createReporter(options: ReporterOptions): Promise<Reporter> {
  if (options.quiet) return { notify: () => undefined, close: () => undefined }
  const isLive = options.stream.isTTY && options.stream.columns >= narrowest
  return isLive ? createLiveReporter(options) : createPlainReporter(options)
}

/** One line for each event, with the item's name in it: readable when copies run side by side. */
function createPlainReporter({ stream, verbose }: ReporterOptions): Reporter {
  let total = 0
  let ended = 0
  return {
    notify: (event) => {
      if (event.kind === 'total') total = event.steps
      if (event.kind === 'end') ended += 1
      const line = describeEvent(event, { total, ended, verbose })
      if (line !== undefined) stream.write(`${line}\n`)
    },
    close: () => undefined,
  }
}

interface Progress {
  readonly total: number
  readonly ended: number
  readonly verbose: boolean
}

function describeEvent(
  event: MirrorEvent,
  { total, ended, verbose }: Progress,
): string | undefined {
  switch (event.kind) {
    case 'phase':
      return `• ${event.text}`
    case 'notice':
      return `! ${escapeControls(event.text)}`
    case 'start':
      return verbose ? `  start ${event.name}` : undefined
    case 'retry':
      return `  again ${event.delay === 0 ? 'at once' : `in ${(event.delay / 1000).toFixed(1)} s`}: ${describeProblem(event)}`
    case 'end':
      return `  [${ended}/${total}] ${describeOutcome(event.outcome)}`
    case 'total':
    case 'blob':
      return undefined
  }
}

/** Most problems name their item; the others get it here, so that no line stands without one. */
function describeProblem({ name, problem }: { name: string; problem: Problem }): string {
  const message = escapeControls(problem.message)
  return message.includes(name) ? message : `${name}: ${message}`
}

function describeOutcome({ status, name, milliseconds, blobs, reason, problem }: Outcome): string {
  const time = `${(milliseconds / 1000).toFixed(1)} s`
  switch (status) {
    case 'copied':
    case 'overwritten':
      return `${status} ${name} (${[...(blobs > 0 ? [count(blobs, 'blob')] : []), time].join(', ')})`
    case 'skipped':
    case 'differs':
      return `${status} ${name}: ${reason}`
    case 'failed':
      return `${status} ${name}${problem === undefined ? '' : ` (${problem.kind})`}`
    case 'interrupted':
      return `${status} ${name}`
  }
}

const marks: Readonly<Record<Outcome['status'], string>> = {
  copied: '✔',
  overwritten: '✔',
  skipped: '=',
  differs: '≠',
  failed: '✘',
  interrupted: '–',
}

/** Finished items scroll by; those under way stand below them with a bar of the whole. */
async function createLiveReporter({ stream, verbose }: ReporterOptions): Promise<Reporter> {
  const { createLogUpdate } = await import('log-update')
  const update = createLogUpdate(stream, { showCursor: true })
  const style = (format: Parameters<typeof styleText>[0], text: string) =>
    styleText(format, text, { stream })
  const active = new Map<string, { since: number; blobs: number }>()
  let total = 0
  let ended = 0

  const draw = () => {
    const width = stream.columns
    const rows = [...active].slice(0, Math.max(1, stream.rows - 4))
    const lines = rows.map(([name, { since, blobs }]) => {
      const time = `${((performance.now() - since) / 1000).toFixed(0)} s`
      return `  ${name}  ${blobs > 0 ? `${count(blobs, 'blob')}, ` : ''}${time}`.slice(0, width)
    })
    if (total > 0) lines.push(bar(ended, total, Math.max(0, Math.min(40, width - 20))))
    update(lines.join('\n'))
  }
  const print = (line: string) => {
    update.clear()
    stream.write(`${line}\n`)
    draw()
  }
  const timer = setInterval(draw, 200)
  timer.unref()

  return {
    notify: (event) => {
      switch (event.kind) {
        case 'total':
          total = event.steps
          return
        case 'start':
          active.set(event.name, { since: performance.now(), blobs: 0 })
          return
        case 'blob': {
          const item = active.get(event.name)
          if (item !== undefined) item.blobs += 1
          return
        }
        case 'end': {
          ended += 1
          active.delete(event.outcome.name)
          const good = ['copied', 'overwritten', 'skipped'].includes(event.outcome.status)
          const mark = style(good ? 'green' : 'red', marks[event.outcome.status])
          return print(`${mark} ${describeOutcome(event.outcome)}`)
        }
        case 'phase':
          return print(style('bold', event.text))
        case 'notice':
        case 'retry':
          return print(style('yellow', describeEvent(event, { total, ended, verbose }) ?? ''))
      }
    },
    close: () => {
      clearInterval(timer)
      update.clear()
      update.done()
    },
  }
}

function bar(ended: number, total: number, width: number): string {
  const filled = Math.round((ended / total) * width)
  return `${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${ended}/${total}`
}
