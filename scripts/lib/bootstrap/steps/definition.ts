import type { BootstrapRequest } from '../arguments.ts'
import type { Step } from '../checklist.ts'
import type { Findings } from '../findings.ts'
import type { StepJob } from '../job.ts'

/** A step of the bootstrap as one value. */
export interface StepDefinition {
  readonly id: string
  readonly title: string
  /** Whether the step may change something. */
  readonly changes: (request: BootstrapRequest) => boolean
  /** Describes the step for a request; returns nothing when the request does not need it. */
  readonly plan: (request: BootstrapRequest) => string | undefined
  /** Runs the step. Returns its findings for later steps. Throws `ProblemError`. */
  readonly run: (job: StepJob, findings: Findings, step: Step) => Promise<Findings>
}
