import { emptyTree, treeOf } from '../../../scripts/lib/model/values/values.ts'
import { resolveVersions } from '../../../scripts/lib/addons/prepare/resolve-versions.ts'
import { checkFlags } from '../../../scripts/lib/bootstrap/arguments.ts'
import { readDeployment } from '../../../scripts/lib/bootstrap/application/exports.ts'
import { parseMetadata } from '../../../scripts/lib/charts/chart/metadata.ts'
import { stableVersions } from '../../../scripts/lib/charts/fetch/versions.ts'
import { readOfKind } from '../../../scripts/lib/cli/command/kinds.ts'
import { parseSourceMirrors } from '../../../scripts/lib/mirror/sources/routes.ts'
import {
  apiVersionKind,
  kubeVersionKind,
  namespaceKind,
} from '../../../scripts/lib/model/names/kubernetes.ts'
import type { Result } from '../../../scripts/lib/model/problem.ts'
import { formatReference, parseReference } from '../../../scripts/lib/model/image/reference.ts'
import { parseEcrRegistry, parsePrefix } from '../../../scripts/lib/model/image/registry.ts'
import { parseAddonsValues } from '../../../scripts/lib/sources/values/addons-values.ts'
import { finish } from '../../../scripts/lib/steps/steps.ts'
import { parseCatalog } from '../../../scripts/lib/sources/catalog.ts'
import { parseChartsYaml } from '../../../scripts/lib/sources/charts-yaml.ts'
import { parseManifest } from '../../../scripts/lib/sources/manifest/parse.ts'
import { readUmbrellaCharts } from '../../../scripts/lib/sources/values/umbrella-values.ts'
import { surroundingsOf } from '../support/surroundings.ts'

/** A door through which a text of others becomes a value that ends up in an argument. */
export interface Door {
  /** The value, or nothing when the text is refused or passed over. */
  readonly read: (text: string) => Promise<string | undefined>
  /** Texts that have to come through as they are. */
  readonly honest: readonly string[]
  /** How an address that comes through begins. */
  readonly scheme?: RegExp
}

const chart = { name: 'app', version: '1.0.0', repository: 'https://x.io' }

function valueOf<T>(result: Result<T>): T | undefined {
  return result.ok ? result.value : undefined
}

function listed(key: string) {
  return async (text: string) => {
    const given = key === 'apiVersions' ? [text] : text
    const list = { charts: [{ ...chart, [key]: given }] }
    const read = parseChartsYaml({ file: 'charts.yaml', text: JSON.stringify(list) })
    return textAt(valueOf(read)?.charts[0], key)
  }
}

function inManifest(key: string) {
  return async (text: string) => {
    const manifest = { input: 'x', charts: [{ ...chart, group: 'g', relocation: {}, [key]: text }] }
    const read = parseManifest('m.json', JSON.stringify({ ...manifest, images: [] }))
    return textAt(valueOf(read)?.charts[0], key)
  }
}

function inUmbrella(key: string) {
  return async (text: string) => {
    const { name, ...entry } = { ...chart, [key]: text }
    const charts = Object.fromEntries([[name, entry]])
    return textAt(valueOf(readUmbrellaCharts(treeOf({ charts }), 'umbrella'))?.[0], key)
  }
}

function inAddons(written: string, key: string) {
  return async (text: string) => {
    const addon = { chart: 'app', repoUrl: 'https://x.io', [written]: text }
    const read = finish(
      parseAddonsValues({ file: 'v.yaml', text: JSON.stringify({ addons: [addon] }) }),
    )
    return textAt(valueOf(read)?.addons[0], key)
  }
}

function inCatalog(written: string, key: string) {
  return async (text: string) => {
    const entry = { chart: 'app', repository: 'oci://x.io', [written]: text }
    const read = parseCatalog({ file: 'c.yaml', text: JSON.stringify({ addons: [entry] }) })
    return textAt(valueOf(read)?.addons[0], key)
  }
}

function inChartFile(key: 'name' | 'version') {
  return async (text: string) => {
    try {
      const file = { name: 'app', version: '1.0.0', [key]: text }
      return parseMetadata(JSON.stringify(file), 'app')[key]
    } catch {
      return undefined
    }
  }
}

function flag(key: 'namespace' | 'stage' | 'stackName') {
  return async (text: string) => {
    const flags = { namespace: 'ma', stackName: 'MA', deployCreateVpcCfn: true, [key]: text }
    const judged = checkFlags(flags as never)
    return 'request' in judged ? judged.request.flags[key] : undefined
  }
}

function ofKind(kind: Parameters<typeof readOfKind>[0]) {
  return async (text: string) => {
    return valueOf(readOfKind(kind, text))
  }
}

function exported(variable: string, key: 'cluster' | 'ecrRegistry' | 'region' | 'stage') {
  return async (text: string) => {
    const settings = {
      MIGRATIONS_EKS_CLUSTER_NAME: 'c',
      MIGRATIONS_ECR_REGISTRY: 'r.io/x',
      SNAPSHOT_ROLE: 'arn:aws:iam::123456789012:role/s',
    }
    return valueOf(readDeployment('e', { ...settings, [variable]: text }))?.[key]
  }
}

/** A session in which a registry lists these tags, and an index these versions. */
function published(tags: readonly string[]) {
  const { signal } = new AbortController()
  const session = {
    signal,
    run: async (command: object) => ({ command, ok: true, stdout: tags.join('\n'), stderr: '' }),
    crane: async () => ({ path: '/crane' }),
    surroundings: { crane: surroundingsOf({}) },
    notice: () => undefined,
  }
  const versions = tags.map((version) => ({ version, url: 'https://x.io/a.tgz' }))
  const acquirer = {
    index: async () => ({ ok: true, value: { versionsOf: () => versions, names: [] } }),
  }
  return { session: session as never, acquirer: acquirer as never }
}

function newestOf(repository: string) {
  return async (text: string) => {
    const { session, acquirer } = published([text])
    return valueOf(await stableVersions({ name: 'app', repository }, acquirer, session))?.[0]
  }
}

async function resolved(version: string): Promise<string | undefined> {
  const addon = {
    name: 'app',
    repository: 'oci://x.io/a',
    release: 'app',
    values: emptyTree(),
    path: 'a',
  }
  const { session, acquirer } = published([version])
  const answer = await resolveVersions(
    [{ ...addon, version, file: 'v.yaml' }],
    false,
    acquirer,
    session,
  )
  return answer.resolved[0]?.version
}

function textAt(value: unknown, key: string): string | undefined {
  const found: unknown = Object(value)[key]
  const text = Array.isArray(found) ? found[0] : found
  return typeof text === 'string' ? text : undefined
}

const names = ['argo-cd', 'App_2.x', 'kube-prometheus-stack']
const versions = ['1.2.3', 'v1.2.3', '1.2.3+build', '1.2.3-rc.1+x', '0.0.1']
const repositories = ['https://x.io/charts', 'http://x.io:8080/a', 'oci://x.io/a']
const namespaces = ['kube-system', 'ns1']
const releases = ['argo-cd', 'a.b-c', 'x1']
const scheme = /^(?:https?|oci):\/\/[^/-]/

/** Every door, with what is read there. */
export const doors: Readonly<Record<string, Door>> = {
  'charts.yaml: name': { read: listed('name'), honest: names },
  'charts.yaml: version': { read: listed('version'), honest: versions },
  'charts.yaml: published': { read: listed('published'), honest: versions },
  'charts.yaml: repository': { read: listed('repository'), honest: repositories, scheme },
  'charts.yaml: kubeVersion': { read: listed('kubeVersion'), honest: ['1.31', 'v1.31.0'] },
  'charts.yaml: apiVersions': { read: listed('apiVersions'), honest: ['v1', 'a.io/v1/Kind'] },
  'charts.yaml: namespace': { read: listed('namespace'), honest: namespaces },
  'manifest: name': { read: inManifest('name'), honest: names },
  'manifest: version': { read: inManifest('version'), honest: versions },
  'manifest: published': { read: inManifest('published'), honest: versions },
  'manifest: repository': { read: inManifest('repository'), honest: repositories, scheme },
  'umbrella: name': { read: inUmbrella('name'), honest: names },
  'umbrella: version': { read: inUmbrella('version'), honest: versions },
  'umbrella: repository': { read: inUmbrella('repository'), honest: repositories, scheme },
  'umbrella: namespace': { read: inUmbrella('namespace'), honest: namespaces },
  'add-ons: chart': { read: inAddons('chart', 'name'), honest: names },
  'add-ons: repository': { read: inAddons('repoUrl', 'repository'), honest: repositories, scheme },
  'add-ons: release': { read: inAddons('releaseName', 'release'), honest: releases },
  'add-ons: namespace': { read: inAddons('namespace', 'namespace'), honest: namespaces },
  'add-ons: version': { read: resolved, honest: versions },
  'catalog: chart': { read: inCatalog('chart', 'name'), honest: names },
  'catalog: repository': {
    read: inCatalog('repository', 'repository'),
    honest: repositories,
    scheme,
  },
  'catalog: oci_namespace': {
    read: inCatalog('oci_namespace', 'repository'),
    honest: [],
    scheme,
  },
  'catalog: release': { read: inCatalog('release', 'release'), honest: releases },
  'catalog: namespace': { read: inCatalog('namespace', 'namespace'), honest: namespaces },
  'Chart.yaml: name': { read: inChartFile('name'), honest: names },
  'Chart.yaml: version': { read: inChartFile('version'), honest: [...versions, '1.2', 'v1'] },
  'index: version': { read: newestOf('https://x.io'), honest: ['1.2.3', 'v1.2.3', '1.2.3+build'] },
  'tags: version': { read: newestOf('oci://x.io/a'), honest: ['1.2.3', 'v1.2.3'] },
  '--kube-version': { read: ofKind(kubeVersionKind), honest: ['1.31', 'v1.29.3-eks-adc7111'] },
  '--api-versions': { read: ofKind(apiVersionKind), honest: ['monitoring.coreos.com/v1'] },
  '--namespace': { read: ofKind(namespaceKind), honest: namespaces },
  'bootstrap --namespace': { read: flag('namespace'), honest: ['ma'] },
  'bootstrap --stage': { read: flag('stage'), honest: ['dev', 'prod-2'] },
  'bootstrap --stack-name': { read: flag('stackName'), honest: ['MA-Prod'] },
  'export: cluster': {
    read: exported('MIGRATIONS_EKS_CLUSTER_NAME', 'cluster'),
    honest: ['migration-eks-cluster_dev'],
  },
  'export: registry': {
    read: exported('MIGRATIONS_ECR_REGISTRY', 'ecrRegistry'),
    honest: ['123456789012.dkr.ecr.us-east-2.amazonaws.com/migration-ecr-dev'],
  },
  'export: region': { read: exported('AWS_CFN_REGION', 'region'), honest: ['us-gov-west-1'] },
  'export: stage': { read: exported('STAGE', 'stage'), honest: ['dev'] },
  reference: {
    read: async (text) => {
      const parsed = valueOf(parseReference(text))
      return parsed && formatReference(parsed)
    },
    honest: ['quay.io/a/b:1.0', 'r.io:5000/a@sha256:'.concat('a'.repeat(64))],
  },
  registry: {
    read: async (text) => valueOf(parseEcrRegistry(text))?.host,
    honest: ['123456789012.dkr.ecr.us-east-2.amazonaws.com'],
  },
  '--prefix': { read: async (text) => valueOf(parsePrefix(text)) || undefined, honest: ['a/b'] },
  '--source-mirror': {
    read: async (text) => valueOf(parseSourceMirrors([`quay.io=${text}`]))?.get('quay.io')?.[0],
    honest: ['mirror.gcr.io', 'r.io/hub'],
  },
}
