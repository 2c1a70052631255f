import './lib/cli/working-folder.ts'
import { runCommand } from './lib/cli/main.ts'
import { regenerateManifest } from './lib/commands/regenerate-manifest.ts'

await runCommand(regenerateManifest, async ({ flags }, context) => {
  const { runRegenerate } = await import('./lib/manifest/command.ts')
  return runRegenerate(flags, context)
})
