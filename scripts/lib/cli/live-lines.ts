import { lineOf } from '../model/text/line.ts'
import { largest } from '../model/collections.ts'
import { count, formatBytes } from './text.ts'

/** One item in progress. */
export interface LiveItem {
  readonly name: string
  /** Start in milliseconds, of the same clock as the current time. */
  readonly since: number
  readonly blobs: number
  /** Bytes of blobs with a known size. */
  readonly bytes: number
}

/** The content of the live lines. */
export interface LiveState {
  readonly items: readonly LiveItem[]
  readonly ended: number
  readonly total: number
  readonly bytes: number
  readonly rate: number
}

/** Minimum width of names: below it, the figures are left out instead. */
const shortestName = 16
const longestBar = 40

/** Renders a line for each item in progress, as far as there is room, and one for the total. */
export function drawLive(
  { items, ended, total, bytes, rate }: LiveState,
  now: number,
  { width, height }: { readonly width: number; readonly height: number },
): string[] {
  const shown = items
    .slice(0, Math.max(1, height - 4))
    .map((item) => ({ ...item, name: lineOf(item.name) }))
  const cells = shown.map((item) => [
    item.blobs > 0 ? count(item.blobs, 'blob') : '',
    item.bytes > 0 ? formatBytes(item.bytes) : '',
    `${((now - item.since) / 1000).toFixed(0)} s`,
  ])
  const figures = alignRight(cells)
  const room = width - 4 - (figures[0]?.length ?? 0)
  const longest = Math.max(0, ...shown.map(({ name }) => name.length))
  const lines = shown.map(({ name }, index) =>
    room < shortestName
      ? `  ${cutName(name, width - 2)}`
      : `  ${cutName(name, room).padEnd(Math.min(room, longest))}  ${figures[index] ?? ''}`,
  )
  if (total > 0) lines.push(drawTotal(ended, total, moved(bytes, rate), width))
  return lines
}

function moved(bytes: number, rate: number): string {
  if (bytes === 0) return ''
  return `  ${formatBytes(bytes)}${rate > 0 ? `, ${formatBytes(rate)}/s` : ''}`
}

function drawTotal(ended: number, total: number, figures: string, width: number): string {
  const part = ` ${ended}/${total}`
  const room = width - part.length - figures.length
  const text = room < 0 ? part : `${part}${figures}`
  const bar = Math.max(0, Math.min(longestBar, width - text.length))
  const filled = Math.round((ended / total) * bar)
  return `${'█'.repeat(filled)}${'░'.repeat(bar - filled)}${text}`.slice(0, width)
}

function alignRight(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    largest(rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padStart(widths[column] ?? 0))
      .filter((_, column) => (widths[column] ?? 0) > 0)
      .join('  '),
  )
}

/** Shortens a name in the middle: the ends of a reference, its host and tag, are more informative. */
function cutName(name: string, room: number): string {
  // By code points, so that no character is split.
  const characters = Array.from(name)
  if (characters.length <= room) return name
  const tail = Math.ceil((room - 1) / 2)
  const head = characters.slice(0, Math.max(0, room - 1 - tail))
  return [...head, '…', ...characters.slice(characters.length - tail)].join('')
}
