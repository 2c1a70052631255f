import { ProblemError } from '../../scripts/lib/model/problem.ts'
import type { BenchFlags } from './flags.ts'
import { type Mover, movers as allMovers } from './movers.ts'
import { isScenario, type Scenario, scenarios as allScenarios } from './rounds.ts'

/** What a bench does. */
export interface Settings {
  /** Everybody has to move everything, and it is not about time. */
  readonly quick: boolean
  readonly rounds: number
  readonly movers: readonly Mover[]
  readonly scenarios: readonly Scenario[]
  readonly latency: number
  /** MiB per second; 0 for any number. */
  readonly bandwidth: number
  readonly scale: number
  readonly baseScale: number
  readonly curves: boolean
  readonly startup: boolean
}

/** Fills in what no flag says. Throws `ProblemError` for a name that nothing has. */
export function readSettings(flags: BenchFlags): Settings {
  const quick = flags.quick ?? false
  const fallback = quick
    ? { rounds: 1, movers: ['crane-8', 'kit-on'], scenarios: ['cold', 'warm'] }
    : { rounds: 3, movers: allMovers.map(({ name }) => name), scenarios: allScenarios }
  return {
    quick,
    rounds: flags.rounds ?? fallback.rounds,
    movers: (flags.movers ?? fallback.movers).map(findMover),
    scenarios: (flags.scenarios ?? fallback.scenarios).map(findScenario),
    latency: flags.latency ?? (quick ? 2 : 20),
    bandwidth: flags.bandwidth ?? (quick ? 0 : 40),
    scale: flags.scale ?? (quick ? 0.02 : 2.14),
    baseScale: flags.baseScale ?? 4.28,
    curves: flags.curves && !quick,
    startup: flags.startup && !quick,
  }
}

function findMover(name: string): Mover {
  const found = allMovers.find((mover) => mover.name === name)
  if (found) return found
  throw unknown(
    'mover',
    name,
    allMovers.map((mover) => mover.name),
  )
}

function findScenario(name: string): Scenario {
  if (isScenario(name)) return name
  throw unknown('scenario', name, allScenarios)
}

function unknown(what: string, name: string, known: readonly string[]): ProblemError {
  const message = `there is no ${what} "${name}"`
  return new ProblemError({
    kind: 'usage',
    side: 'input',
    message,
    next: `choose from ${known.join(', ')}`,
  })
}
