import './lib/cli/working-folder.ts'
import { runCommand } from './lib/cli/main.ts'
import { relocateChartCommand } from './lib/commands/relocate-chart.ts'

await runCommand(
  relocateChartCommand,
  async ({ operands: { registry, chart }, flags }, context) => {
    const { runRelocate } = await import('./lib/relocate/command.ts')
    return runRelocate(registry, chart, flags, context)
  },
)
