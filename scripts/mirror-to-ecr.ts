import './lib/cli/working-folder.ts'
import { runCommand } from './lib/cli/main.ts'
import { mirrorToEcr } from './lib/commands/mirror-to-ecr.ts'

await runCommand(mirrorToEcr, async ({ operands: { registry }, flags }, context) => {
  const { runMirror } = await import('./lib/mirror/command.ts')
  return runMirror(registry, flags, context)
})
