import './lib/cli/working-folder.ts'
import { runCommand } from './lib/cli/main.ts'
import { clusterToken } from './lib/commands/cluster-token.ts'

await runCommand(clusterToken, async ({ operands: { cluster }, flags }, context) => {
  const { runClusterToken } = await import('./lib/bootstrap/cluster/token-command.ts')
  return runClusterToken(cluster, flags.region, context)
})
