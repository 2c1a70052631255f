import { defineCommand, type FlagsOf } from '../cli/command/command.ts'
import { decimal, parsed, refuseValue, text, toggle, wholeNumber } from '../cli/command/kinds.ts'
import { success } from '../model/problem.ts'

export const sandbox = defineCommand({
  script: 'scripts/sandbox/main.ts',
  summary: 'Starts a sandbox on loopback: public registries, chart repositories and Amazon ECR.',
  operands: {},
  flags: {
    list: text('file', 'YAML with the charts and images to serve', { defaultText: 'the manifest' }),
    charts: text('folder', 'chart archives to serve, as <host>/<path>/*.tgz', {
      defaultText: 'stand-ins',
    }),
    port: wholeNumber([0, 65_535], 'number', 'port of the proxy', { defaultText: 'any free port' }),
    account: parsed(
      'id',
      'AWS account',
      (given) =>
        /^\d{12}$/.test(given) ? success(given) : refuseValue('It must have twelve digits.'),
      { defaultText: '123456789012' },
    ),
    region: text('name', 'AWS region', { defaultText: 'us-east-2' }),
    scale: decimal(0, 'factor', 'multiply the size of all layers', { isAbove: true }),
    latency: wholeNumber([0, 60_000], 'ms', 'delay for every response'),
    bandwidth: decimal(0, 'MiB/s', 'bandwidth to each host, in each direction', { isAbove: true }),
    mount: toggle('enable blob mounting'),
    putImageRate: wholeNumber([1, 1000], 'number', 'PutImage limit of ECR per second'),
    // Not `--env-file`: Node.js 20 takes that flag for itself, even after the script's name.
    environmentFile: text('file', 'also write the environment to this file'),
  },
  exitCodes: { 0: 'stopped', 1: 'could not start', 2: 'invalid usage' },
  examples: ['--mount --latency 20'],
  isServer: true,
})

export type SandboxFlags = FlagsOf<typeof sandbox>

export const demo = defineCommand({
  script: 'scripts/demo.ts',
  summary:
    'Mirrors the whole manifest into a private ECR in the sandbox, with the real crane and helm. Nothing leaves this machine.',
  operands: {},
  flags: {
    charts: text('folder', 'chart archives to serve instead of stand-ins, as <host>/<path>/*.tgz'),
  },
  exitCodes: { 0: 'everything worked', 1: 'something failed', 2: 'invalid usage' },
  examples: ['', '--charts ./charts'],
})

export type DemoFlags = FlagsOf<typeof demo>
