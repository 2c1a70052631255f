import './lib/cli/working-folder.ts'
import type { DemoFlags } from './sandbox/demo.ts'
import { createCommand, runMain, withExitCode } from './lib/cli/main.ts'

await runMain((context) =>
  createCommand(
    'demo',
    'Mirrors the whole manifest into a private ECR on the sandbox, with the real crane and helm. Nothing leaves this machine.',
  )
    .option(
      '--charts <folder>',
      'serve these chart archives (<host>/<path>/*.tgz) instead of stand-ins',
    )
    .action(
      withExitCode(async (flags: DemoFlags) => {
        const { runDemo } = await import('./sandbox/demo.ts')
        return runDemo(flags, context)
      }),
    ),
)
