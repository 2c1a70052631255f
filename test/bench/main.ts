import { runCommand } from '../../scripts/lib/cli/main.ts'
import { bench } from './flags.ts'

await runCommand(bench, async ({ flags }, context) => {
  const { runBench } = await import('./bench.ts')
  return runBench(flags, context)
})
