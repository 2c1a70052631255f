import type { Outcome, Status } from '../../model/events.ts'
import { inOrigin, type Origin } from '../../model/origin.ts'
import type { Problem } from '../../model/problem.ts'
import type { Clock } from '../../tools/pacing/clock.ts'
import type { MirrorStep } from './plan.ts'

/** Describes how a step ended. */
export type Describe = (status: Status, rest: Partial<Outcome>) => Outcome

/** The clock of a run, and its start. */
export interface RunTime {
  readonly doors: { readonly clock: Pick<Clock, 'ticks'> }
  readonly state: { readonly began: number }
}

export function describeStep(
  step: MirrorStep,
  { doors: { clock }, state: { began } }: RunTime,
): Describe {
  let startedAt = clock.ticks()
  return (status, { startedAt: started, ...rest }) => {
    startedAt = started ?? startedAt
    return {
      kind: step.kind,
      name: step.name,
      host: step.host,
      destination: step.destination,
      status,
      ...(step.comparison !== undefined && { comparison: step.comparison }),
      reason: step.reason,
      attempts: 0,
      blobs: 0,
      mounted: 0,
      ...(step.stored !== undefined && { digest: step.stored.digest }),
      ...(step.kind === 'image' && step.charts.length > 0 && { charts: step.charts }),
      startedAt: Math.round(startedAt - began),
      milliseconds: Math.round(clock.ticks() - startedAt),
      ...rest,
    }
  }
}

/** Returns the status of an item that was not completed: an interruption is not a failure. */
export function failed({ kind }: Problem): Status {
  return kind === 'interrupted' ? 'interrupted' : 'failed'
}

export function differs(step: MirrorStep, origin: Origin): Problem {
  return {
    kind: 'differs',
    side: 'target',
    message: `"${step.destination}" differs from ${step.name}`,
    next: step.immutable
      ? immutableAdvice
      : `replace it with --existing overwrite, or keep it and pin its version ${inOrigin(origin)}`,
  }
}

/** Returns the problem of an immutable tag that would have to be replaced. */
export function immutableTag(step: MirrorStep): Problem {
  return {
    kind: 'tag-immutable',
    side: 'target',
    message: `"${step.destination}" differs from ${step.name}, and its tag is immutable`,
    next: immutableAdvice,
  }
}

/** Advice for an immutable tag with different content. */
export const immutableAdvice =
  'replace it with --replace-immutable, mirror under another --prefix, or delete the tag in ECR if it is no longer used, then rerun'
