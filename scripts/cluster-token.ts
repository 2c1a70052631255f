import './lib/cli/working-folder.ts'
import { createCommand, runMain } from './lib/cli/main.ts'

const help = `
For the "exec" entry of a kubeconfig, which bootstrap.ts --write-kubeconfig makes. The token is good for 14 minutes.

Example: npx tsx scripts/cluster-token.ts my-cluster --region us-east-2`

await runMain((context) =>
  createCommand(
    'cluster-token',
    'Prints a token for the API server of an EKS cluster, as kubectl and helm ask for it.',
  )
    .argument('<cluster>', 'name of the cluster')
    .option(
      '--region <region>',
      'its region (default: AWS_REGION, AWS_DEFAULT_REGION, the profile)',
    )
    .addHelpText('after', help)
    .action(async (cluster: string, flags: { readonly region?: string }) => {
      const { runClusterToken } = await import('./lib/bootstrap/cluster/token-command.ts')
      await runClusterToken(cluster, flags.region, context)
    }),
)
