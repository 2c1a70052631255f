import { describe, expect, it } from 'vitest'
import { describeDormant } from '../../../scripts/lib/relocate/dormant-text.ts'

const moved = { reference: 'quay.io/a/moved:1', leaves: ['moved.repository', 'moved.tag'] }
const kept = { reference: 'quay.io/a/kept:1', leaves: ['kept.image'] }
const values = [{ path: ['moved', 'repository'], value: '<registry>/x' }]
const layout = { values, unreached: [], proofs: [] }

describe('images that nothing renders', () => {
  it.each([
    ['nothing of none', [], []],
    [
      'one',
      [moved],
      ['1 image in the values is not rendered: redirected too (use --verbose to show it)'],
    ],
    [
      'one that stays',
      [kept],
      ['1 image in the values is not rendered: left unchanged (use --verbose to show it)'],
    ],
    [
      'several',
      [moved, kept, { ...kept, leaves: ['other.image'] }],
      [
        '3 images in the values are not rendered: 1 redirected, 2 left unchanged (use --verbose to show them)',
      ],
    ],
  ])('are summed up: %s', (_, dormant, lines) => {
    expect(describeDormant(dormant, layout, false)).toEqual(lines)
  })

  it('are listed with their leaves and what becomes of them', () => {
    expect(describeDormant([moved, kept], layout, true)).toEqual([
      '"quay.io/a/moved:1" is not rendered, and the new values redirect it too: moved.repository, moved.tag',
      '"quay.io/a/kept:1" is not rendered, and it is left unchanged: kept.image',
    ])
  })
})
