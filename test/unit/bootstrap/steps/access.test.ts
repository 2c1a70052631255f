import { describe, expect, it } from 'vitest'
import type {
  Cluster,
  Clusters,
  ComputeConfig,
} from '../../../../scripts/lib/aws/cluster/clusters.ts'
import { switchPool } from '../../../../scripts/lib/bootstrap/cluster/node-pools.ts'
import { grantAccess } from '../../../../scripts/lib/bootstrap/steps/cluster/access.ts'
import { recordStep } from '../../support/bootstrap.ts'

const unexpected = () => {
  throw new Error('this call is not expected')
}
const nothing: Clusters = {
  read: unexpected,
  setNodePools: unexpected,
  readUpdate: unexpected,
  hasAccessEntry: unexpected,
  createAccessEntry: unexpected,
  accessPolicies: unexpected,
  grantAccessPolicy: unexpected,
  close: unexpected,
}
const waiting = { deadline: 5_000, signal: new AbortController().signal }
const role = 'arn:aws:iam::123456789012:role/Admin'
const policyOf = (partition: string) =>
  `arn:${partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`

describe('Access to a cluster', () => {
  const play = (hasEntry: boolean, policies: readonly string[]) => {
    const calls: string[] = []
    const clusters: Clusters = {
      ...nothing,
      hasAccessEntry: async () => hasEntry,
      createAccessEntry: async (_, principal) => void calls.push(`create ${principal}`),
      accessPolicies: async () => [...policies],
      grantAccessPolicy: async (_, __, policy) => void calls.push(`grant ${policy}`),
    }
    return { clusters, calls }
  }
  it.each([
    [
      'nobody yet: entry and policy are made',
      false,
      [],
      [`create ${role}`, `grant ${policyOf('aws')}`],
    ],
    [
      'an entry without the policy gets it',
      true,
      [policyOf('aws').replace('Admin', 'View')],
      [`grant ${policyOf('aws')}`],
    ],
    ['an administrator is left alone', true, [policyOf('aws')], []],
  ])('%s', async (_, hasEntry, policies, expected) => {
    const { clusters, calls } = play(hasEntry, policies)
    await grantAccess(clusters, 'ma', role, 'us-east-2', recordStep())
    expect(calls).toStrictEqual(expected)
  })
  it.each([
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
  ])('in %s the policy’s ARN is of partition %s', async (region, partition) => {
    const { clusters, calls } = play(true, [])
    await grantAccess(clusters, 'ma', role.replace('aws', partition), region, recordStep())
    expect(calls).toStrictEqual([`grant ${policyOf(partition)}`])
  })
  it('a principal of another partition is refused', async () => {
    const granted = grantAccess(nothing, 'ma', role, 'cn-north-1', recordStep())
    await expect(granted).rejects.toThrow('is in a different partition than region "cn-north-1"')
  })
})

const cluster = (compute: Partial<ComputeConfig>, status = 'ACTIVE'): Cluster => ({
  name: 'ma',
  status,
  version: '1.33',
  endpoint: '',
  authority: '',
  vpc: 'vpc-1',
  subnets: [],
  compute: { enabled: true, nodePools: ['system'], nodeRole: 'role', ...compute },
})

describe('The general-purpose node pool', () => {
  it.each([
    ['on', ['system'], ['system', 'general-purpose']],
    ['on', [], ['general-purpose']],
    ['off', ['general-purpose', 'system'], ['system']],
  ] as const)('is switched %s, and the others stay', async (wanted, nodePools, expected) => {
    const set: ComputeConfig[] = []
    const states = ['InProgress', 'Successful']
    const clusters: Clusters = {
      ...nothing,
      read: async () => cluster({ nodePools }),
      setNodePools: async (_, compute) => {
        set.push(compute)
        return 'update-1'
      },
      readUpdate: async () => ({ status: states.shift() ?? 'Successful', errors: [] }),
    }
    const step = recordStep()
    await switchPool(clusters, cluster({}), wanted, step, waiting)
    expect(set).toStrictEqual([{ enabled: true, nodePools: expected, nodeRole: 'role' }])
    expect(step.told).toStrictEqual([
      'wait: update InProgress',
      `done: pool "general-purpose" is now ${wanted}`,
    ])
  })
  it.each([
    ['is on already', 'on', { nodePools: ['general-purpose'] }, /is already on/],
    ['is off already', 'off', {}, /is already off/],
    [
      'is none of a cluster without Auto Mode',
      'on',
      { enabled: false },
      /does not use EKS Auto Mode/,
    ],
  ] as const)('%s: nothing is changed', async (_, wanted, compute, told) => {
    const clusters = { ...nothing, read: async () => cluster(compute) }
    const step = recordStep()
    await switchPool(clusters, cluster({}), wanted, step, waiting)
    expect(step.told).toStrictEqual([expect.stringMatching(told)])
  })
  it('an update that fails says why', async () => {
    const clusters: Clusters = {
      ...nothing,
      read: async () => cluster({}),
      setNodePools: async () => 'u',
      readUpdate: async () => ({ status: 'Failed', errors: ['AccessDenied no role'] }),
    }
    await expect(switchPool(clusters, cluster({}), 'on', recordStep(), waiting)).rejects.toThrow(
      'ended in Failed: AccessDenied no role',
    )
  })
  it('another update is waited for first', async () => {
    const states = ['UPDATING', 'ACTIVE']
    const clusters: Clusters = {
      ...nothing,
      read: async () => cluster({ nodePools: ['general-purpose'] }, states.shift() ?? 'ACTIVE'),
    }
    const step = recordStep()
    await switchPool(clusters, cluster({}), 'on', step, waiting)
    expect(step.told[0]).toBe('wait: cluster UPDATING')
  })
})
