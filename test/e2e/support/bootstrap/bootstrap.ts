import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { placeOf } from '../../../../scripts/sandbox/aws/partition.ts'
import type { ClusterOptions } from '../../../doubles/eks/cluster.ts'
import type { DoublesOptions } from '../../../doubles/doubles.ts'
import type { ScriptResult } from '../../../unit/support/run-script.ts'
import { type Account, createStack, exporting, openAccount } from './aws-account.ts'
import { createEndpoints, createNetwork, type Network, type WantedNetwork } from './aws-network.ts'
import { type Moto, startMoto } from '../moto.ts'
import { type ReleaseSite, releasePlaces, startReleaseSite } from './release-site.ts'
import type { Running } from '../running.ts'
import { startUmbrella, type UmbrellaOptions, umbrellaFolder } from '../charts/umbrella-charts.ts'
import type { RunSettings, World } from '../world.ts'

export interface BootstrapOptions {
  readonly region?: string
  /** The subnets of the cluster's VPC; two isolated ones if omitted. */
  readonly subnets?: WantedNetwork['subnets']
  /** Services with endpoints in the VPC; if omitted, those that isolated subnets require. */
  readonly endpoints?: readonly string[]
  readonly cluster?: Partial<ClusterOptions>
  /** Stages that already have a stack with its export; `dev` if omitted. */
  readonly stages?: readonly string[]
  readonly umbrella?: UmbrellaOptions
  /** Starts another world than that of the umbrella chart of the fixtures. */
  readonly open?: (sandbox: Partial<DoublesOptions>) => Promise<World>
}

/** An account with a network, a cluster and stacks, a release to install, and the bootstrap command. */
export interface BootstrapWorld {
  readonly world: World
  readonly moto: Moto
  readonly account: Account
  readonly network: Network
  readonly cluster: string
  readonly site: ReleaseSite
  /** A copy of the umbrella chart, which a test may change. */
  readonly chart: string
  readonly run: (args: readonly string[], settings?: RunSettings) => Promise<ScriptResult>
  /** Runs with a separate cache, without earlier downloads. */
  readonly runFresh: (
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ) => Promise<ScriptResult & { readonly cache: string }>
  readonly start: (args: readonly string[], settings?: RunSettings) => Running
  readonly close: () => Promise<void>
}

export const version = '2.6.4'
const clusterName = 'migration-eks'

/** The settings that a stack of a stage exports. */
export function exportString(
  world: Pick<World, 'registry'>,
  {
    account,
    region,
    stage,
  }: { readonly account: string; readonly region: string; readonly stage: string },
): string {
  const settings = {
    MIGRATIONS_EKS_CLUSTER_NAME: clusterName,
    MIGRATIONS_ECR_REGISTRY: `${world.registry}/migration-ecr-${stage}`,
    SNAPSHOT_ROLE: `arn:aws:iam::${account}:role/snapshot-${stage}`,
    AWS_ACCOUNT: account,
    AWS_CFN_REGION: region,
    STAGE: stage,
    MA_QUALIFIER: 'default',
  }
  return Object.entries(settings)
    .map(([key, value]) => `export ${key}=${value}`)
    .join('; ')
}

/** Starts everything, or returns undefined without moto. */
export async function startBootstrap(
  options: BootstrapOptions = {},
): Promise<BootstrapWorld | undefined> {
  const { region = 'us-east-2', stages = ['dev'] } = options
  const number = String(100_000_000_000 + Math.floor(Math.random() * 899_999_999_999))
  const moto = await startMoto({ account: number })
  if (moto === undefined) return undefined
  const account = openAccount(moto, region)
  const network = await createNetwork(account, {
    name: 'ma',
    subnets: options.subnets ?? { a: 'isolated', b: 'main' },
  })
  const services = options.endpoints ?? ['s3', 'ecr.api', 'ecr.dkr']
  const tables = [network.mainTable, ...Object.values(network.tables)]
  await createEndpoints(account, network, services, tables)
  const site = await startReleaseSite(version)
  const place = placeOf(number, region)
  const aws = [place.cloudFormationHost, place.ec2Host, place.monitoringHost]
  const sandbox: Partial<DoublesOptions> = {
    region,
    account: number,
    forward: {
      ...Object.fromEntries(aws.map((host) => [host, moto.url])),
      ...Object.fromEntries(releasePlaces.map((address) => [address, site.url])),
    },
    clusters: [
      {
        name: clusterName,
        vpcId: network.vpcId,
        subnetIds: Object.values(network.subnets),
        computeConfig: {
          enabled: true,
          nodePools: ['system', 'general-purpose'],
          nodeRoleArn: `arn:${place.partition}:iam::${number}:role/nodes`,
        },
        ...options.cluster,
      },
    ],
    ...options.umbrella?.sandbox,
  }
  const open =
    options.open ??
    ((all) => startUmbrella({ versions: [version], ...options.umbrella, sandbox: all }))
  const world = await open(sandbox)
  for (const stage of stages) {
    const name = `MigrationsExportString-${stage}-${region}`
    const template = exporting(name, exportString(world, { account: number, region, stage }))
    await createStack(account, { name: `MA-${stage}`, template })
  }
  const chart = join(await world.folderOf('chart'), 'migration-assistant')
  await cp(umbrellaFolder, chart, { recursive: true })
  const own = { ECR_AIRLIFT_CACHE: await world.folderOf('cache') }
  const settingsOf = (settings: RunSettings = {}) => ({
    ...settings,
    env: { ...own, ...settings.env },
  })
  const stateDir = await world.folderOf('state')
  let fresh = 0
  const start = (args: readonly string[], settings?: RunSettings) =>
    world.start('../bootstrap.ts', [...args, '--state-dir', stateDir], settingsOf(settings))
  return {
    world,
    moto,
    account,
    network,
    cluster: clusterName,
    site,
    chart,
    start,
    run: (args, settings) => start(args, settings).result,
    async runFresh(args, env) {
      fresh += 1
      const cache = await world.folderOf(`cache-${fresh}`)
      const result = await start(args, { env: { ECR_AIRLIFT_CACHE: cache, ...env } }).result
      return { ...result, cache }
    },
    async close() {
      await world.close()
      await site.close()
      await moto.close()
    },
  }
}

/** Flags that install the chart into the existing deployment, and check nothing else. */
export function plainly({ chart }: Pick<BootstrapWorld, 'chart'>): string[] {
  const flags = ['--skip-cfn-deploy', '--skip-console-exec', '--ignore-checks']
  return [...flags, '--ma-chart-dir', chart]
}
