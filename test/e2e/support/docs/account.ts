import { createNetwork } from '../bootstrap/aws-network.ts'
import { type BootstrapWorld, startBootstrap, version } from '../bootstrap/bootstrap.ts'
import { standIn, startPublished } from '../charts/published.ts'
import { publishedImages, umbrellaCharts, umbrellaImages } from '../charts/umbrella-charts.ts'

/** An account for the page about bootstrapping, with everything that its commands refer to. */
export interface DocumentedAccount {
  readonly bootstrap: BootstrapWorld
  readonly env: NodeJS.ProcessEnv
}

/**
 * Starts an account with one deployed stage, `prod`, on isolated subnets; a VPC to import, `$VPC_ID` with
 * `$SUBNET_IDS`; and the clusters that the release's templates would create for the stages `dev` and `test`. Returns
 * undefined without moto.
 */
export async function startDocumentedAccount(): Promise<DocumentedAccount | undefined> {
  // Values reach every image of this chart, so a manifest of the umbrella is proven without a patched chart.
  const fluentBit = { ...umbrellaCharts['fluent-bit'], files: standIn('fluent-bit') }
  const charts = Object.values({ ...umbrellaCharts, 'fluent-bit': fluentBit })
  const images = new Set([
    ...umbrellaImages,
    ...Object.values(publishedImages(version)),
    'docker.io/library/busybox:latest',
    'quay.io/jetstack/cert-manager-startupapicheck:v1.17.2',
  ])
  const bootstrap = await startBootstrap({
    stages: ['prod'],
    open: (sandbox) => startPublished(charts, [...images], sandbox),
  })
  if (bootstrap === undefined) return undefined
  const { account, moto, world } = bootstrap
  const open = await createNetwork(account, {
    name: 'open',
    prefix: '10.30',
    subnets: { a: 'nat', b: 'nat' },
  })
  const isolated = await createNetwork(account, {
    name: 'isolated',
    prefix: '10.40',
    subnets: { a: 'isolated', b: 'main' },
  })
  for (const [stage, network] of [
    ['dev', open],
    ['test', isolated],
  ] as const) {
    world.sandbox.setCluster(`migration-eks-cluster-${stage}-us-east-2`, {
      vpcId: network.vpcId,
      subnetIds: Object.values(network.subnets),
      computeConfig: {
        enabled: true,
        nodePools: ['general-purpose', 'system'],
        nodeRoleArn: `arn:aws:iam::${moto.account}:role/nodes`,
      },
    })
  }
  return {
    bootstrap,
    env: {
      ...world.env,
      REGISTRY: world.registry,
      VPC_ID: isolated.vpcId,
      SUBNET_IDS: Object.values(isolated.subnets).join(','),
    },
  }
}
