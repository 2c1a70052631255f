import type { MirrorEvent, Notify, Outcome } from '../model/events.ts'
import { type Problem, sentenceOf } from '../model/problem.ts'
import { drawLive, type LiveItem } from './live-lines.ts'
import { createRate } from './rate.ts'
import { stderrTerminal, type Style, type Terminal } from './terminal.ts'
import { count } from './text.ts'

/** Shows events to the user. `close` restores the terminal. */
export interface Reporter {
  readonly notify: Notify
  readonly close: () => void
}

export interface ReporterOptions {
  readonly quiet: boolean
  readonly verbose: boolean
  readonly terminal: Terminal
}

/** Returns a reporter on stderr, according to the flags. */
export function reporterFor({
  quiet = false,
  verbose = false,
}: {
  readonly quiet?: boolean
  readonly verbose?: boolean
}): Promise<Reporter> {
  return createReporter({ quiet, verbose, terminal: stderrTerminal() })
}

/** Minimum columns for live lines; a terminal without a size reports 0. */
const narrowest = 20

/** Returns a reporter: live lines on a terminal, one line per event otherwise, nothing when quiet. */
export async function createReporter(options: ReporterOptions): Promise<Reporter> {
  if (options.quiet) return { notify: () => undefined, close: () => undefined }
  const { terminal } = options
  const isLive = terminal.isInteractive && terminal.size().columns >= narrowest
  return isLive ? createLiveReporter(options) : createPlainReporter(options)
}

/** Prints one line per event with the item's name, which stays readable with concurrent copies. */
function createPlainReporter({ terminal, verbose }: ReporterOptions): Reporter {
  let total = 0
  let ended = 0
  return {
    notify: (event) => {
      if (event.kind === 'total') total = event.steps
      if (event.kind === 'end') ended += 1
      const line = describeEvent(event, { total, ended, verbose })
      if (line !== undefined) terminal.print(line)
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
      return `! ${event.text}`
    case 'start':
      return verbose ? `  start ${event.name}` : undefined
    case 'retry':
      return `  retry ${event.delay === 0 ? 'now' : `in ${(event.delay / 1000).toFixed(1)} s`}: ${describeProblem(event)}`
    case 'end':
      return `  [${ended}/${total}] ${describeOutcome(event.outcome)}`
    case 'total':
    case 'blob':
      return undefined
  }
}

/** Adds the item's name to problems that do not mention it, so that every line names its item. */
function describeProblem({ name, problem }: { name: string; problem: Problem }): string {
  return sentenceOf({ subject: name, ...problem })
}

function describeOutcome({ status, name, milliseconds, blobs, reason, problem }: Outcome): string {
  const time = `${(milliseconds / 1000).toFixed(1)} s`
  switch (status) {
    case 'copied':
    case 'overwritten':
    case 'restored':
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
  restored: '✔',
  skipped: '=',
  differs: '≠',
  failed: '✘',
  interrupted: '–',
}

/** Prints finished items as they complete; items in progress stay below them, with their bytes and the total. */
async function createLiveReporter({ terminal, verbose }: ReporterOptions): Promise<Reporter> {
  const area = await terminal.openLiveArea()
  const active = new Map<string, LiveItem>()
  const rate = createRate(performance.now())
  let total = 0
  let ended = 0
  let bytes = 0

  const draw = () => {
    const now = performance.now()
    const state = { items: [...active.values()], ended, total, bytes, rate: rate.read(now) }
    const { columns: width, rows: height } = terminal.size()
    area.update(drawLive(state, now, { width, height }))
  }
  const print = (style: Style, label: string, rest = '') => {
    area.clear()
    terminal.print({ style, label, rest })
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
        case 'start': {
          const { name } = event
          active.set(name, { name, since: performance.now(), blobs: 0, bytes: 0 })
          return
        }
        case 'blob': {
          bytes += event.bytes
          rate.add(performance.now(), event.bytes)
          const item = active.get(event.name)
          if (item === undefined) return
          active.set(event.name, {
            ...item,
            blobs: item.blobs + 1,
            bytes: item.bytes + event.bytes,
          })
          return
        }
        case 'end': {
          ended += 1
          active.delete(event.outcome.name)
          const good = ['copied', 'overwritten', 'restored', 'skipped'].includes(
            event.outcome.status,
          )
          const mark = marks[event.outcome.status]
          return print(good ? 'green' : 'red', mark, ` ${describeOutcome(event.outcome)}`)
        }
        case 'phase':
          return print('bold', event.text)
        case 'notice':
        case 'retry':
          return print('yellow', describeEvent(event, { total, ended, verbose }) ?? '')
      }
    },
    close: () => {
      clearInterval(timer)
      area.clear()
      area.done()
    },
  }
}
