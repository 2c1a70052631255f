import './lib/cli/working-folder.ts'
import { runCommand } from './lib/cli/main.ts'
import { demo } from './lib/commands/sandbox.ts'

await runCommand(demo, async ({ flags }, context) => {
  const { runDemo } = await import('./sandbox/demo.ts')
  return runDemo(flags, context)
})
