import { describe, expect, test } from 'vitest'
import { policyText, readPolicy } from '../support/policies.ts'

describe('a policy is filled in', () => {
  const gov = '123456789012.dkr.ecr.us-gov-west-1.amazonaws.com'

  test('for another partition, prefix, stack, cluster and role', () => {
    const own = { stack: 'Qa', cluster: 'c1', nodeRole: 'nodes' }
    const text = policyText('bootstrap', gov, own)
    for (const resource of [
      'arn:aws-us-gov:cloudformation:us-gov-west-1:123456789012:stack/Qa/*',
      'arn:aws-us-gov:eks:us-gov-west-1:123456789012:cluster/c1',
      'arn:aws-us-gov:eks:us-gov-west-1:123456789012:access-entry/c1/*',
      'arn:aws-us-gov:iam::123456789012:role/nodes',
    ]) {
      expect(text).toContain(`"${resource}"`)
    }
    expect(text).not.toMatch(/MA\*|migration-eks/)
  })

  test('with the repositories of charts in the by-chart layout', () => {
    const scope = { prefix: 'team/x', charts: ['argo-cd'] }
    const pushes = readPolicy('mirror', gov, scope).Statement.find(
      ({ Sid }) => Sid === 'PushAndReadBack',
    )
    const at = (name: string) => `arn:aws-us-gov:ecr:us-gov-west-1:123456789012:repository/${name}`
    expect(pushes?.Resource).toEqual(
      ['team/x/mirrored/*', 'team/x/charts/*', 'argo-cd', 'team/x/argo-cd/*'].map(at),
    )
  })

  test.each([
    ['a stack', { stack: '*' }, 'invalid --stack "*"'],
    ['a role', { nodeRole: '*' }, 'invalid --node-role "*"'],
    ['a role with a path', { nodeRole: 'a/*' }, 'invalid --node-role "a/*"'],
    ['a cluster', { cluster: 'x","y' }, 'invalid --cluster'],
    ['a chart', { charts: ['*'] }, '--chart "*" is not a valid chart name in ECR'],
    [
      'more charts than fit',
      { charts: Array.from({ length: 20 }, (_, index) => `chart-${index}`) },
      'IAM allows 6144 in a managed policy',
    ],
  ])('but not for everything: %s', (_, scope, message) => {
    expect(() => policyText('mirror', gov, scope)).toThrow(message)
  })
})
