import { largest } from '../model/collections.ts'
import { lineOf } from '../model/text/line.ts'
import { escapeStrings } from '../model/text/printable.ts'

/** Formats bytes for people, in binary units. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${value >= 100 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}

/** Aligns the cells of each column by printed width; right-aligned from column `numbersFrom` on. */
export function columns(
  rows: readonly (readonly string[])[],
  { numbersFrom = Infinity }: { readonly numbersFrom?: number } = {},
): string[] {
  const cells = rows.map((row) => row.map(lineOf))
  const widths = (cells[0] ?? []).map((_, column) =>
    largest(cells.map((row) => widthOf(row[column] ?? ''))),
  )
  return cells.map((row) =>
    row
      .map((cell, column) => {
        const gap = ' '.repeat(Math.max(0, (widths[column] ?? 0) - widthOf(cell)))
        return column < numbersFrom ? `${cell}${gap}` : `${gap}${cell}`
      })
      .join('  ')
      .trimEnd(),
  )
}

/** Returns the number of characters that take up space. */
function widthOf(text: string): number {
  return Array.from(text.replaceAll(/\p{M}/gu, '')).length
}

/** Renders a result for machines, with all terminal control characters escaped. */
export function toJson(value: unknown): string {
  return `${escapeStrings(JSON.stringify(value, null, 2), 'json')}\n`
}

/** Returns a number with its noun: `1 repository`, `2 repositories`. */
export function count(number: number, one: string, many: string = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`
}
