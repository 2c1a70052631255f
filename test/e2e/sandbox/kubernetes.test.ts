import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eksToken } from '../../unit/support/servers/eks-token.ts'
import { workload } from '../../unit/support/servers/kube-api.ts'
import { writeKubeconfig } from '../support/bootstrap/cluster.ts'
import { findProgram, helm } from '../support/tools.ts'
import { startWorld, type World } from '../support/world.ts'

const cluster = 'airlift'
const namespace = 'ma'
const kubectl = await findProgram('kubectl')

/** A chart with one of each that a cluster treats in its own way. */
const chart = {
  'Chart.yaml': { apiVersion: 'v2', name: 'demo', version: '1.0.0' },
  'values.yaml': { tag: '1', job: 'prepare' },
  'crds/widgets.yaml': {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { kind: 'Widget', plural: 'widgets', singular: 'widget' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object' } },
        },
      ],
    },
  },
  'templates/widget.yaml': {
    apiVersion: 'example.com/v1',
    kind: 'Widget',
    metadata: { name: 'widget' },
  },
  'templates/settings.yaml': {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'settings' },
    data: { 'tag-{{ .Values.tag }}': 'yes' },
  },
  'templates/service.yaml': {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'balanced' },
    spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
  },
  'templates/claim.yaml': {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'claim' },
    spec: { accessModes: ['ReadWriteOnce'] },
  },
  'templates/web.yaml': workload('Deployment', 'web', 'registry/web:{{ .Values.tag }}', {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
  }),
  'templates/agents.yaml': workload('DaemonSet', 'agents', 'registry/agent:1', {
    selector: { matchLabels: { app: 'agents' } },
  }),
  'templates/console.yaml': workload('StatefulSet', 'migration-console', 'registry/console:1', {
    serviceName: 'balanced',
    selector: { matchLabels: { app: 'migration-console' } },
  }),
  'templates/prepare.yaml': {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: '{{ .Values.job }}',
      annotations: {
        'helm.sh/hook': 'pre-install,pre-upgrade',
        'helm.sh/hook-delete-policy': 'before-hook-creation',
      },
    },
    spec: {
      template: {
        spec: {
          restartPolicy: 'Never',
          containers: [{ name: 'main', image: 'registry/prepare:{{ .Values.tag }}' }],
        },
      },
    },
  },
}

let world: World
let chartFolder: string
let kubeconfig: string

beforeAll(async () => {
  world = await startWorld({ images: [], sandbox: { clusters: [{ name: cluster }] } })
  chartFolder = await world.folderOf('demo')
  for (const [path, document] of Object.entries(chart)) {
    await mkdir(dirname(join(chartFolder, path)), { recursive: true })
    await writeFile(join(chartFolder, path), JSON.stringify(document))
  }
  kubeconfig = await writeKubeconfig(world, cluster)
})
afterAll(() => world.close())

const runHelm = (...args: readonly string[]) =>
  world.tool(helm, ...args, '--namespace', namespace, '--kubeconfig', kubeconfig)

async function must(...args: readonly string[]): Promise<string> {
  const result = await runHelm(...args)
  expect(result.ok, `helm ${args.join(' ')}\n${result.stderr}`).toBe(true)
  return result.stdout
}

const podNames = () =>
  world.sandbox
    .kubernetes(cluster)
    .objects('Pod')
    .map(({ metadata }) => metadata.name)

describe('helm', () => {
  test.for([
    ['on the server, as it does by itself', ['--server-side=true', '--wait']],
    ['in the client', ['--server-side=false', '--wait']],
    ['and waits in the old way', ['--wait=legacy']],
  ] as const)('applies %s: it installs, upgrades, reads back and uninstalls', async ([, flags]) => {
    const kubernetes = world.sandbox.kubernetes(cluster)
    const install = [
      'install',
      'demo',
      chartFolder,
      '--create-namespace',
      '--labels',
      'kit=airlift',
    ]
    await must(...install, ...flags, '--timeout', '60s')
    expect(podNames()).toContain('migration-console-0')
    expect(podNames().filter((name) => name.startsWith('web-'))).toHaveLength(2)
    expect(kubernetes.objects('Widget')).toHaveLength(1)

    const setServerSide = flags.filter((flag) => flag !== '--server-side=true')
    await must(
      'upgrade',
      'demo',
      chartFolder,
      '--set',
      'tag=2',
      ...setServerSide,
      '--timeout',
      '60s',
    )
    expect(kubernetes.images()).toEqual([
      'registry/agent:1',
      'registry/console:1',
      'registry/prepare:1',
      'registry/prepare:2',
      'registry/web:1',
      'registry/web:2',
    ])
    expect(kubernetes.objects('ConfigMap')).toMatchObject([{ data: { 'tag-2': 'yes' } }])
    expect(kubernetes.objects('ConfigMap')[0]?.['data']).not.toHaveProperty('tag-1')

    expect(JSON.parse(await must('status', 'demo', '-o', 'json'))).toMatchObject({
      info: { status: 'deployed' },
      version: 2,
    })
    expect(JSON.parse(await must('get', 'values', 'demo', '-o', 'json'))).toEqual({ tag: 2 })
    expect(JSON.parse(await must('get', 'metadata', 'demo', '-o', 'json'))).toMatchObject({
      chart: 'demo',
      version: '1.0.0',
      revision: 2,
    })
    expect(JSON.parse(await must('list', '-l', 'kit=airlift', '-o', 'json'))).toMatchObject([
      { name: 'demo', revision: '2', status: 'deployed' },
    ])

    await must('uninstall', 'demo', '--wait', '--timeout', '60s')
    // Hooks do not belong to the release, and stay.
    expect(podNames()).toEqual([expect.stringMatching(/^prepare-/)])
    expect(kubernetes.objects('Secret')).toEqual([])
  })

  test('fails with the message of a hook Job that fails', async () => {
    world.sandbox.kubernetes(cluster).failJob('broken', 'there is no room\n')
    const install = ['install', 'broken', chartFolder, '--create-namespace', '--set', 'job=broken']
    const { ok, stderr } = await runHelm(...install, '--timeout', '60s')
    expect(ok).toBe(false)
    expect(stderr).toContain(`failed pre-install: resource Job/${namespace}/broken not ready`)
    expect(stderr).toContain('status: Failed')
    expect(JSON.parse(await must('status', 'broken', '-o', 'json'))).toMatchObject({
      info: { status: 'failed' },
    })
    await must('uninstall', 'broken')
  })

  test('gives up on a hook Job that hangs', async () => {
    world.sandbox.kubernetes(cluster).hangJob('slow')
    const { ok, stderr } = await runHelm(
      'install',
      'slow',
      chartFolder,
      '--set',
      'job=slow',
      '--timeout',
      '2s',
    )
    expect([ok, stderr]).toEqual([false, expect.stringContaining('context deadline exceeded')])
    await must('uninstall', 'slow')
  })

  test('is rejected with a token for another cluster', async () => {
    await world.write('token', eksToken({ cluster: 'other' }))
    const { ok, stderr } = await runHelm('list')
    await writeKubeconfig(world, cluster)
    expect([ok, stderr]).toEqual([false, expect.stringContaining('provide credentials')])
    expect(world.sandbox.kubernetes(cluster).tokenChecks().refused).toContainEqual(
      expect.stringContaining('the signature does not match'),
    )
  })
})

describe.skipIf(kubectl === undefined)('kubectl', () => {
  const runKubectl = async (...args: readonly string[]): Promise<string> => {
    const flags = ['--namespace', 'default', '--kubeconfig', kubeconfig]
    const result = await world.tool(kubectl ?? '', ...args, ...flags)
    expect(result.ok, `kubectl ${args.join(' ')}\n${result.stderr}`).toBe(true)
    return result.stdout
  }
  const applied = [
    workload('Deployment', 'plain', 'registry/plain:1', {
      selector: { matchLabels: { app: 'plain' } },
    }),
    workload('Job', 'once', 'registry/once:1'),
  ]

  test('applies, waits, reads, describes, shows logs and deletes', async () => {
    world.sandbox.kubernetes(cluster).passJob('once', 'done\n')
    const file = await world.write(
      'plain.yaml',
      applied.map((object) => JSON.stringify(object)).join('\n---\n'),
    )
    await runKubectl('apply', '-f', file)
    await runKubectl('apply', '--server-side', '--force-conflicts', '-f', file)
    await runKubectl('rollout', 'status', 'deployment/plain', '--timeout=30s')
    await runKubectl('wait', '--for=condition=complete', 'job/once', '--timeout=30s')
    expect(await runKubectl('get', 'all')).toContain('deployment.apps/plain')
    expect(await runKubectl('get', 'pods', '-l', 'app=plain', '-o', 'name')).toMatch(/^pod\/plain-/)
    expect(await runKubectl('describe', 'job', 'once')).toContain('Job completed')
    expect(await runKubectl('logs', 'job/once')).toBe('done\n')
    await runKubectl('delete', '-f', file, '--timeout=30s')
    expect(await runKubectl('get', 'pods', '-o', 'name')).toBe('')
  })
  test('creates a namespace and deletes it', async () => {
    await runKubectl('create', 'namespace', 'short')
    await runKubectl('delete', 'namespace', 'short', '--timeout=30s')
    expect(await runKubectl('get', 'namespaces', '-o', 'name')).not.toContain('short')
  })
})
