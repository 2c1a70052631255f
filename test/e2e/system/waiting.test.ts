import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { setStackState, stateOf } from '../support/bootstrap/aws-account.ts'
import { startBootstrap } from '../support/bootstrap/bootstrap.ts'
import { callsOf, expectRefused } from '../support/bootstrap/run.ts'
import type { Running } from '../support/running.ts'

// A slow stack: the progress messages, and a run that does not wait until its end.

const made = await startBootstrap({ stages: [], subnets: { a: 'nat', b: 'nat' } })

describe.skipIf(made === undefined)('a bootstrap that waits for its stack', () => {
  if (made === undefined) return
  const { account, network, run, start, world } = made
  const { sandbox } = world
  const deploying = (stage: string) =>
    `--deploy-create-vpc-cfn --stack-name MA-${stage} --stage ${stage} --skip-console-exec`.split(
      ' ',
    )
  /** Starts a run whose stack, which moto makes at once, is seen to be under way. */
  const begin = async (stage: string): Promise<Running> => {
    const slow = { operation: 'DescribeStacks', after: 1, times: 1, effect: { latency: 2_500 } }
    sandbox.addFault(slow)
    const running = start(deploying(stage))
    await expect
      .poll(() => stateOf(account, `MA-${stage}`).catch(() => ''), poll)
      .toMatch(/COMPLETE/)
    await setStackState(account, `MA-${stage}`, 'CREATE_IN_PROGRESS')
    await running.saw(/… CREATE_IN_PROGRESS/)
    return running
  }
  beforeEach(() => {
    sandbox.setCredentials('ok')
    sandbox.resetCounters()
  })
  afterAll(() => made.close())

  test('reports progress, and continues when the stack is done', async () => {
    const { vpcId, subnets } = network
    sandbox.setCluster('migration-eks-cluster-good-us-east-2', {
      vpcId,
      subnetIds: Object.values(subnets),
    })
    const running = await begin('good')
    await setStackState(account, 'MA-good', 'CREATE_COMPLETE')
    const { code, stderr } = await running.result
    expect(code, stderr).toBe(0)
    expect(stderr).toMatch(/… CREATE_IN_PROGRESS \(\d/)
    expect(stderr).toContain('✔ stack "MA-good" created (CREATE_COMPLETE)')
    expect(callsOf(made, 'cloudformation')['CreateStack']).toBe(1)
  })

  test('shows what failed when it was rolled back', async () => {
    const running = await begin('bad')
    await setStackState(
      account,
      'MA-bad',
      'ROLLBACK_IN_PROGRESS',
      'The following failed: [Cluster]',
    )
    await running.saw(/… ROLLBACK_IN_PROGRESS/)
    await setStackState(account, 'MA-bad', 'ROLLBACK_COMPLETE')
    expectRefused(await running.result, 1, [
      'error: the deployment of stack "MA-bad" ended in ROLLBACK_COMPLETE',
      'fix the cause, delete the stack, then rerun the same command: the stack could not be created',
    ])
  })

  test('survives credentials that are renewed during the wait', async () => {
    const running = await begin('renewed')
    sandbox.addFault({
      operation: 'DescribeStacks',
      times: 1,
      effect: { status: 403, body: expired },
    })
    await expect
      .poll(() => callsOf(made, 'cloudformation')['DescribeStacks'], poll)
      .toBeGreaterThan(4)
    await setStackState(account, 'MA-renewed', 'CREATE_COMPLETE')
    expectRefused(await running.result, 1, [
      'stack "MA-renewed" created (CREATE_COMPLETE)',
      'cluster "migration-eks-cluster-renewed-us-east-2" from the stack\'s export does not exist',
    ])
  })

  test('reports the next step when credentials expire; the next run waits for no other stack', async () => {
    const running = await begin('ended')
    sandbox.setCredentials('expired')
    expectRefused(await running.result, 1, [
      /error: cloudformation:DescribeStack\w+: The security token included in the request is expired/,
      '→ renew the AWS credentials',
      /✘ Stack /,
      '--deploy-create-vpc-cfn --stack-name MA-ended --stage ended',
    ])
    sandbox.setCredentials('ok')
    expectRefused(await run(deploying('ended')), 3, [
      'stack "MA-ended" is in state CREATE_IN_PROGRESS',
      '→ wait until the operation in progress ends',
    ])
    await setStackState(account, 'MA-ended', 'CREATE_COMPLETE')
    expectRefused(await run(deploying('ended')), 3, [
      /= Stack .* stack "MA-ended" is up to date/,
      "from the stack's export does not exist",
    ])
  })

  test('leaves the stack unchanged when it is interrupted', async () => {
    const running = await begin('left')
    running.kill('SIGINT')
    const { code, stderr } = await running.result
    expect(code, stderr).toBe(130)
    expect(stderr).toContain(
      'interrupted while waiting for stack "MA-left"; the operation continues',
    )
    expect(stderr).toContain('To continue, rerun it')
    expect(stderr).not.toContain('nothing was changed')
    expect(await stateOf(account, 'MA-left')).toBe('CREATE_IN_PROGRESS')
    expect(callsOf(made, 'cloudformation')).not.toHaveProperty('DeleteStack')
  })
})

const poll = { interval: 50, timeout: 60_000 }
const expired = `<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredToken</Code><Message>The security token included in the request is expired</Message></Error><RequestId>r</RequestId></ErrorResponse>`
