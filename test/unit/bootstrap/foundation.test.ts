import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { dashboards } from '../../../scripts/lib/bootstrap/application/dashboard-text.ts'
import type { BootstrapRequest } from '../../../scripts/lib/bootstrap/arguments.ts'
import { openChecklist } from '../../../scripts/lib/bootstrap/checklist.ts'
import type { Account, BootstrapDoors } from '../../../scripts/lib/bootstrap/doors.ts'
import { type Findings, having } from '../../../scripts/lib/bootstrap/findings.ts'
import type { BootstrapJob } from '../../../scripts/lib/bootstrap/job.ts'
import { pipeline, runSteps } from '../../../scripts/lib/bootstrap/pipeline.ts'
import { planSteps } from '../../../scripts/lib/bootstrap/plan.ts'
import { failure, type Problem, toResult } from '../../../scripts/lib/model/problem.ts'
import { emptyTree } from '../../../scripts/lib/model/tree/tree.ts'
import { parseBootstrap } from '../support/bootstrap.ts'
import { makeTempFolder } from '../support/temp-folder.ts'

/** What a test provides for; everything else is an error. */
function only<T extends object>(given: Partial<T>): T {
  return new Proxy(given, {
    get: (target, key) => {
      if (key in target) return Reflect.get(target, key) as unknown
      throw new Error(`unexpected use of "${String(key)}"`)
    },
  }) as T
}

function makeChart(): string {
  const folder = join(makeTempFolder(), 'chart')
  mkdirSync(folder)
  writeFileSync(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: ma\nversion: 1.0.0\n')
  for (const { file } of dashboards) writeFileSync(join(folder, file), '{}')
  return folder
}

const account = '123456789012'
const registryIn = (region: string, owner = account) =>
  `${owner}.dkr.ecr.${region}.amazonaws.com/migrations`

interface Settings {
  readonly ecrRegistry?: string
  readonly region?: string
  readonly account?: string
  readonly role?: string
  /** The images are built and pushed. */
  readonly images?: boolean
}

/** The steps up to the one that reads the deployment's settings. */
const foundationSteps = pipeline.slice(0, pipeline.findIndex(({ id }) => id === 'settings') + 1)

/** A named release is used although its site does not answer. */
const offline: Problem = { kind: 'network', side: 'source', message: 'offline' }

/** Runs these steps against an account that exports these settings. */
async function layOn({
  ecrRegistry = registryIn('us-east-2'),
  region,
  account: exported,
  role = `arn:aws:iam::${account}:role/snapshots`,
  images = true,
}: Settings) {
  const value = [
    'export MIGRATIONS_EKS_CLUSTER_NAME=cluster',
    `export MIGRATIONS_ECR_REGISTRY=${ecrRegistry}`,
    `export SNAPSHOT_ROLE=${role}`,
    ...(region === undefined ? [] : [`export AWS_CFN_REGION=${region}`]),
    ...(exported === undefined ? [] : [`export AWS_ACCOUNT=${exported}`]),
  ].join('; ')
  const opened: string[] = []
  const closed: string[] = []
  const { signal } = new AbortController()
  const openAccount = (name: string): Account => {
    opened.push(name)
    return only<Account>({
      region: name,
      identity: async () => ({ account, arn: `arn:aws:iam::${account}:user/u` }),
      stacks: only<Account['stacks']>({
        exports: async () => [{ name: 'MigrationsExportString-dev-us-east-2', value }],
      }),
      close: () => void closed.push(name),
    })
  }
  const request: BootstrapRequest = {
    deploy: { kind: 'skip' },
    build: { cfn: false, images, chart: false },
    mirror: false,
    flags: {
      ...(await parseBootstrap('--skip-cfn-deploy')),
      maChartDir: makeChart(),
      version: '3.2.1',
    },
  }
  let findings: Findings = {}
  const job = only<BootstrapJob>({
    request,
    userValues: emptyTree(),
    checkout: undefined,
    stateRoot: makeTempFolder(),
    session: only<BootstrapJob['session']>({
      http: only<BootstrapJob['session']['http']>({ get: async () => failure(offline) }),
      notice: () => undefined,
    }),
    context: only<BootstrapJob['context']>({ env: { AWS_REGION: 'us-east-2' }, signal }),
    doors: only<BootstrapDoors>({ openAccount }),
  })
  const checklist = openChecklist(planSteps(request), () => undefined)
  const running = runSteps(foundationSteps, job, checklist, (known) => {
    findings = known
  })
  const result = await toResult(running.then(() => having(findings, 'foundation').foundation))
  const statuses = checklist.records().map(({ status }) => status)
  return { result, opened, closed, findings, statuses }
}

describe('The foundation of a bootstrap', () => {
  it('is an account, a deployment, and its registry as a value', async () => {
    const { result, opened, findings } = await layOn({})
    expect(result).toMatchObject({
      ok: true,
      value: {
        deployment: { cluster: 'cluster', registryHost: registryIn('us-east-2').split('/')[0] },
        registry: { account, region: 'us-east-2' },
        stage: 'dev',
      },
    })
    expect(opened).toStrictEqual(['us-east-2'])
    expect(findings.identity?.arn).toBe(`arn:aws:iam::${account}:user/u`)
  })

  it('is in the region that the deployment exports, and both accounts are closed at the end', async () => {
    const { result, opened, closed } = await layOn({ region: 'eu-west-1' })
    expect(result.ok && result.value.account.region).toBe('eu-west-1')
    expect([opened, closed]).toStrictEqual([
      ['us-east-2', 'eu-west-1'],
      ['eu-west-1', 'us-east-2'],
    ])
  })

  it.each([
    [
      'a deployment of another account',
      { account: '999999999999' },
      'is for account "999999999999"',
    ],
    [
      'a registry of another account',
      { ecrRegistry: registryIn('us-east-2', '999999999999') },
      'the credentials belong to account',
    ],
    [
      'a registry that is none of ECR',
      { ecrRegistry: 'registry.example.com/migrations' },
      'not a private ECR registry',
    ],
    [
      'a registry that is none of ECR, also if nothing is pushed',
      { ecrRegistry: 'evil.example:443/x', images: false },
      'not a private ECR registry',
    ],
    [
      'a registry of another account, also if nothing is pushed',
      { ecrRegistry: registryIn('us-east-2', '999999999999'), images: false },
      'the credentials belong to account',
    ],
    [
      'a snapshot role of another account',
      { role: 'arn:aws:iam::999999999999:role/evil' },
      'names snapshot role "arn:aws:iam::999999999999:role/evil", but the credentials belong to',
    ],
  ])('refuses %s before anything is changed', async (_, settings, words) => {
    const { result, opened, closed, findings, statuses } = await layOn(settings)
    expect(result).toMatchObject({ ok: false, problem: { kind: 'invalid-input', side: 'input' } })
    expect(!result.ok && result.problem.message).toContain(words)
    expect([closed.toReversed(), findings.foundation]).toStrictEqual([opened, undefined])
    expect(statuses.slice(0, 4)).toStrictEqual(['done', 'done', 'failed', 'left'])
  })
})
