import './lib/cli/working-folder.ts'
import { runCommand } from './lib/cli/main.ts'
import { printPolicy } from './lib/commands/print-policy.ts'

await runCommand(printPolicy, async ({ operands: { policy, registry }, flags }, context) => {
  const { runPrintPolicy } = await import('./lib/policies/command.ts')
  return runPrintPolicy(policy, registry, flags, context)
})
