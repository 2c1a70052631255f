import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { releaseKind, releaseNameOf } from '../../../scripts/lib/model/names/kubernetes.ts'
import { describeTextFault, isOfKind } from '../../../scripts/lib/model/names/text-kind.ts'

describe('releaseNameOf', () => {
  it.each([
    ['argo-cd', 'argo-cd'],
    ['app.web', 'app.web'],
    ['My_Chart', 'my-chart'],
    ['_hidden', 'hidden'],
    ['a-.b', 'a.b'],
    ['a..b-', 'a.b'],
    ['---', 'release'],
    [`${'a'.repeat(52)}-b`, 'a'.repeat(52)],
  ])('makes of the chart %j the release %j', (chart, release) => {
    expect(releaseNameOf(chart)).toBe(release)
  })

  it('is a release name whatever the chart is called', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'Z', '0', '-', '_', '.', 'é', ' ') }),
        (chart) => {
          expect(isOfKind(releaseKind, releaseNameOf(chart))).toBe(true)
        },
      ),
    )
  })
})

describe('describeFault', () => {
  it('quotes what was given, and says how it is written', () => {
    expect(describeTextFault(releaseKind, 'a\n--b')).toBe(
      String.raw`"a\n--b" is not a release name: expected at most 53 lowercase letters, digits, "-" and ".", starting and ending with a letter or digit, for example argo-cd`,
    )
  })

  it('cuts what is long', () => {
    expect(describeTextFault(releaseKind, 'x'.repeat(10_000)).length).toBeLessThan(250)
  })
})
