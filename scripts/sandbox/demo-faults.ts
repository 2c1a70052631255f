/** What the steps of the demo have shown. */
export interface DemoFindings {
  /** Images whose content in ECR is not that of their source. */
  readonly differences: number
  /** Exit code of the second mirror. */
  readonly warmExit: number
  /** Requests to sources during the second mirror, and writes to ECR. */
  readonly sourceRequests: number
  readonly writes: number
  readonly hasValues: boolean
  /** Exit code of the proof; nothing when it was not run. */
  readonly proofExit: number | undefined
}

/** What each way to fail means, for people. */
export const demoFaults = {
  differs: 'an image in ECR differs from its source',
  'second-run-failed': 'the second mirror failed',
  'second-run-not-idle': 'the second mirror asked a source or wrote to ECR',
  'no-values': 'the values could not be generated, so nothing was proven',
  unproven: 'the values are not proven',
} as const

export type DemoFault = keyof typeof demoFaults

/** Returns every way in which a demo has failed; nothing for a good one. */
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
