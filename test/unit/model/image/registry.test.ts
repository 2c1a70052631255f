import { describe, expect, it } from 'vitest'
import {
  checkRegistry,
  isEcrRepositoryName,
  parseEcrRegistry,
  parsePrefix,
} from '../../../../scripts/lib/model/image/registry.ts'
import { unwrap } from '../../../../scripts/lib/model/problem.ts'

const account = '123456789012'

describe('parseEcrRegistry', () => {
  it.each([
    [`${account}.dkr.ecr.us-east-2.amazonaws.com`, 'us-east-2', 'aws', false, false],
    [`${account}.dkr.ecr.ap-southeast-1.amazonaws.com`, 'ap-southeast-1', 'aws', false, false],
    [`${account}.dkr.ecr-fips.us-east-1.amazonaws.com`, 'us-east-1', 'aws', true, false],
    [`${account}.dkr-ecr.eu-west-1.on.aws`, 'eu-west-1', 'aws', false, true],
    [`${account}.dkr-ecr-fips.us-west-2.on.aws`, 'us-west-2', 'aws', true, true],
    [`${account}.dkr.ecr.cn-north-1.amazonaws.com.cn`, 'cn-north-1', 'aws-cn', false, false],
    [`${account}.dkr.ecr.us-gov-west-1.amazonaws.com`, 'us-gov-west-1', 'aws-us-gov', false, false],
    [
      `${account}.dkr.ecr-fips.us-gov-east-1.amazonaws.com`,
      'us-gov-east-1',
      'aws-us-gov',
      true,
      false,
    ],
    [`${account}.dkr.ecr.us-iso-east-1.c2s.ic.gov`, 'us-iso-east-1', 'aws-iso', false, false],
    [
      `${account}.dkr.ecr.us-isob-east-1.sc2s.sgov.gov`,
      'us-isob-east-1',
      'aws-iso-b',
      false,
      false,
    ],
    [
      `${account}.dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk`,
      'eu-isoe-west-1',
      'aws-iso-e',
      false,
      false,
    ],
    [
      `${account}.dkr.ecr.us-isof-south-1.csp.hci.ic.gov`,
      'us-isof-south-1',
      'aws-iso-f',
      false,
      false,
    ],
    [`${account}.dkr.ecr.eusc-de-east-1.amazonaws.eu`, 'eusc-de-east-1', 'aws-eusc', false, false],
  ])('reads %s', (host, region, partition, fips, dualStack) => {
    expect(unwrap(parseEcrRegistry(host))).toEqual({
      host,
      account,
      region,
      partition,
      fips,
      dualStack,
    })
  })

  const host = `${account}.dkr.ecr.us-east-2.amazonaws.com`
  it.each([
    [`oci://${host}`, 'starts with "oci://"', `use "${host}"`],
    [`https://${host}/`, 'starts with "https://"', `use "${host}"`],
    [`${host}/`, 'ends with "/"', `use "${host}"`],
    [
      `${host}/team/a`,
      'has a repository path',
      `use "${host}", and "--prefix team/a" for the path`,
    ],
    [`oci://${host}/team/`, 'starts with "oci://"', '--prefix team'],
    [host.toUpperCase(), 'lowercase', `use "${host}"`],
    [` ${host}`, 'no spaces', `use "${host}"`],
    [
      `https://${host}/team/app:latest`,
      'starts with',
      `use "${host}", and "--prefix team/app" for the path`,
    ],
    [`${account}.dkr-ecr.cn-north-1.on.aws`, 'is not the host', 'use the form'],
    ['public.ecr.aws', 'is ECR Public', 'use the form <12-digit account>'],
    ['quay.io', 'is not the host', 'use the form <12-digit account>'],
    ['12345.dkr.ecr.us-east-2.amazonaws.com', 'is not the host', 'use the form'],
    [`${account}.dkr.ecr.cn-north-1.amazonaws.com`, 'is not the host', 'use the form'],
    [`${account}.dkr.ecr.us-east-2.amazonaws.com.evil.org`, 'is not the host', 'use the form'],
    [`${account}.dkr.ecr.nowhere.amazonaws.com`, 'is not the host', 'use the form'],
    ['', 'is not the host', 'use the form'],
  ])('corrects %j', (text, message, next) => {
    const parsed = parseEcrRegistry(text)
    expect(parsed.ok).toBe(false)
    if (parsed.ok) return
    expect(parsed.problem.message).toContain(message)
    expect(parsed.problem.next).toContain(next)
  })
})

describe('checkRegistry', () => {
  const registry = unwrap(parseEcrRegistry(`${account}.dkr.ecr.us-east-2.amazonaws.com`))
  it.each([
    [{}, 0],
    [{ region: 'us-east-2', account }, 0],
    [{ region: 'us-east-1' }, 1],
    [{ account: '210987654321' }, 1],
    [{ region: 'us-east-1', account: '210987654321' }, 2],
  ])('finds in %j %d conflicts', (given, count) => {
    expect(checkRegistry(registry, given)).toHaveLength(count)
  })
})

describe('parsePrefix', () => {
  it.each(['', 'team', 'team/a', 'a.b_c-d'])('takes %j', (text) => {
    expect(unwrap(parsePrefix(text))).toBe(text)
  })
  it.each(['/team', 'team/', 'Team', 'a__b', 'a//b', 'a:b', 'x'.repeat(64)])(
    'refuses %j',
    (text) => {
      expect(parsePrefix(text).ok).toBe(false)
    },
  )
})

describe('isEcrRepositoryName', () => {
  it.each([
    ['a', false],
    ['ab', true],
    ['a/b', true],
    ['mirrored/quay.io/a/b', true],
    ['a--b', false],
    ['a__b', false],
    ['a:b', false],
    ['A/b', false],
    ['a/', false],
    ['x'.repeat(256), true],
    ['x'.repeat(257), false],
  ])('%j → %s', (name, legal) => {
    expect(isEcrRepositoryName(name)).toBe(legal)
  })
})
