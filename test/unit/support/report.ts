import { makeReport, type Report } from '../../../scripts/lib/mirror/report/report.ts'
import type { Outcome, Status } from '../../../scripts/lib/model/events.ts'

/** An outcome with as little in it as there may be. */
export function outcomeOf(status: Status, rest: Partial<Outcome> = {}): Outcome {
  return {
    kind: 'image',
    name: `quay.io/a/${status}:1`,
    host: 'quay.io',
    destination: `r/mirrored/quay.io/a/${status}:1`,
    status,
    reason: '',
    attempts: status === 'skipped' || status === 'differs' ? 0 : 1,
    blobs: 0,
    mounted: 0,
    startedAt: 0,
    milliseconds: 1000,
    ...rest,
  }
}

/** The report of a run that ended in these outcomes. */
export function reportOf(outcomes: readonly Outcome[], rest: Partial<Report> = {}): Report {
  const plan = {
    target: { registry: '123456789012.dkr.ecr.us-east-2.amazonaws.com', prefix: '' },
    existing: 'skip',
    create: [],
    steps: [],
  } as const
  const applied = { created: [], left: [], changed: [], faults: [], learned: new Map(), outcomes }
  const run = { startedAt: new Date('2026-01-02T03:04:05.678Z'), milliseconds: 61_000 }
  return { ...makeReport(plan, applied, run), ...rest }
}
