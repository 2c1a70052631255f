import type { Curves, Point } from '../report/results.ts'
import { dot, line, renderPicture, text } from './svg.ts'

interface Series {
  readonly name: string
  readonly color: string
  readonly points: readonly Point[]
}

const panelWidth = 260
const panelHeight = 220
const gap = 70
const left = 60
const top = 70

/** Time, memory and requests over the number of images, on logarithmic axes: what grows like it runs parallel to the dashed line. */
export function drawCurves(curves: Curves): string {
  const series: readonly Series[] = [
    { name: 'plan, ECR empty', color: '#1a7f37', points: curves.plan },
    { name: 'plan, all repositories exist', color: '#9a6700', points: curves.planPresent },
    { name: 'mirror of small images', color: '#0969da', points: curves.mirror },
  ]
  const panels = [
    { title: 'seconds', of: ({ seconds }: Point) => seconds },
    { title: 'MB beyond start-up', of: ({ bytes }: Point) => bytes && bytes / 1e6 },
    { title: 'AWS requests', of: ({ requests }: Point) => requests },
  ]
  const width = left + panels.length * (panelWidth + gap)
  const shapes = [
    text(16, 26, 'Cost over the number of images', { size: 15, bold: true }),
    ...series.map(({ name, color }, index) => text(16 + index * 210, 48, `● ${name}`, { color })),
    text(16 + series.length * 210, 48, '- - grows like the number of images', { color: '#57606a' }),
    ...panels.flatMap(({ title, of }, index) =>
      drawPanel(title, of, series, left + index * (panelWidth + gap)),
    ),
  ]
  const height = top + panelHeight + 50
  return renderPicture({ width, height, title: 'Cost over the number of images', shapes })
}

function drawPanel(
  title: string,
  of: (point: Point) => number | undefined,
  series: readonly Series[],
  x: number,
): string[] {
  const values = series.flatMap(({ points }) => points.flatMap((point) => of(point) ?? []))
  const counts = series.flatMap(({ points }) => points.map(({ images }) => images))
  const across = logarithmic(counts, x, x + panelWidth)
  const up = logarithmic(values, top + panelHeight, top + 20)
  const bottom = top + panelHeight
  return [
    text(x, top + 8, title, { bold: true }),
    line([
      [x, top + 20],
      [x, bottom],
      [x + panelWidth, bottom],
    ]),
    ...across.ticks.map((tick) =>
      text(across.at(tick), bottom + 16, label(tick), { size: 10, anchor: 'middle' }),
    ),
    ...up.ticks.map((tick) =>
      text(x - 5, up.at(tick) + 3, label(tick), { size: 10, anchor: 'end' }),
    ),
    text(x + panelWidth / 2, bottom + 34, 'images', { size: 11, anchor: 'middle' }),
    ...series.flatMap(({ points, color }) => {
      const places = points.flatMap((point) => {
        const value = of(point)
        return value ? [[across.at(point.images), up.at(value)] as const] : []
      })
      return [line(places, { color, width: 2 }), ...places.map(([px, py]) => dot(px, py, color))]
    }),
    ...linear(across, up, values),
  ]
}

/** What grows exactly like the number of images. */
function linear(across: Axis, up: Axis, values: readonly number[]): string[] {
  const start = up.ticks[0]
  if (start === undefined || values.length === 0) return []
  const decades = Math.log10(Math.min(across.maximum / across.minimum, up.maximum / start))
  const ends = [0, decades].map(
    (decade) => [across.at(across.minimum * 10 ** decade), up.at(start * 10 ** decade)] as const,
  )
  return [line(ends, { dashed: true })]
}

interface Axis {
  readonly at: (value: number) => number
  readonly ticks: readonly number[]
  readonly minimum: number
  readonly maximum: number
}

/** An axis of whole decades around some values. */
function logarithmic(values: readonly number[], from: number, to: number): Axis {
  const positive = values.filter((value) => value > 0)
  const low = Math.floor(Math.log10(Math.min(...positive, 1e9)))
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...positive, 1e-9))))
  const ticks = Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index))
  const at = (value: number) => from + ((Math.log10(value) - low) / (high - low)) * (to - from)
  return { at, ticks, minimum: 10 ** low, maximum: 10 ** high }
}

function label(value: number): string {
  return value >= 1 ? value.toLocaleString('en') : String(value)
}
