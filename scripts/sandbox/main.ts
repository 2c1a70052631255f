import { writeFile } from 'node:fs/promises'
import { Command, InvalidArgumentError } from 'commander'
import { readContents } from './contents.ts'
import { startSandbox } from './sandbox.ts'

interface Flags {
  readonly list?: string
  readonly charts?: string
  readonly port?: number
  readonly account?: string
  readonly region?: string
  readonly scale?: number
  readonly latency?: number
  readonly mount?: boolean
  readonly putImageRate?: number
  readonly environmentFile?: string
}

const flags = new Command('sandbox')
  .description(
    'Starts a pocket internet on loopback: public registries, chart repositories and Amazon ECR.',
  )
  .option('--list <file>', 'YAML with the charts and images to serve (default: the manifest)')
  .option('--charts <folder>', 'archives to serve, as <host>/<path>/*.tgz (default: stand-ins)')
  .option('--port <number>', 'port of the proxy (default: any free one)', toNumber)
  .option('--account <id>', 'AWS account to play')
  .option('--region <name>', 'AWS region to play')
  .option('--scale <factor>', 'multiplies the size of all layers', toNumber)
  .option('--latency <ms>', 'delay of every answer', toNumber)
  .option('--mount', 'turns blob mounting on')
  .option('--put-image-rate <number>', 'manifests that ECR takes per second', toNumber)
  // Not `--env-file`: Node 20 takes that one for itself, even behind the script's name.
  .option('--environment-file <file>', 'also writes the variables to this file')
  .parse()
  .opts<Flags>()

function toNumber(text: string): number {
  const value = Number(text)
  if (!Number.isFinite(value) || value < 0) throw new InvalidArgumentError('It is not a number.')
  return value
}

const { charts, images } = await readContents(flags.list)
const {
  list: _list,
  charts: chartsDir,
  mount = false,
  putImageRate,
  environmentFile,
  ...rest
} = flags
const sandbox = await startSandbox({
  ...rest,
  images,
  charts: charts.map((chart) => ({ ...chart, version: chart.published ?? chart.version })),
  ...(chartsDir !== undefined && { chartsDir }),
  ecr: { blobMounting: mount, ...(putImageRate !== undefined && { putImageRate }) },
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void sandbox.close().then(() => process.exit(0)))
}

const lines = Object.entries(sandbox.environment).map(
  ([key, value]) => `export ${key}='${value}'\n`,
)
if (environmentFile !== undefined) await writeFile(environmentFile, lines.join(''))
process.stdout.write(lines.join(''))
process.stderr.write(
  `sandbox: ${images.length} images, ${charts.length} charts and ${sandbox.registryHost} behind ${sandbox.proxyUrl}; use it with the lines above, stop it with Ctrl-C\n`,
)
