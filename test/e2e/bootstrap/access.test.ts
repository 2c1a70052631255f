import { readFile } from 'node:fs/promises'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { startBootstrap } from '../support/bootstrap/bootstrap.ts'
import { askedHosts, callsOf, expectRefused, writesOf } from '../support/bootstrap/run.ts'

// The cluster: its usability, its administrators, and its node pools.

const made = await startBootstrap({ subnets: { a: 'nat', b: 'nat' } })

describe.skipIf(made === undefined)('a bootstrap', () => {
  if (made === undefined) return
  const { cluster, run, start, world, moto } = made
  const { sandbox } = world
  const nodeRoleArn = `arn:aws:iam::${moto.account}:role/nodes`
  const admin = `arn:aws:iam::${moto.account}:role/team/Admin`
  const policy = 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy'
  const skip = ['--skip-cfn-deploy', '--skip-console-exec']
  const granting = (principal: string) => [...skip, '--eks-access-principal-arn', principal]
  const setPools = (...nodePools: readonly string[]) =>
    sandbox.setCluster(cluster, { computeConfig: { enabled: true, nodePools, nodeRoleArn } })
  const poolsOf = () => sandbox.eksCluster(cluster)?.settings.computeConfig?.nodePools?.toSorted()
  beforeEach(() => {
    sandbox.setCluster(cluster, { status: 'ACTIVE', updates: {} })
    setPools('general-purpose', 'system')
    sandbox.resetCounters()
  })
  afterAll(() => made.close())

  test('makes a principal an administrator, once', async () => {
    const first = await run(granting(admin))
    expect(first.code, first.stderr).toBe(0)
    expect(first.stderr).toContain(`✔ ${admin} is now an administrator`)
    const [entry, ...others] = sandbox.eksCluster(cluster)?.accessEntries ?? []
    expect(others).toEqual([])
    expect(entry).toMatchObject({
      principalArn: admin,
      policies: [{ policyArn: policy, accessScope: { type: 'cluster', namespaces: [] } }],
    })
    sandbox.resetCounters()
    const second = await run(granting(admin))
    expect(second.code, second.stderr).toBe(0)
    expect(second.stderr).toContain(`= ${admin} is already an administrator`)
    expect(second.stdout).toContain('Nothing to do')
    expect(callsOf(made, 'eks')).not.toHaveProperty('AssociateAccessPolicy')
  })

  test.each([
    [
      'arn:aws-cn:iam::123456789012:role/Admin',
      /is in a different partition than region "us-east-2"\n {2}→ use an ARN that starts with arn:aws:/,
    ],
    [
      'arn:aws:sts::123456789012:assumed-role/Admin/me',
      /→ .*arn:aws:iam::123456789012:role\/Admin/,
    ],
  ])('refuses %s as a principal', async (principal, words) => {
    const result = await run(granting(principal))
    expect(result.code, result.stderr).toBe(2)
    expect(result.stderr).toMatch(words)
    expect(askedHosts(made)).toEqual([])
  })

  test('enables the general-purpose pool, and waits for it', async () => {
    setPools('system')
    sandbox.setCluster(cluster, { updates: { polls: 3 } })
    const { code, stderr } = await run(skip)
    expect(code, stderr).toBe(0)
    expect(stderr).toContain('✔ pool "general-purpose" is now on')
    expect(stderr).toMatch(/… update InProgress \(/)
    expect(poolsOf()).toEqual(['general-purpose', 'system'])
    expect(sandbox.eksCluster(cluster)?.settings.computeConfig).toMatchObject({ nodeRoleArn })
  })

  test('enables the pool for the installation and disables it at the end, as requested', async () => {
    setPools('system')
    const { code, stderr } = await run([...skip, '--disable-general-purpose-pool'])
    expect(code, stderr).toBe(0)
    expect(stderr).toContain('✔ pool "general-purpose" is now on')
    expect(stderr).toContain('✔ pool "general-purpose" is now off')
    expect(poolsOf()).toEqual(['system'])
    expect(callsOf(made, 'eks')['UpdateClusterConfig']).toBe(2)
  })

  test('reports why an update of the pools failed', async () => {
    setPools('system')
    sandbox.setCluster(cluster, { updates: { failure: 'The node role cannot be assumed' } })
    expectRefused(await run(skip), 1, [
      `the node pool update of cluster "${cluster}" ended in Failed: Unknown The node role cannot be assumed`,
      '→ fix the cause, then rerun the same command',
      /✘ Node pool /,
      /– Installation +not run/,
    ])
    expect(poolsOf()).toEqual(['system'])
  })

  test('waits for a cluster update that another process started', async () => {
    setPools('system')
    sandbox.setCluster(cluster, { status: 'UPDATING' })
    const running = start(skip)
    await running.saw(/… cluster UPDATING/)
    sandbox.setCluster(cluster, { status: 'ACTIVE' })
    const { code, stderr } = await running.result
    expect(code, stderr).toBe(0)
    expect(poolsOf()).toEqual(['general-purpose', 'system'])
  })

  test('leaves a cluster without Auto Mode unchanged', async () => {
    sandbox.setCluster(cluster, { computeConfig: { enabled: false } })
    const { code, stderr } = await run([...skip, '--disable-general-purpose-pool'])
    expect(code, stderr).toBe(0)
    expect(stderr.match(/= the cluster does not use EKS Auto Mode/g)).toHaveLength(2)
    expect(callsOf(made, 'eks')).not.toHaveProperty('UpdateClusterConfig')
  })

  test('waits for a cluster that is being created', async () => {
    sandbox.setCluster(cluster, { status: 'CREATING' })
    const running = start(skip)
    await running.saw(/… cluster CREATING/)
    sandbox.setCluster(cluster, { status: 'ACTIVE' })
    const { code, stderr } = await running.result
    expect(code, stderr).toBe(0)
  })

  test.each(['FAILED', 'DELETING'] as const)('refuses a cluster in state %s', async (status) => {
    sandbox.setCluster(cluster, { status })
    expectRefused(await run(skip), 3, [
      `error: cluster "${cluster}" is in state ${status}`,
      '→ redeploy the stack: nothing can be installed on this cluster',
    ])
    expect(writesOf(made)).toBe(0)
  })

  test('ends when it is interrupted while waiting for a cluster', async () => {
    sandbox.setCluster(cluster, { status: 'CREATING' })
    const running = start(skip)
    await running.saw(/… cluster CREATING/)
    running.kill('SIGINT')
    const { code, stderr } = await running.result
    expect(code, stderr).toBe(130)
    expect(stderr).toContain(
      `interrupted while waiting for cluster "${cluster}"; the operation continues`,
    )
    expect(stderr).toContain('nothing was changed')
    expect(writesOf(made)).toBe(0)
  })

  test('leaves the user’s kubeconfig unchanged without --write-kubeconfig', async () => {
    const mine =
      'apiVersion: v1\nkind: Config\ncurrent-context: mine\nclusters: []\ncontexts: []\nusers: []\n'
    const file = await world.write('kubeconfig', mine)
    const env = { KUBECONFIG: file }
    expect((await run(skip, { env })).code).toBe(0)
    expect(await readFile(file, 'utf8')).toBe(mine)
    const { code, stderr } = await run([...skip, '--write-kubeconfig'], { env })
    expect(code, stderr).toBe(0)
    expect(stderr).toContain(`! context "${cluster}.us-east-2" written to ${file}`)
    expect(await readFile(file, 'utf8')).toMatch(/current-context: mine/)
    expect(await readFile(file, 'utf8')).toContain(`name: ${cluster}.us-east-2`)
  })
})
