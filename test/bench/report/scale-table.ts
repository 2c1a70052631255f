import type { Curves, Point } from './results.ts'
import { table } from './table.ts'

/** The curves as tables, each with its title. */
export function scaleTables(curves: Curves): string[] {
  const start = `In all times are the ${curves.startSeconds.toFixed(2)} s that the command's --help takes; memory is what comes on top of it.`
  return [
    `### Plan, when ECR is empty\n\n${start}\n\n${curveTable(curves.plan)}`,
    `### Plan, when every repository exists\n\n${curveTable(curves.planPresent)}`,
    `### Mirror of small images\n\n${curveTable(curves.mirror)}`,
  ]
}

function curveTable(points: readonly Point[]): string {
  return table(
    ['images', 'seconds', 'MB', 'AWS requests'],
    points.map(({ images, seconds, bytes, requests }) => [
      images.toLocaleString('en'),
      seconds.toFixed(2),
      bytes === undefined ? 'not measured' : (bytes / 1e6).toFixed(0),
      requests.toLocaleString('en'),
    ]),
  )
}
