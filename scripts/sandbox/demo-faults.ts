/** The results of the demo's steps. */
export interface DemoFindings {
  /** Images whose content in ECR differs from their source. */
  readonly differences: number
  /** Exit code of the second mirror run. */
  readonly warmExit: number
  /** Requests to sources and writes to ECR during the second mirror run. */
  readonly sourceRequests: number
  readonly writes: number
  readonly hasValues: boolean
  /** Exit code of the proof; `undefined` if it was not run. */
  readonly proofExit: number | undefined
}

/** A message for each way to fail. */
export const demoFaults = {
  differs: 'an image in ECR differs from its source',
  'second-run-failed': 'the second mirror run failed',
  'second-run-not-idle': 'the second mirror run sent a request to a source or wrote to ECR',
  'no-values': 'the values could not be generated, so nothing was proven',
  unproven: 'the values are not proven',
} as const

export type DemoFault = keyof typeof demoFaults

/** Returns every failure of a demo run; an empty list if all steps succeeded. */
export function faultsOfDemo(findings: DemoFindings): DemoFault[] {
  const { differences, warmExit, sourceRequests, writes, hasValues, proofExit } = findings
  const checks: readonly (readonly [boolean, DemoFault])[] = [
    [differences > 0, 'differs'],
    [warmExit !== 0, 'second-run-failed'],
    [sourceRequests + writes > 0, 'second-run-not-idle'],
    [!hasValues, 'no-values'],
    [hasValues && proofExit !== 0, 'unproven'],
  ]
  return checks.filter(([isSo]) => isSo).map(([, fault]) => fault)
}
