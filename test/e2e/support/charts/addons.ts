import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { SyncReport } from '../../../../scripts/lib/addons/sync/summary.ts'
import type { ScriptResult } from '../../../unit/support/run-script.ts'
import { type AddonChart, addonCharts } from './addon-charts.ts'
import { type Published, startPublished } from './published.ts'
import { imagesIn } from './render.ts'
import { crane, helm } from '../tools.ts'
import type { World } from '../world.ts'

/** A folder with an add-ons file, in which a user works. */
export interface AddonsDesk {
  readonly folder: string
  readonly at: (path: string) => string
  readonly write: (path: string, text: string) => Promise<string>
  /** Runs an entry in the folder, with the words of its command line as the documents write them. */
  readonly run: (
    script: string,
    args: readonly string[],
    env?: Readonly<Record<string, string | undefined>>,
  ) => Promise<ScriptResult>
  readonly sync: (
    args: readonly string[],
    env?: Readonly<Record<string, string | undefined>>,
  ) => Promise<ScriptResult>
}

export async function openAddonsDesk(world: World, name: string): Promise<AddonsDesk> {
  const folder = await world.folderOf(name)
  const own = { ECR_AIRLIFT_CACHE: await world.folderOf('cache') }
  const run: AddonsDesk['run'] = (script, args, env) =>
    world.script(script, args, { env: { ...own, ...env }, cwd: folder })
  return {
    folder,
    at: (path) => join(folder, path),
    write: (path, text) => world.write(`${name}/${path}`, text),
    run,
    sync: (args, env) => run('sync-addons.ts', args, env),
  }
}

/** A world with all charts or the given ones, and their images. */
export function startAddons(
  names: readonly (keyof typeof addonCharts)[] = Object.keys(addonCharts) as never,
  more: readonly Published[] = [],
  images: readonly string[] = [],
): Promise<World> {
  const charts = names.map((name): AddonChart => addonCharts[name])
  const pulled = charts.flatMap(({ places }) => Object.keys(places))
  return startPublished([...charts, ...more], [...new Set([...pulled, ...images])])
}

/** Returns the charts with the images and archives that a registry must have, as `<chart>/<place>:<tag>` by source. */
export function destinationsOf(name: keyof typeof addonCharts): Map<string, string> {
  const { places }: AddonChart = addonCharts[name]
  return new Map(
    Object.entries(places).map(([source, place]) => [
      source,
      `${name}/${place}:${source.slice(source.lastIndexOf(':') + 1)}`,
    ]),
  )
}

export function readReport({ stdout, stderr }: ScriptResult): SyncReport {
  expect(stdout, stderr).toMatch(/^\{/)
  return JSON.parse(stdout) as SyncReport
}

/** Returns the status of every add-on: `release: status`. */
export function statuses(result: ScriptResult): Record<string, string> {
  return Object.fromEntries(
    readReport(result).addons.map(({ release, status }) => [release, status]),
  )
}

/** Returns the images that helm alone renders from a chart: a folder, an archive, or `oci://…`. */
export async function renderedImages(
  world: World,
  chart: string,
  flags: readonly string[] = [],
): Promise<string[]> {
  const common = ['--include-crds', '--kube-version', '1.31.0']
  const rendered = await world.tool(helm, 'template', 'it', chart, ...common, ...flags)
  if (!rendered.ok) throw new Error(rendered.stderr)
  return imagesIn(rendered.stdout)
}

/** Returns the digest of a reference, as crane reads it. */
export async function digestOf(world: World, reference: string): Promise<string> {
  const asked = await world.tool(crane, 'digest', reference)
  return asked.ok ? asked.stdout.trim() : asked.stderr
}

/** Returns all files below a folder with their contents, in order. */
export async function filesBelow(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const paths = files.map(({ parentPath, name }) => join(parentPath, name)).toSorted()
  const contents = await Promise.all(paths.map((path) => readFile(path, 'latin1')))
  return new Map(paths.map((path, index) => [path.slice(folder.length + 1), contents[index] ?? '']))
}

/** An add-ons file with every supported spelling, 23 entries in all. */
export const addonsText = `# What the clusters run; rendered by a controller, so it has templates in it.
{{- $region := .Values.region }}
globals:
  region: '{{ .metadata.region }}'
addons:
  argocd:
    enabled: true
    chart: argo-cd
    repoUrl: https://argoproj.github.io/argo-helm
    targetRevision: 7.8.0
    releaseName: argocd
    namespace: argocd
    valuesObject:
      global:
        domain: 'argo.{{ .metadata.domain }}'
  argocd-staging:
    chart: argo-cd
    repoUrl: https://argoproj.github.io/argo-helm
    targetRevision: 7.8.0
    releaseName: argocd-staging
    valuesObject:
      global: { domain: staging.example.com }
  karpenter:
    chart: karpenter/karpenter
    repoUrl: public.ecr.aws
    targetRevision: "1.3.0"
    valuesObject:
      settings: { clusterName: '{{ .name }}', interruptionQueue: '{{ .name }}-queue' }
  karpenter-crd: { chart: karpenter-crd, repoUrl: public.ecr.aws/karpenter, targetRevision: 1.3.0 }
  ack-s3: { chart: 'oci://public.ecr.aws/aws-controllers-k8s/s3-chart', version: 1.0.21 }
  podinfo:
    enabled: false
    chart: podinfo
    repository: oci://ghcr.io/stefanprodan/charts
    targetRevision: '{{ .Values.podinfo.version }}'
  aws-load-balancer-controller:
    chart: aws-load-balancer-controller
    repository: https://aws.github.io/eks-charts
    version: 1.11.0
  aws-cloudwatch-metrics:
    enabled: false
    chart: aws-cloudwatch-metrics
    repository: https://aws.github.io/eks-charts/
    version: 0.0.11
  aws-for-fluent-bit:
    chart: aws-for-fluent-bit
    repository: https://aws.github.io/eks-charts
    version: 0.1.34
  monitoring:
    chart: kube-prometheus-stack
    repository: https://prometheus-community.github.io/helm-charts
    version: 69.3.1
    release: monitoring
    values:
      grafana: { image: { repository: docker.io/grafana/grafana } }
  velero:
    chart: velero
    repository: https://vmware-tanzu.github.io/helm-charts
    version: 8.3.0
    values:
      initContainers:
        - name: plugin
          image: velero/velero-plugin-for-aws:v1.11.1
          volumeMounts: [{ name: plugins, mountPath: /target }]
  grafana:
    chart: grafana
    repository: https://grafana.github.io/helm-charts
    targetRevision: 8.9.0
    valuesObject:
      image: { repository: docker.io/grafana/grafana }
  readme: { repoUrl: https://github.com/example/gitops, path: charts/readme }
{{- if .Values.more }}
  broken: { chart: broken }
{{- end }}
older:
  - addonChart: metrics-server
    addonChartRepository: https://kubernetes-sigs.github.io/metrics-server
    addonChartVersion: 3.12.2
  - addonChart: cluster-autoscaler
    addonChartRepository: https://kubernetes.github.io/autoscaler
    addonChartVersion: 9.45.0
    addonChartReleaseName: '{{ .autoscaler }}'
  - { addonChart: cert-manager, addonChartRepository: 'https://charts.jetstack.io', addonChartVersion: 1.17.2 }
  - { addonChart: external-dns, addonChartRepository: 'https://kubernetes-sigs.github.io/external-dns', addonChartVersion: 1.15.0 }
  - { addonChart: ingress-nginx, addonChartRepository: 'https://kubernetes.github.io/ingress-nginx', addonChartVersion: 4.12.0 }
  - { addonChart: keda, addonChartRepository: 'https://kedacore.github.io/charts', addonChartVersion: 2.16.1 }
nested:
  deep:
    team-a:
      - { chart: same-names, repository: 'https://charts.example.com/fixtures', version: 0.1.0 }
      - { chart: nested-subcharts, repository: 'https://charts.example.com/fixtures', version: 0.1.0 }
      - { chart: aliases, repository: 'https://charts.example.com/fixtures', version: 0.1.0 }
      - { chart: env, repository: 'https://charts.example.com/fixtures', version: 0.1.0 }
      - { chart: hooks-and-tests, repository: 'https://charts.example.com/fixtures', version: 0.1.0 }
`

/** The add-ons' own values in that file, by release, with other text in place of the templates. */
export const ownValues: Readonly<Record<string, object>> = {
  argocd: { global: { domain: 'argo.example.com' } },
  'argocd-staging': { global: { domain: 'staging.example.com' } },
  karpenter: { settings: { clusterName: 'blue', interruptionQueue: 'blue-queue' } },
  monitoring: { grafana: { image: { repository: 'docker.io/grafana/grafana' } } },
  velero: {
    initContainers: [
      {
        name: 'plugin',
        image: 'velero/velero-plugin-for-aws:v1.11.1',
        volumeMounts: [{ name: 'plugins', mountPath: '/target' }],
      },
    ],
  },
  grafana: { image: { repository: 'docker.io/grafana/grafana' } },
}
