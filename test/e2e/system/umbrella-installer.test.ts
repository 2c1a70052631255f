import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { describe, expect, test } from 'vitest'
import { run } from '../../../scripts/lib/tools/process/exec.ts'
import { surroundingsOf } from '../../unit/support/surroundings.ts'
import { makeTempFolder } from '../../unit/support/temp-folder.ts'
import { helm } from '../support/tools.ts'
import { umbrellaFolder, valuesEks } from '../support/charts/umbrella-charts.ts'

// The umbrella's installer job, run here with a helm and an aws that only record their calls.

const account = ['aws.region=us-east-2', 'aws.account=111122223333']

interface Job {
  readonly metadata: { readonly name: string }
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: readonly { args: string[] }[] } }
  }
}

/** The script of one of the umbrella's jobs, with these settings. */
async function scriptOf(job: string, settings: readonly string[] = []): Promise<string> {
  const sets = [...account, ...settings].flatMap((setting) => ['--set', setting])
  const args = ['template', 'ma', umbrellaFolder, '--namespace', 'ma', '-f', valuesEks, ...sets]
  const { ok, stdout, stderr } = await run({ tool: helm, args }, surroundingsOf())
  expect(ok, stderr).toBe(true)
  const jobs = parseAllDocuments(stdout).map((document) => document.toJS() as Job | null)
  const found = jobs.find((one) => one?.metadata.name === `ma-${job}`)
  return found?.spec.template.spec.containers[0]?.args[0] ?? ''
}

interface Outcome {
  readonly code: number | null
  readonly stderr: string
  /** What helm and aws were called with, in order. */
  readonly calls: readonly string[]
  /** The values that helm was given, by release. */
  readonly values: (release: string) => string
}

/** Runs a script; helm fails where one of its calls matches the pattern. */
function runScript(script: string, env: Record<string, string>, failing = '^$'): Outcome {
  const folder = makeTempFolder()
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  const write = (name: string, text: string) =>
    writeFileSync(join(bin, name), `#!/bin/bash\n${text}`, { mode: 0o755 })
  write(
    'helm',
    `call="helm $*"
echo "$call" >> '${folder}/calls'
if [ "$1" = registry ]; then
  call="password $(cat)"
  echo "$call" >> '${folder}/calls'
fi
if [ "$2" = --install ]; then
  until [ "$1" = --values ]; do release=\${release:-$3}; shift; done
  cp "$2" "${folder}/values-$release"
fi
[[ ! $call =~ $FAILING ]]
`,
  )
  write('aws', `echo "aws $*" >> '${folder}/calls'\necho from-aws\n`)
  const { status, stderr } = spawnSync('bash', ['-c', script], {
    encoding: 'utf8',
    env: {
      PATH: [bin, process.env['PATH'] ?? ''].join(delimiter),
      TMPDIR: folder,
      RELEASE: 'ma',
      AWS_REGION: 'us-east-2',
      FAILING: failing,
      ...env,
    },
  })
  return {
    code: status,
    stderr,
    calls: readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n'),
    values: (release) => readFileSync(join(folder, `values-${release}`), 'utf8'),
  }
}

const registry = { ECR_REGISTRY: '111122223333.dkr.ecr.us-east-2.amazonaws.com' }

describe('the installer job', () => {
  test('installs every enabled chart, kyverno first, and each chart after its dependencies', async () => {
    const { code, stderr, calls, values } = runScript(await scriptOf('installer'), {})
    expect(code, stderr).toBe(0)
    const names = calls.map((call) => / --install (\S+)/.exec(call)?.[1] ?? '')
    expect(names[0]).toBe('kyverno')
    expect(names.toSorted()).toEqual([
      'argo-workflows',
      'cert-manager',
      'etcd-operator',
      'fluent-bit',
      'kyverno',
      'opentelemetry-operator',
    ])
    expect(names.indexOf('etcd-operator')).toBeGreaterThan(names.indexOf('cert-manager'))
    expect(values('argo-workflows')).toBe('images:\n  tag: v3.7.9')
  })

  test('passes the repository, version, namespace, timeout and values of each chart to helm', async () => {
    const { calls } = runScript(await scriptOf('installer'), {})
    const call = (name: string) =>
      calls.find((one) => one.includes(`--install ${name} `))?.replace(/--values \S+ /, '')
    expect(call('cert-manager')).toBe(
      'helm upgrade --install cert-manager cert-manager --repo https://charts.jetstack.io --version 1.17.2 --namespace cert-manager --create-namespace --wait --timeout 240s --set global.managedBy=ma',
    )
    expect(call('etcd-operator')).toBe(
      'helm upgrade --install etcd-operator oci://ghcr.io/aenix-io/charts/etcd-operator --version 0.4.2 --namespace etcd-operator-system --create-namespace --timeout 300s --set global.managedBy=ma',
    )
    expect(call('fluent-bit')).toContain(' --namespace ma ')
  })

  test('pulls a chart from the registry of an override', async () => {
    const repository = `oci://${registry.ECR_REGISTRY}/charts/cert-manager`
    const script = await scriptOf('installer', [
      `charts.cert-manager.repository=${repository}`,
      'charts.cert-manager.version=v1.17.2',
    ])
    const { calls } = runScript(script, registry)
    expect(calls.slice(0, 2).toSorted()).toEqual([
      'aws ecr get-login-password --region us-east-2',
      `helm registry login --username AWS --password-stdin ${registry.ECR_REGISTRY}`,
    ])
    expect(calls).toContain('password from-aws')
    expect(calls.join('\n')).toContain(`--install cert-manager ${repository} --version v1.17.2 `)
  })

  test('logs in if it has a token', async () => {
    const { calls } = runScript(await scriptOf('installer'), { ...registry, ECR_AUTH_TOKEN: 'own' })
    expect(calls).toContain('password own')
    expect(calls.join('\n')).not.toContain('get-login-password')
  })

  test('installs nothing when it cannot log in', async () => {
    const { code, stderr, calls } = runScript(await scriptOf('installer'), registry, '^password')
    expect(code).toBe(1)
    expect(stderr).toContain(`cannot log in to ${registry.ECR_REGISTRY}`)
    expect(calls.join('\n')).not.toContain('--install')
  })

  test('names every chart that fails, and the charts that depend on it', async () => {
    const script = await scriptOf('installer')
    const failing = '--install (cert-manager|fluent-bit) '
    const { code, stderr, calls } = runScript(script, {}, failing)
    expect(code).toBe(1)
    expect(stderr).toContain('etcd-operator: not installed, because cert-manager failed')
    expect(stderr).toContain(
      'charts that could not be installed: cert-manager etcd-operator fluent-bit opentelemetry-operator',
    )
    expect(calls.join('\n')).toContain('--install argo-workflows')
    expect(calls.join('\n')).not.toContain('--install etcd-operator')
  })

  test('installs nothing else if kyverno fails', async () => {
    const { code, stderr, calls } = runScript(await scriptOf('installer'), {}, 'kyverno')
    expect(code).toBe(1)
    expect(stderr).toContain('chart kyverno failed')
    expect(calls).toHaveLength(1)
  })
})

describe('the uninstaller job', () => {
  test('removes the installed charts, kyverno last', async () => {
    const { code, stderr, calls } = runScript(await scriptOf('uninstaller'), {})
    expect(code, stderr).toBe(0)
    expect(calls).toEqual([
      'helm uninstall opentelemetry-operator --ignore-not-found --namespace ma',
      'helm uninstall fluent-bit --ignore-not-found --namespace ma',
      'helm uninstall etcd-operator --ignore-not-found --namespace etcd-operator-system',
      'helm uninstall cert-manager --ignore-not-found --namespace cert-manager',
      'helm uninstall argo-workflows --ignore-not-found --namespace ma',
      'helm uninstall kyverno --ignore-not-found --namespace kyverno',
    ])
  })
})
