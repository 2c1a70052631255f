import { DescribeVpcEndpointsCommand } from '@aws-sdk/client-ec2'
import { expect, test } from 'vitest'
import { startMoto } from '../support/moto.ts'
import { startBootstrap } from '../support/bootstrap/bootstrap.ts'
import { askedHosts, expectRefused, readOutput, statusesOf } from '../support/bootstrap/run.ts'

// Other partitions: hosts, registry, ARNs and endpoints have different names, and the usual ones get no request.

const available = await startMoto()
await available?.close()

test.skipIf(available === undefined).each([
  ['cn-north-1', 'aws-cn', 'amazonaws.com.cn'],
  ['us-gov-west-1', 'aws-us-gov', 'amazonaws.com'],
])('a whole bootstrap in %s', async (region, partition, suffix) => {
  const made = await startBootstrap({ region })
  if (made === undefined) throw new Error('moto is here no more')
  try {
    const { account, cluster, moto, network, run, world } = made
    const admin = `arn:${partition}:iam::${moto.account}:role/Admin`
    const result = await run([
      '--skip-cfn-deploy',
      '--push-all-images-to-private-ecr',
      '--skip-console-exec',
      '--eks-access-principal-arn',
      admin,
      '--output',
      'json',
    ])
    const { code, stderr } = result
    expect(code, stderr).toBe(0)
    expect(world.registry).toBe(`${moto.account}.dkr.ecr.${region}.${suffix}`)
    const output = readOutput(result)
    expect(output.deployment).toMatchObject({ region, registryHost: world.registry })
    expect(statusesOf(output)).toMatchObject({ access: 'done', mirror: 'done', proof: 'done' })
    expect(stderr).toContain(`as arn:${partition}:iam::${moto.account}:user/sandbox`)
    expect(stderr).toContain(`✔ wrote MA-dev-${region}-CaptureReplay`)

    const [entry] = world.sandbox.eksCluster(cluster)?.accessEntries ?? []
    const policy = `arn:${partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`
    expect(entry?.policies.map(({ policyArn }) => policyArn)).toEqual([policy])
    const Filters = [{ Name: 'vpc-id', Values: [network.vpcId] }]
    const { VpcEndpoints = [] } = await account.ec2.send(
      new DescribeVpcEndpointsCommand({ Filters }),
    )
    for (const { ServiceName, VpcEndpointId } of VpcEndpoints) {
      expect(stderr).toMatch(new RegExp(`${ServiceName} +yes +${VpcEndpointId} available`))
    }
    expect(world.sandbox.refused()).toEqual([])
    const aws = askedHosts(made).filter((host) => host.includes('.amazonaws.com'))
    const own = new RegExp(`${region}\\.(?:eks\\.)?${suffix.replaceAll('.', String.raw`\.`)}$`)
    // ECR Public has one place for all, and is read without a login where it gives none.
    expect(aws.filter((host) => !own.test(host))).toEqual([
      'api.ecr-public.us-east-1.amazonaws.com',
    ])
    expect(aws).toContain(`eks.${region}.${suffix}`)
    const kubernetes = world.sandbox.kubernetes(cluster)
    expect(kubernetes.tokenChecks().refused).toEqual([])
    const images = kubernetes.images()
    expect(images.length).toBeGreaterThan(0)
    expect(images.filter((image) => !image.startsWith(`${world.registry}/`))).toEqual([])

    const words = '--deploy-create-vpc-cfn --stack-name MA-new --stage new'
    expectRefused(await run(words.split(' ')), 1, [
      'stack "MA-new" created (CREATE_COMPLETE)',
      `cluster "migration-eks-cluster-new-${region}" from the stack's export does not exist in region "${region}"`,
    ])
  } finally {
    await made.close()
  }
})
