import { expect, test } from 'vitest'
import { type DemoFindings, faultsOfDemo } from '../../../scripts/sandbox/demo-faults.ts'

const good: DemoFindings = {
  differences: 0,
  warmExit: 0,
  sourceRequests: 0,
  writes: 0,
  hasValues: true,
  proofExit: 0,
}

test.each<readonly [string, Partial<DemoFindings>, readonly string[]]>([
  ['a good demo has no faults', {}, []],
  ['an image that differs is a fault', { differences: 1 }, ['differs']],
  ['a second run that fails is a fault', { warmExit: 1 }, ['second-run-failed']],
  [
    'a request to a source in the second run is a fault',
    { sourceRequests: 1 },
    ['second-run-not-idle'],
  ],
  ['a write in the second run is a fault', { writes: 1 }, ['second-run-not-idle']],
  [
    'values that are missing are a fault, not a reason to prove others',
    { hasValues: false, proofExit: undefined },
    ['no-values'],
  ],
  ['a proof that fails is a fault', { proofExit: 1 }, ['unproven']],
  ['a proof that was not run is a fault', { proofExit: undefined }, ['unproven']],
])('%s', (_, findings, faults) => {
  expect(faultsOfDemo({ ...good, ...findings })).toEqual(faults)
})
