import picomatch from 'picomatch'
import type { KubeObject } from '../objects/object.ts'

/** How a Job ends, and what its pod has written by then. */
export interface JobOutcome {
  readonly outcome: 'succeed' | 'fail' | 'hang'
  readonly log: string
}

/** What becomes of the Jobs of a name; they succeed in silence unless a test says otherwise. */
export interface JobRules {
  /** `name` may be a glob; the latest word on a name counts. */
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
