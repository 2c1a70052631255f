import { createCommand, runMain, withExitCode } from './lib/cli/main.ts'

await runMain((context) =>
  createCommand(
    'demo',
    'Mirrors the whole manifest into a private ECR on the sandbox, with the real crane and helm. Nothing leaves this machine.',
  ).action(
    withExitCode(async (flags: { readonly quiet?: boolean; readonly verbose?: boolean }) => {
      const { runDemo } = await import('./sandbox/demo.ts')
      return runDemo(flags, context)
    }),
  ),
)
