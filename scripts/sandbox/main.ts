import '../lib/cli/working-folder.ts'
import { InvalidArgumentError } from 'commander'
import { createCommand, runMain } from '../lib/cli/main.ts'
import { wholeNumber } from '../lib/cli/options.ts'
import type { SandboxFlags } from './serve.ts'

await runMain(
  (context) =>
    createCommand(
      'sandbox',
      'Starts a pocket internet on loopback: public registries, chart repositories and Amazon ECR.',
    )
      .option('--list <file>', 'YAML with the charts and images to serve (default: the manifest)')
      .option('--charts <folder>', 'archives to serve, as <host>/<path>/*.tgz (default: stand-ins)')
      .option('--port <number>', 'port of the proxy (default: any free one)', wholeNumber(0, 65535))
      .option('--account <id>', 'AWS account to play (default: 123456789012)', accountId)
      .option('--region <name>', 'AWS region to play (default: us-east-2)')
      .option('--scale <factor>', 'multiplies the size of all layers', factor)
      .option('--latency <ms>', 'delay of every answer', wholeNumber(0, 60_000))
      .option('--bandwidth <MiB/s>', 'width of the line to each host, in each direction', factor)
      .option('--mount', 'turns blob mounting on')
      .option(
        '--put-image-rate <number>',
        'manifests that ECR takes per second',
        wholeNumber(1, 1000),
      )
      // Not `--env-file`: Node 20 takes that one for itself, even behind the script's name.
      .option('--environment-file <file>', 'also writes the variables to this file')
      .action(async (flags: SandboxFlags) => {
        const { serve } = await import('./serve.ts')
        await serve(flags, context)
      }),
  { untilStopped: true },
)

function accountId(text: string): string {
  if (/^\d{12}$/.test(text)) return text
  throw new InvalidArgumentError('It must have twelve digits.')
}

function factor(text: string): number {
  const value = Number(text)
  if (value > 0 && Number.isFinite(value)) return value
  throw new InvalidArgumentError('It must be a number above 0.')
}
