import { defineCommand, type FlagsOf } from '../../scripts/lib/cli/command/command.ts'
import {
  decimal,
  list,
  negated,
  text,
  toggle,
  wholeNumber,
} from '../../scripts/lib/cli/command/kinds.ts'

export const bench = defineCommand({
  script: 'test/bench/main.ts',
  summary:
    'Measures ecr-airlift and its peers in the sandbox: time, bytes, requests, processes and memory.',
  operands: {},
  flags: {
    quick: toggle('one small round of a peer and ecr-airlift, to check that both move everything'),
    rounds: wholeNumber([1, 100], 'n', 'rounds in which every mover has its turn'),
    movers: list('names', 'only these, such as crane-8,kit-on'),
    scenarios: list('names', 'only these: cold, warm, one-changed, put-image-rate'),
    latency: wholeNumber([0, 60_000], 'ms', 'delay for every response', { defaultText: '20' }),
    bandwidth: decimal(0, 'MiB/s', 'bandwidth to each host, each way; 0 for no limit', {
      defaultText: '40',
    }),
    scale: decimal(0, 'factor', 'multiply the size of all layers', { defaultText: '2.14' }),
    baseScale: decimal(0, 'factor', 'multiplies the layers that images share once more', {
      defaultText: '4.28',
    }),
    out: text('folder', 'folder for the results', { defaultText: '.cache/bench' }),
    curves: negated('leave out the curves of plan and mirror over the number of images'),
    startup: negated('leave out the times of --help and of the values'),
  },
  exitCodes: { 0: 'measured', 1: 'a mover failed', 2: 'invalid usage' },
  examples: ['-- --quick'],
})

export type BenchFlags = FlagsOf<typeof bench>
