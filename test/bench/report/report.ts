import { budgetsOf } from './budgets.ts'
import { type MoverInfo, type Results, runsOf, trafficOf, wireSeconds } from './results.ts'
import { type Scenario, scenarios } from '../rounds.ts'
import { scaleTables } from './scale-table.ts'
import { medianOf, type Spread, spreadOf } from './statistics.ts'
import { table } from './table.ts'

const titles: Readonly<Record<Scenario, string>> = {
  cold: 'Cold: nothing is there yet',
  warm: 'Warm: the same again',
  'one-changed': 'One image of the list has a new tag',
  'put-image-rate': 'Cold, and ECR takes 10 manifests a second',
}

/** Everything that a bench has found, for people, as Markdown. It ends with the budgets. */
export function renderReport(results: Results): string {
  const { curves } = results
  const parts = [
    conditionsText(results),
    ...scenarios
      .filter((scenario) => results.runs.some((run) => run.scenario === scenario))
      .map((scenario) => `### ${titles[scenario]}\n\n${scenarioTable(results, scenario)}`),
    ...(curves ? scaleTables(curves) : []),
    `### Budgets\n\n${budgetTable(results)}`,
  ]
  return `${parts.join('\n\n')}\n`
}

function conditionsText(results: Results): string {
  const { images, charts, latency, bandwidth, rounds, machine, versions } = results.conditions
  const { countedBytes, uniqueBytes, manifests } = results.sizes
  const line =
    bandwidth === null
      ? 'lines without limits'
      : `a line of ${mebibytes(bandwidth)} MiB/s each way to each host`
  const wire = wireText(results)
  return [
    `${images} images and ${charts} charts: ${mebibytes(countedBytes)} MiB when every repository gets its own copy, ${mebibytes(uniqueBytes)} MiB of them unique, ${manifests} manifests.`,
    `${latency} ms latency, ${line}, ${rounds === 1 ? 'one round' : `${rounds} rounds`} in turns, on ${machine} which the sandbox shares.`,
    ...(wire ? [wire] : []),
    `Versions: ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}.`,
    'Times are in seconds. Memory is the sum over all processes of a mover, looked at every 40 ms; pages that processes share count for each.',
  ].join('\n')
}

function wireText(results: Results): string | undefined {
  const { countedBytes, uniqueBytes } = results.sizes
  const counted = wireSeconds(results, countedBytes)
  const unique = wireSeconds(results, uniqueBytes)
  if (counted === undefined || unique === undefined) return undefined
  return `The limit of the line to ECR is ${counted.toFixed(1)} s for all of them, ${unique.toFixed(1)} s for the unique ones.`
}

const columns = [
  '',
  'min',
  'median',
  'max',
  'down MiB',
  'up MiB',
  'source requests',
  'ECR requests',
  'writes',
  'processes',
  'peak MiB',
  'processor s',
  'missing',
]

function scenarioTable(results: Results, scenario: Scenario): string {
  return table(
    columns,
    results.movers.map((mover) => rowOf(results, mover, scenario)),
  )
}

function rowOf(results: Results, mover: MoverInfo, scenario: Scenario): string[] {
  const runs = runsOf(results, mover.name, scenario)
  const times = spreadOf(runs.map(({ seconds }) => seconds))
  if (times === undefined) return [`${mover.about} (${mover.absence ?? 'not run'})`]
  const traffic = runs.map(trafficOf)
  const middle = (numbers: readonly number[]) => Math.round(medianOf(numbers) ?? 0).toString()
  const known = (numbers: readonly (number | undefined)[], digits = 0) => {
    const median = medianOf(numbers.filter((number) => number !== undefined))
    return median === undefined ? 'not measured' : median.toFixed(digits)
  }
  const learns = runs.some(({ layersKnown }) => layersKnown === false)
  return [
    learns ? `${mover.about}, layers not known` : mover.about,
    ...timeCells(times),
    ...[traffic.map(({ downBytes }) => downBytes), traffic.map(({ upBytes }) => upBytes)].map(
      (bytes) => mebibytes(medianOf(bytes) ?? 0),
    ),
    middle(traffic.map(({ sourceRequests }) => sourceRequests)),
    middle(traffic.map(({ awsRequests }) => awsRequests)),
    middle(traffic.map(({ writes }) => writes)),
    known(runs.map(({ processes }) => processes)),
    known(runs.map(({ peakBytes }) => peakBytes && peakBytes / 1024 ** 2)),
    known(
      runs.map(({ cpuSeconds }) => cpuSeconds),
      1,
    ),
    missingCell(runs.map(({ faults }) => faults.length)),
  ]
}

function timeCells({ min, median, max }: Spread): string[] {
  return [min, median, max].map((seconds) => seconds.toFixed(2))
}

/** The worst round counts: what was left out once may be left out again. */
function missingCell(counts: readonly number[]): string {
  const worst = Math.max(...counts)
  return worst === 0 ? '0' : `**${worst}**`
}

function budgetTable(results: Results): string {
  return table(
    ['what', 'budget', 'measured', ''],
    budgetsOf(results).map(({ what, budget, measured, verdict }) => [
      what,
      budget,
      measured,
      verdict,
    ]),
  )
}

function mebibytes(bytes: number): string {
  const amount = bytes / 1024 ** 2
  return amount < 10 && amount > 0 ? amount.toFixed(1) : amount.toFixed(0)
}
