import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { plainChart } from '../support/charts/addon-charts.ts'
import { openAddonsDesk, startAddons } from '../support/charts/addons.ts'
import { recordTools, type ToolCall } from '../support/recorded-tools.ts'
import { relocate, writeChart } from '../support/charts/relocating.ts'
import type { World } from '../support/world.ts'

// A crane and a helm that record their input, on the PATH of a user whose environment is full of secrets.
const registry = 'oci://ghcr.io/example/charts'
const secret = 'do-not-pass-this-on'
const secrets = Object.fromEntries(
  ['GITHUB_TOKEN', 'NPM_TOKEN', 'VAULT_TOKEN', 'DOCKERHUB_TOKEN', 'FOO_SECRET', 'KUBECONFIG']
    .concat(['HELM_DRIVER', 'HELM_KUBETOKEN', 'DOCKER_AUTH_CONFIG', 'REGISTRY_AUTH_FILE'])
    .map((name) => [name, secret]),
)

/** All that crane and helm may be given. */
const allowed =
  `PATH TMPDIR HOME TZ LC_ALL HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy https_proxy no_proxy
  SSL_CERT_FILE SSL_CERT_DIR DOCKER_CONFIG HELM_REGISTRY_CONFIG HELM_CONFIG_HOME HELM_CACHE_HOME HELM_DATA_HOME
  HELM_NO_PLUGINS KUBECACHEDIR`.split(/\s+/)

let world: World
let calls: ToolCall[]

beforeAll(async () => {
  const published = [
    { repository: registry, files: plainChart('thing', '1.4.2', 'quay.io/example/app:1.2.3') },
  ]
  world = await startAddons(['keda'], published, ['quay.io/example/app:1.2.3'])
  const desk = await openAddonsDesk(world, 'desk')
  const tools = await recordTools(world, 'recorded')
  // Without a version the tags are listed, by crane.
  await desk.write('values.yaml', stringify({ thing: { chart: 'thing', repository: registry } }))
  const done = await desk.sync([], { ...secrets, PATH: tools.path })
  expect(done.code, done.stderr).toBe(0)
  calls = await tools.calls()
})
afterAll(() => world.close())

const isVersion = ({ args }: ToolCall) => args[0] === 'version'

describe('a tool that ecr-airlift runs', () => {
  test('was run for everything: versions, tags, pulls, renders, copies and pushes', () => {
    const kinds = new Set(calls.map(({ tool, args }) => `${tool} ${args[0] ?? ''}`))
    expect([...kinds].toSorted()).toEqual([
      'crane copy',
      'crane ls',
      'crane version',
      'helm pull',
      'helm push',
      'helm template',
      'helm version',
    ])
  })

  test('sees no secrets of the user, and only the variables that it needs', () => {
    for (const { env } of calls) {
      expect(Object.keys(env).filter((name) => !allowed.includes(name))).toEqual([])
      const text = JSON.stringify(env)
      expect(text).not.toContain(secret)
      expect(text).not.toContain(world.env['AWS_SECRET_ACCESS_KEY'])
    }
  })

  test('sees only PATH when it prints its version', () => {
    const probes = calls.filter(isVersion)
    for (const { env } of probes) expect(Object.keys(env).toSorted()).toEqual(['HOME', 'PATH'])
  })

  test('runs in an empty folder, with a home that is not the user’s', () => {
    for (const { cwd, beside, env } of calls) {
      expect(beside).toEqual([])
      expect(cwd).toMatch(/ecr-airlift-/)
      expect(env['HOME']).toMatch(/ecr-airlift-/)
      expect(env['DOCKER_CONFIG']).not.toBe(cwd)
    }
  })

  test('keeps the network settings', () => {
    for (const { env } of calls.filter((call) => !isVersion(call))) {
      expect(env).toMatchObject({
        HTTPS_PROXY: world.env['HTTPS_PROXY'],
        https_proxy: world.env['https_proxy'],
        SSL_CERT_FILE: world.env['SSL_CERT_FILE'],
      })
    }
  })

  test('is given what is not a flag behind "--"', () => {
    for (const { args } of calls.filter((call) => !isVersion(call))) {
      expect(args).toContain('--')
      const flags = args.slice(1, args.indexOf('--'))
      expect(flags.filter((word) => !word.startsWith('--'))).toEqual([])
    }
  })
})

describe('a variable that shells would act on', () => {
  test('is in no environment, and has no effect', async () => {
    const marker = join(await world.folderOf('bash'), 'executed')
    const chart = await writeChart(world, 'plain', {
      'values.yaml': 'image: quay.io/example/app:1.2.3\n',
      'templates/pod.yaml':
        'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { containers: [{ name: a, image: {{ .Values.image }} }] }\n',
    })
    const env = { BASH_ENV: `$(touch ${marker}; echo /dev/null)`, ZX_PREFIX: `touch ${marker};` }
    const done = await world.script('relocate-chart.ts', [world.registry, chart], { env })
    expect(done.code, done.stderr).toBe(0)
    await expect(readFile(marker)).rejects.toThrow('ENOENT')
    expect((await relocate(world, chart)).stdout).toBe(done.stdout)
  })
})
