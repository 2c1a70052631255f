import './lib/cli/working-folder.ts'
import { runCommand } from './lib/cli/main.ts'
import { verifyPrivateValues } from './lib/commands/verify-private-values.ts'

await runCommand(verifyPrivateValues, async ({ operands: { registry }, flags }, context) => {
  const { runVerify } = await import('./lib/verify/command.ts')
  return runVerify(registry, flags, context)
})
