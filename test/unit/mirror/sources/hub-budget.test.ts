import { describe, expect, it } from 'vitest'
import {
  hubPulls,
  isCountedByHub,
  sufficesForLearning,
} from '../../../../scripts/lib/mirror/sources/hub-budget.ts'
import type { MirrorStep } from '../../../../scripts/lib/mirror/plan/plan.ts'
import { parseSourceMirrors } from '../../../../scripts/lib/mirror/sources/routes.ts'
import { unwrap } from '../../../../scripts/lib/model/problem.ts'
import { parseReference } from '../../../../scripts/lib/model/image/reference.ts'

function stepOf(text: string, action: MirrorStep['action'] = 'copy'): MirrorStep {
  const reference = unwrap(parseReference(text))
  return {
    kind: 'image',
    name: text,
    host: reference.registry,
    reference,
    charts: [],
    place: { repository: 'r', tag: '1' },
    repository: 'r',
    destination: 'd/r:1',
    action,
    reason: '',
    immutable: false,
  }
}

const none = new Map<string, never>()
const through = unwrap(parseSourceMirrors(['docker.io=mirror.gcr.io']))

describe('Docker Hub counts', () => {
  it.each([
    ['an image whose answer bore a limit', 'busybox:1', none, {}, true],
    ['an image that nobody has asked for yet', 'busybox:1', none, undefined, true],
    ['no image whose answer bore none', 'busybox:1', none, { isUnlimited: true }, false],
    ['no image that a mirror gives', 'busybox:1', through, {}, false],
    ['no image of another registry', 'quay.io/a/b:1', none, {}, false],
  ] as const)('%s', (_, reference, mirrors, resolved, counted) => {
    const step = stepOf(reference)
    expect(isCountedByHub(step, mirrors, resolved)).toBe(counted)
    // An index and two platforms, where nobody knows better.
    expect(hubPulls([step], none, mirrors, () => resolved)).toBe(counted ? 3 : 0)
  })

  it('nothing that is not copied', () => {
    const steps = [stepOf('busybox:1', 'skip'), stepOf('busybox:2', 'differs')]
    expect(hubPulls(steps, none, none, () => undefined)).toBe(0)
  })
})

describe('its quota is spent on looking ahead', () => {
  it.each([
    [undefined, 1, false],
    [39, 1, false],
    [40, 1, true],
    [79, 2, false],
    [0, 0, true],
  ])('with %s left and %i images: %s', (left, images, suffices) => {
    expect(sufficesForLearning(left, images)).toBe(suffices)
  })
})
