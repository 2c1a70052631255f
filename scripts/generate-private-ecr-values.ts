import './lib/cli/working-folder.ts'
import { runCommand } from './lib/cli/main.ts'
import { generatePrivateEcrValues } from './lib/commands/generate-private-ecr-values.ts'

await runCommand(generatePrivateEcrValues, async ({ operands: { registry }, flags }, context) => {
  const { runValues } = await import('./lib/values/command.ts')
  return runValues(registry, flags, context)
})
