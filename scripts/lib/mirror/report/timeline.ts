import { count } from '../../cli/text.ts'
import { groupBy, largest } from '../../model/collections.ts'
import type { Outcome } from '../../model/events.ts'
import { factsOf, formatDuration, statusWords, type Tone, toneOf } from './words.ts'

/** All attempts at an item, from first start to end. Positions are percent of the width, or pixels from the top. */
interface Bar {
  readonly x: string
  readonly width: string
  readonly y: number
  readonly tone: Tone
  /** A sentence that describes it. */
  readonly text: string
  /** Center of the mark of an item that took several attempts. */
  readonly retried: { readonly x: string; readonly y: number } | undefined
}

interface Lane {
  readonly host: string
  readonly items: string
  /** Position of its name. */
  readonly y: number
  readonly bars: readonly Bar[]
}

/** A drawing whose horizontal positions are percentages, so that text keeps its size on a narrow screen. */
export interface Timeline {
  readonly height: number
  readonly bottom: number
  readonly barHeight: number
  readonly summary: string
  readonly lanes: readonly Lane[]
  readonly ticks: readonly { readonly x: string; readonly anchor: string; readonly text: string }[]
  readonly hasRetries: boolean
  readonly tones: readonly { readonly tone: Tone; readonly text: string }[]
}

const labelHeight = 20
const laneGap = 8
const axisHeight = 22
/** Minimum width: shorter bars would be invisible. */
const narrowest = 0.4

/** Draws the copied and attempted items; `undefined` when there are none. */
export function drawTimeline(
  outcomes: readonly Outcome[],
  milliseconds: number,
): Timeline | undefined {
  const moved = outcomes
    .filter(({ status, attempts }) => status !== 'skipped' && status !== 'differs' && attempts > 0)
    .toSorted((a, b) => a.startedAt - b.startedAt)
  if (moved.length === 0) return undefined
  const end = largest([1, milliseconds, ...moved.map((one) => one.startedAt + one.milliseconds)])
  const percent = (time: number) => (time / end) * 100
  const hosts = [...groupBy(moved, ({ host }) => host)].map(
    ([host, own]) => [host, own, packRows(own, (end * narrowest) / 100)] as const,
  )
  const rowsInAll = hosts.reduce((sum, [, , rows]) => sum + largest(rows) + 1, 0)
  const barHeight = rowsInAll > 120 ? 3 : rowsInAll > 50 ? 6 : 12
  const rowHeight = barHeight + (barHeight > 3 ? 3 : 1)
  let y = 0
  const lanes = hosts.map(([host, own, rows]) => {
    const top = y + labelHeight
    const bars = own.map((outcome, index): Bar => {
      const barY = top + (rows[index] ?? 0) * rowHeight
      const width = Math.max(narrowest, percent(outcome.milliseconds))
      const x = Math.min(100 - width, percent(outcome.startedAt))
      return {
        x: place(x),
        width: place(width),
        y: barY,
        tone: toneOf(outcome.status),
        text: describeBar(outcome),
        retried:
          outcome.attempts > 1 ? { x: place(x + width / 2), y: barY + barHeight / 2 } : undefined,
      }
    })
    const lane = { host, items: count(own.length, 'item'), y: y + labelHeight - 6, bars }
    y = top + (largest(rows) + 1) * rowHeight + laneGap
    return lane
  })
  return {
    height: y + axisHeight,
    bottom: y,
    barHeight,
    summary: `${count(moved.length, 'item')} from ${count(lanes.length, 'source')} in ${formatDuration(end)}. The tables below list the same items.`,
    lanes,
    ticks: drawTicks(end),
    hasRetries: moved.some(({ attempts }) => attempts > 1),
    tones: [...groupBy(moved, ({ status }) => toneOf(status))].map(([tone, [first]]) => ({
      tone,
      text: first === undefined ? '' : statusWords[first.status],
    })),
  }
}

/** Returns the row of each item, in order of their start: the first row that is free by then. */
function packRows(items: readonly Outcome[], shortest: number): number[] {
  const freeFrom: number[] = []
  return items.map(({ startedAt, milliseconds }) => {
    const found = freeFrom.findIndex((time) => time <= startedAt)
    const row = found === -1 ? freeFrom.length : found
    freeFrom[row] = startedAt + Math.max(milliseconds, shortest) + shortest / 2
    return row
  })
}

function describeBar(outcome: Outcome): string {
  const from = formatDuration(outcome.startedAt)
  return [
    `${outcome.name}: ${statusWords[outcome.status]}`,
    `started at ${from}`,
    ...factsOf(outcome),
  ].join(', ')
}

/** Returns four to eight round times. */
function drawTicks(end: number): Timeline['ticks'] {
  const steps = [
    0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600,
  ]
  const step = (steps.find((one) => end / (one * 1000) <= 8) ?? 86_400) * 1000
  const ticks = Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => index * step)
  return ticks.map((time) => {
    const x = (time / end) * 100
    const anchor = x < 3 ? 'start' : x > 94 ? 'end' : 'middle'
    return { x: place(x), anchor, text: tickText(time, step) }
  })
}

function tickText(time: number, step: number): string {
  if (time === 0) return '0'
  if (step < 1000) return `${(time / 1000).toFixed(1)} s`
  if (step < 60_000 && time < 60_000) return `${time / 1000} s`
  const minutes = Math.floor(time / 60_000)
  const hours = Math.floor(minutes / 60)
  if (hours > 0) return `${hours}:${String(minutes % 60).padStart(2, '0')} h`
  return `${minutes}:${String((time % 60_000) / 1000).padStart(2, '0')} min`
}

function place(percent: number): string {
  return `${Number(percent.toFixed(2))}%`
}
