import { describe, expect, test } from 'vitest'
import { createBucket } from '../../../scripts/sandbox/net/bucket.ts'
import { createFaults, type FaultRule, matchesRule } from '../../../scripts/sandbox/net/faults.ts'

const target = {
  host: 'quay.io',
  method: 'GET',
  path: '/v2/strimzi/kafka/manifests/0.47.0',
  operation: 'manifestGet',
}
const effect = { status: 503 }

describe('a fault rule matches', () => {
  test.for<[string, Omit<FaultRule, 'effect'>, boolean]>([
    ['everything by default', {}, true],
    ['a host', { host: 'quay.io' }, true],
    ['a host glob', { host: '*.io' }, true],
    ['another host', { host: 'ghcr.io' }, false],
    ['a method in any case', { method: 'get' }, true],
    ['another method', { method: 'PUT' }, false],
    ['a path glob', { path: '/v2/**/manifests/*' }, true],
    ['another path glob', { path: '/v2/*/manifests/*' }, false],
    ['a regular expression', { path: /kafka.*0\.47/ }, true],
    ['an operation', { operation: 'manifestGet' }, true],
    ['another operation', { operation: 'blobGet' }, false],
  ])('%s', ([, rule, expected]) => {
    expect(matchesRule({ ...rule, effect }, target)).toBe(expected)
  })
})

function strikes(rule: Omit<FaultRule, 'effect'>, requests: number): boolean[] {
  const faults = createFaults([{ ...rule, effect }])
  return Array.from({ length: requests }, () => faults.effectsOn(target).length > 0)
}

describe('a rule strikes', () => {
  test('always, unless told otherwise', () => {
    expect(strikes({}, 3)).toEqual([true, true, true])
  })
  test('so many times', () => {
    expect(strikes({ times: 2 }, 3)).toEqual([true, true, false])
  })
  test('after so many requests', () => {
    expect(strikes({ after: 1, times: 1 }, 3)).toEqual([false, true, false])
  })
  test('until it is taken away', () => {
    const faults = createFaults()
    const remove = faults.add({ effect })
    expect(faults.effectsOn(target)).toEqual([effect])
    remove()
    expect(faults.effectsOn(target)).toEqual([])
  })
  test('with a rate limit only above the rate', () => {
    let time = 0
    const faults = createFaults([{ effect: { rateLimit: { perSecond: 2, burst: 1 } } }], () => time)
    expect(faults.effectsOn(target)).toEqual([])
    expect(faults.effectsOn(target)).toEqual([{ throttle: true }])
    time = 500
    expect(faults.effectsOn(target)).toEqual([])
  })
})

test('a bucket never holds more than its burst', () => {
  let time = 0
  const take = createBucket(1, 2, () => time)
  time = 60_000
  expect([take(), take(), take()]).toEqual([true, true, false])
})
