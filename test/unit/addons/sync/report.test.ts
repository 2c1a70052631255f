import { describe, expect, test } from 'vitest'
import { exitCodeOfSync } from '../../../../scripts/lib/addons/sync/report.ts'
import type { AddonOutcome, SyncReport } from '../../../../scripts/lib/addons/sync/summary.ts'

const outcome = (more: Partial<AddonOutcome> = {}) =>
  ({ status: 'scanned', questions: [], undecided: [], notes: [], ...more }) as AddonOutcome
const question = { kind: 'no-images', variant: 'default' } as const

describe('the exit code', () => {
  test.each<[string, AddonOutcome[], boolean, boolean, number]>([
    ['is 0 when nothing is open', [outcome()], true, false, 0],
    ['is 0 with an open question', [outcome({ questions: [question] })], false, false, 0],
    ['is 1 with it and --strict', [outcome(), outcome({ questions: [question] })], true, false, 1],
    [
      'is 1 with --strict and text that may be an image',
      [outcome({ undecided: ['a'] })],
      true,
      false,
      1,
    ],
    [
      'is 1 with --strict and values that are not known',
      [outcome({ notes: ['a'] })],
      true,
      false,
      1,
    ],
    ['is 1 for an add-on that is not proven', [outcome({ status: 'unproven' })], false, false, 1],
    ['is 130 when interrupted', [outcome({ questions: [question] })], true, true, 130],
  ])('%s', (_, addons, strict, wasInterrupted, code) => {
    expect(exitCodeOfSync({ addons } as unknown as SyncReport, { strict }, wasInterrupted)).toBe(
      code,
    )
  })
})
