import type { Cluster } from '../../../scripts/lib/aws/cluster/clusters.ts'

/** A cluster that can be used. */
export const cluster: Cluster = {
  name: 'ma',
  status: 'ACTIVE',
  version: '1.33',
  endpoint: 'https://x.eks.amazonaws.com',
  authority: 'PEM',
  vpc: 'vpc-1',
  subnets: [],
  compute: { enabled: true, nodePools: [], nodeRole: undefined },
}
