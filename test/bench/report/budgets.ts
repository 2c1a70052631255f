import { type Results, type Run, rateSeconds, runsOf, trafficOf, wireSeconds } from './results.ts'
import type { Scenario } from '../rounds.ts'
import { medianOf } from './statistics.ts'

/** What a measurement is held against. All of them are ratios within one bench, or counts. */
export interface Budget {
  readonly what: string
  readonly budget: string
  readonly measured: string
  readonly verdict: 'met' | 'not met' | 'not measured'
}

/** All budgets of the project, with what this bench says of them. */
export function budgetsOf(results: Results): Budget[] {
  const peer = fastestPeer(results)
  const unique = wireSeconds(results, results.sizes.uniqueBytes)
  const rate = rateSeconds(results)
  const { startup, curves, renders } = results
  const large = curves?.plan.find(({ images }) => images === 10_000)
  return [
    ratio(
      'cold, mounting off',
      1.1,
      'the fastest peer',
      secondsOf(results, 'kit-off', 'cold'),
      peer,
    ),
    ratio('cold, mounting on', 0.6, 'the fastest peer', secondsOf(results, 'kit-on', 'cold'), peer),
    ratio(
      'cold, mounting on',
      1.5,
      "the line's limit for the unique bytes",
      secondsOf(results, 'kit-on', 'cold'),
      unique,
    ),
    ...bytesBudgets(results),
    countBudget('images that fail at 10 manifests a second', failures(results, 'put-image-rate')),
    ratio(
      'cold at 10 manifests a second',
      1.1,
      'what the rate dictates',
      secondsOf(results, 'kit-off', 'put-image-rate'),
      rate,
    ),
    ratio(
      'second run',
      1,
      'crane 8 at a time',
      secondsOf(results, 'kit-off', 'warm'),
      secondsOf(results, 'crane-8', 'warm'),
    ),
    countBudget('source requests of the second run', warmCount(results, 'sourceRequests')),
    countBudget('writes of the second run', warmCount(results, 'writes')),
    limit(
      'plan for 10,000 images, seconds beyond start-up',
      2,
      large && curves && large.seconds - curves.startSeconds,
    ),
    limit(
      'plan for 10,000 images, MB beyond start-up',
      300,
      large?.bytes === undefined ? undefined : large.bytes / 1e6,
    ),
    ratio(
      'renders to relocate the charts',
      5,
      'charts and variants',
      renders?.renders,
      renders?.variants,
    ),
    ratio(
      `--help of any command${startup ? ` (slowest: ${startup.slowest})` : ''}`,
      2,
      'an empty file',
      startup?.slowestHelp,
      startup?.empty,
    ),
    ratio('values for all charts', 2, 'its --help', startup?.values, startup?.valuesHelp),
  ]
}

function fastestPeer(results: Results): number | undefined {
  const times = results.movers
    .filter(({ kind }) => kind === 'peer')
    .filter(({ name }) => runsOf(results, name, 'cold').every(isComplete))
    .flatMap(({ name }) => secondsOf(results, name, 'cold') ?? [])
  return times.length === 0 ? undefined : Math.min(...times)
}

/** Whoever leaves something out has not done the work. */
function isComplete({ faults }: Run): boolean {
  return faults.length === 0
}

function secondsOf(results: Results, mover: string, scenario: Scenario): number | undefined {
  return medianOf(runsOf(results, mover, scenario).map(({ seconds }) => seconds))
}

function bytesBudgets(results: Results): Budget[] {
  const traffic = runsOf(results, 'kit-on', 'cold').map(trafficOf)
  const { uniqueBytes } = results.sizes
  return [
    ratio(
      'bytes down, mounting on',
      1.02,
      'the unique bytes',
      medianOf(traffic.map(({ downBytes }) => downBytes / 1024 ** 2)),
      uniqueBytes / 1024 ** 2,
    ),
    ratio(
      'bytes up, mounting on',
      1.02,
      'the unique bytes',
      medianOf(traffic.map(({ upBytes }) => upBytes / 1024 ** 2)),
      uniqueBytes / 1024 ** 2,
    ),
  ]
}

function failures(results: Results, scenario: Scenario): number | undefined {
  const runs = ['kit-off', 'kit-on'].flatMap((mover) => runsOf(results, mover, scenario))
  return runs.length === 0 ? undefined : Math.max(...runs.map(({ faults }) => faults.length))
}

function warmCount(results: Results, part: 'sourceRequests' | 'writes'): number | undefined {
  const runs = ['kit-off', 'kit-on'].flatMap((mover) => runsOf(results, mover, 'warm'))
  return runs.length === 0 ? undefined : Math.max(...runs.map((run) => trafficOf(run)[part]))
}

function ratio(
  what: string,
  factor: number,
  base: string,
  value: number | undefined,
  reference: number | undefined,
): Budget {
  const budget = `≤ ${factor} × ${base}`
  if (value === undefined || reference === undefined || reference === 0)
    return unknown(what, budget)
  const quotient = value / reference
  const measured = `${quotient.toFixed(2)} × (${value.toFixed(2)} to ${reference.toFixed(2)})`
  return { what, budget, measured, verdict: verdictOf(quotient <= factor) }
}

function limit(what: string, maximum: number, value: number | undefined): Budget {
  const budget = `< ${maximum}`
  if (value === undefined) return unknown(what, budget)
  const measured = value.toPrecision(3)
  return { what, budget, measured, verdict: verdictOf(value < maximum) }
}

function countBudget(what: string, value: number | undefined): Budget {
  if (value === undefined) return unknown(what, '0')
  return { what, budget: '0', measured: value.toFixed(0), verdict: verdictOf(value === 0) }
}

function unknown(what: string, budget: string): Budget {
  return { what, budget, measured: '', verdict: 'not measured' }
}

function verdictOf(isMet: boolean): Budget['verdict'] {
  return isMet ? 'met' : 'not met'
}
