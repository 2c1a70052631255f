import picomatch from 'picomatch'
import type { KubeObject } from '../objects/object.ts'

/** How a Job ends, and the log that its pod has written by then. */
export interface JobOutcome {
  readonly outcome: 'succeed' | 'fail' | 'hang'
  readonly log: string
}

/** The outcomes of Jobs by name. A Job succeeds without a log unless a test changes it. */
export interface JobRules {
  /** `name` can be a glob; the latest call for a name applies. */
  set(name: string, outcome: JobOutcome): void
  of(job: KubeObject): JobOutcome
}

export function createJobRules(): JobRules {
  const rules = new Map<string, JobOutcome>()
  return {
    set(name, outcome) {
      rules.delete(name)
      rules.set(name, outcome)
    },
    of({ metadata }) {
      const rule = [...rules].findLast(([name]) => picomatch.isMatch(metadata.name, name))
      return rule?.[1] ?? { outcome: 'succeed', log: '' }
    },
  }
}
