import { defineCommand } from '../cli/command/command.ts'
import { text } from '../cli/command/kinds.ts'

export const clusterToken = defineCommand({
  script: 'scripts/cluster-token.ts',
  summary:
    'Prints a token for the API server of an EKS cluster, in the format of kubectl and helm.',
  operands: { cluster: { about: 'name of the cluster' } },
  flags: {
    region: text('region', 'region of the cluster', {
      defaultText: 'AWS_REGION, AWS_DEFAULT_REGION, or the profile',
    }),
  },
  notes: [
    'Used by the "exec" entry of kubeconfigs that bootstrap.ts --write-kubeconfig writes. The token is valid for 14 minutes.',
  ],
  exitCodes: { 0: 'the token is printed', 1: 'AWS refused the request', 2: 'invalid usage' },
  examples: ['my-cluster --region us-east-2'],
})
