import { describe, expect, it } from 'vitest'
import {
  change,
  nameCaller,
  openChecklist,
  renderChecklist,
} from '../../../scripts/lib/bootstrap/checklist.ts'
import { pipeline } from '../../../scripts/lib/bootstrap/pipeline.ts'
import { planSteps, renderSteps } from '../../../scripts/lib/bootstrap/plan.ts'
import { checkFlags } from '../../../scripts/lib/bootstrap/arguments.ts'
import { listMessage, ProblemError } from '../../../scripts/lib/model/problem.ts'
import { parseBootstrap } from '../support/bootstrap.ts'
import { fakeTerminal } from '../support/texts/terminal.ts'

async function plan(line: string) {
  const judged = checkFlags(await parseBootstrap(line))
  if (!('request' in judged)) throw new Error('the flags are refused')
  return planSteps(judged.request)
}

describe('The plan', () => {
  const always = [
    'identity',
    'artifacts',
    'settings',
    'cluster',
    'values',
    'release',
    'dashboards',
    'console',
  ]
  const create = '--deploy-create-vpc-cfn --stack-name MA'
  const imported = '--deploy-import-vpc-cfn --stack-name MA --vpc-id vpc-0a --subnet-ids subnet-0a'
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['skip-CFN', '--skip-cfn-deploy', [...always, 'node-pool', 'endpoints']],
    ['create-VPC', create, [...always, 'stack', 'node-pool', 'endpoints']],
    ['import-VPC', imported, [...always, 'subnets', 'stack', 'node-pool', 'endpoints']],
    ['import-VPC without checks', `${imported} --ignore-checks`, [...always, 'stack', 'node-pool']],
    [
      'a mirror',
      '--skip-cfn-deploy --push-all-images-to-private-ecr',
      [...always, 'node-pool', 'endpoints', 'mirror', 'proof'],
    ],
    [
      'builds',
      `${create} --build-cfn --build-images --build-chart-and-dashboards`,
      [...always, 'build-templates', 'stack', 'endpoints', 'build-images'],
    ],
    [
      'access and a pool that goes off',
      '--skip-cfn-deploy --disable-general-purpose-pool --eks-access-principal-arn arn:aws:iam::123456789012:role/A',
      [...always, 'access', 'node-pool', 'endpoints', 'node-pool-off'],
    ],
  ]
  it.each(cases)('%s has its steps, in order', async (_, line, expected) => {
    const wanted = pipeline.map(({ id }) => id).filter((id) => expected.includes(id))
    expect((await plan(line)).map(({ id }) => id)).toStrictEqual(wanted)
  })
  it('says what each step would do with these flags', async () => {
    const lines = renderSteps(await plan(`${imported} --stage prod --create-vpc-endpoints s3,ecr`))
    expect(lines.join('\n')).toContain(
      'Stack (may change something)\n    create or update stack "MA" with Stage=prod VPCId=vpc-0a VPCSubnetIds=subnet-0a CreateS3Endpoint=true CreateECREndpoint=true',
    )
  })
  it.each([
    ['--skip-cfn-deploy', 'fetch and verify the chart and the dashboards of release latest'],
    [
      '--skip-cfn-deploy --ma-chart-dir x --version 2.6.4',
      'fetch and verify the dashboards of release 2.6.4',
    ],
    [
      `${create} --version 2.6.4 --build-chart-and-dashboards`,
      'fetch and verify the template of release 2.6.4',
    ],
  ])('%s: %s', async (line, expected) => {
    expect(renderSteps(await plan(line)).join('\n')).toContain(expected)
  })
})

function problem(kind: 'conflict' | 'access-denied' | 'network') {
  return new ProblemError({ kind, side: 'target', message: 'no' })
}

describe('The checklist', () => {
  const steps = [
    { id: 'identity', title: 'Account', does: 'ask', changes: false },
    { id: 'stack', title: 'Stack', does: 'deploy', changes: true },
    { id: 'release', title: 'Release', does: 'install', changes: true },
  ] as const

  it('tells every step while it runs, and sums up what is done and what is not', async () => {
    const { terminal, text } = fakeTerminal()
    const checklist = openChecklist(steps, terminal.print)
    await checklist.run('identity', async (step) => step.done('it is me'))
    expect(checklist.mayHaveChanged()).toBe(false)
    const failing = checklist.run('stack', async (step) => {
      step.changing()
      step.wait('CREATE_IN_PROGRESS', 61_000)
      const words = listMessage('too long', ['more'])
      throw new ProblemError({ kind: 'timeout', side: 'target', ...words })
    })
    await expect(failing).rejects.toThrow('too long')
    expect(text()).toBe(
      '[1/3] Account: ask\n      ✔ it is me\n[2/3] Stack: deploy\n      … CREATE_IN_PROGRESS (1 min 1 s)\n',
    )
    expect(checklist.records().map(({ status }) => status)).toStrictEqual([
      'done',
      'failed',
      'left',
    ])
    expect(checklist.mayHaveChanged()).toBe(true)
    expect(renderChecklist(checklist.records()).join('\n')).toMatch(
      /✔ Account +0.0 s +it is me\n✘ Stack +0.0 s +too long\n– Release +not run/,
    )
  })
  it.each([
    [
      'its headline',
      listMessage('no subnets; existing ones', ['a', 'b']),
      /no subnets; existing ones$/,
    ],
    ['all of a message without one, in one line', { message: 'a:\nb' }, /a:\\nb$/],
  ])('sums up a failed step with %s', async (_, words, expected) => {
    const checklist = openChecklist(steps, () => undefined)
    const error = new ProblemError({ kind: 'unknown', side: 'target', ...words })
    await expect(checklist.run('identity', () => Promise.reject(error))).rejects.toBe(error)
    expect(renderChecklist(checklist.records())[0]).toMatch(expected)
  })
  it('refuses a step that the plan does not have next', async () => {
    const checklist = openChecklist(steps, () => undefined)
    await expect(checklist.run('stack', async () => undefined)).rejects.toThrow(
      'is not the next step of the plan',
    )
  })
  it('a step without changes leaves nothing changed', async () => {
    const checklist = openChecklist(steps, () => undefined)
    await checklist.run('identity', async (step) => step.done(''))
    await checklist.run('stack', async (step) => step.unchanged('as requested'))
    expect(checklist.mayHaveChanged()).toBe(false)
  })

  const failures: readonly (readonly [string, boolean, Error, boolean])[] = [
    ['what fails while it only looks has changed nothing', false, problem('conflict'), false],
    ['a call that is refused has changed nothing', true, problem('access-denied'), false],
    ['a call without an answer may have changed something', true, problem('network'), true],
    ['nobody knows what a bug has changed', false, new Error('a bug'), true],
  ]
  it.each(failures)('%s', async (_, isCall, error, expected) => {
    const checklist = openChecklist(steps, () => undefined)
    await checklist.run('identity', async (step) => step.done(''))
    const fail = () => Promise.reject(error)
    const failing = checklist.run('stack', (step) => (isCall ? change(step, fail) : fail()))
    await expect(failing).rejects.toBe(error)
    expect(checklist.mayHaveChanged()).toBe(expected)
  })
})

it('a refusal names the caller when AWS’s words do not', () => {
  const base = { kind: 'access-denied', side: 'target' } as const
  const arn = 'arn:aws:iam::123456789012:user/me'
  const named = nameCaller(
    [
      { ...base, message: 'no' },
      { ...base, message: `${arn} may not` },
    ],
    arn,
  )
  expect(named.map(({ message }) => message)).toStrictEqual([
    `no (the caller is ${arn})`,
    `${arn} may not`,
  ])
})
