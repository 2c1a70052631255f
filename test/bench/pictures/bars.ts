import { type Results, runsOf, wireSeconds } from '../report/results.ts'
import { type Scenario, scenarios } from '../rounds.ts'
import { spreadOf } from '../report/statistics.ts'
import { bar, line, renderPicture, text } from './svg.ts'

const names: Readonly<Record<Scenario, string>> = {
  cold: 'cold',
  warm: 'warm',
  'one-changed': 'one image has a new tag',
  'put-image-rate': 'cold, with 10 manifests a second',
}

const labelWidth = 190
const barWidth = 430
const barHeight = 16
const rowHeight = 22
const left = 16
const width = left + labelWidth + barWidth + 110
const colors = { peer: '#8c959f', kit: '#0969da', limit: '#cf222e' }

/** Bars of all movers in all scenarios: the median, and a thin line from the fastest run to the slowest. */
export function drawBars(results: Results): string {
  const shapes: string[] = []
  let y = 30
  shapes.push(text(left, y, 'Seconds to mirror, less is better', { size: 15, bold: true }))
  for (const scenario of scenarios) {
    const panel = drawPanel(results, scenario, y + 18)
    if (panel === undefined) continue
    shapes.push(...panel.shapes)
    y = panel.bottom
  }
  return renderPicture({ width, height: y + 16, title: 'Seconds to mirror', shapes })
}

function drawPanel(results: Results, scenario: Scenario, top: number) {
  const rows = results.movers.flatMap(({ name, about, kind }) => {
    const runs = runsOf(results, name, scenario)
    const spread = spreadOf(runs.map(({ seconds }) => seconds))
    const missing = Math.max(0, ...runs.map(({ faults }) => faults.length))
    return spread ? [{ about: about.replaceAll('`', ''), kind, spread, missing }] : []
  })
  if (rows.length === 0) return undefined
  const limits = scenario === 'cold' ? limitsOf(results) : []
  const most = Math.max(...rows.map(({ spread }) => spread.max), ...limits.map(({ at }) => at))
  const scale = (seconds: number) => left + labelWidth + (seconds / most) * barWidth
  const shapes = [text(left, top + 14, names[scenario], { size: 13, bold: true })]
  const first = top + 24
  for (const [index, { about, kind, spread, missing }] of rows.entries()) {
    const y = first + index * rowHeight
    const middle = y + barHeight / 2
    const note = missing > 0 ? ` (${missing} missing)` : ''
    shapes.push(
      text(left + labelWidth - 8, y + 12.5, about, { anchor: 'end' }),
      bar(scale(0), y, scale(spread.median) - scale(0), barHeight, colors[kind]),
      line([
        [scale(spread.min), middle],
        [scale(spread.max), middle],
      ]),
      text(scale(spread.max) + 6, y + 12.5, `${spread.median.toFixed(1)}${note}`),
    )
  }
  const bottom = first + rows.length * rowHeight
  for (const { at } of limits) {
    const ends = [
      [scale(at), first - 2],
      [scale(at), bottom],
    ] as const
    shapes.push(line(ends, { color: colors.limit, dashed: true }))
  }
  const legend = limits.map(({ name, at }) => `${name} ${at.toFixed(1)} s`).join(', ')
  if (legend === '') return { shapes, bottom }
  const words = `dashed: the limit of the line, ${legend}`
  shapes.push(text(left + labelWidth, bottom + 12, words, { size: 11, color: colors.limit }))
  return { shapes, bottom: bottom + 14 }
}

function limitsOf(results: Results) {
  const { countedBytes, uniqueBytes } = results.sizes
  return [
    { name: 'for unique bytes', at: wireSeconds(results, uniqueBytes) },
    { name: 'for all bytes', at: wireSeconds(results, countedBytes) },
  ].flatMap(({ name, at }) => (at === undefined ? [] : [{ name, at }]))
}
