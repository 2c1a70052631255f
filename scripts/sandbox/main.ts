import '../lib/cli/working-folder.ts'
import { runCommand } from '../lib/cli/main.ts'
import { sandbox } from '../lib/commands/sandbox.ts'

await runCommand(sandbox, async ({ flags }, context) => {
  const { serve } = await import('./serve.ts')
  return serve(flags, context)
})
