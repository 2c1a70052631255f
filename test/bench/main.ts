import { InvalidArgumentError } from 'commander'
import { createCommand, runMain, withExitCode } from '../../scripts/lib/cli/main.ts'
import { collect, wholeNumber } from '../../scripts/lib/cli/options.ts'
import type { BenchFlags } from './settings.ts'

await runMain((context) =>
  createCommand(
    'bench',
    'Measures this kit and its peers on the sandbox: time, bytes, requests, processes and memory.',
  )
    .option(
      '--quick',
      'one small round of a peer and the kit, to see that all still move everything',
    )
    .option('--rounds <n>', 'rounds in which every mover has its turn', wholeNumber(1, 100))
    .option('--movers <names>', 'only these, such as crane-8,kit-on', collect)
    .option('--scenarios <names>', 'cold, warm, one-changed, put-image-rate', collect)
    .option('--latency <ms>', 'delay of every answer (default: 20)', wholeNumber(0, 60_000))
    .option('--bandwidth <MiB/s>', 'line to each host, each way; 0 for any (default: 40)', amount)
    .option('--scale <factor>', 'multiplies the size of all layers (default: 2.14)', amount)
    .option(
      '--base-scale <factor>',
      'multiplies the layers that images share once more (default: 4.28)',
      amount,
    )
    .option('--out <folder>', 'where the results go (default: .cache/bench)')
    .option('--no-curves', 'leave out the curves of plan and mirror over the number of images')
    .option('--no-startup', 'leave out the times of --help and of the values')
    .action(
      withExitCode(async (flags: BenchFlags) => {
        const { runBench } = await import('./bench.ts')
        return runBench(flags, context)
      }),
    ),
)

function amount(text: string): number {
  const value = Number(text)
  if (text !== '' && value >= 0 && Number.isFinite(value)) return value
  throw new InvalidArgumentError('It must be a number, 0 or more.')
}
