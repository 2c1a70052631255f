import { expect, test } from 'vitest'
import { findNested } from '../../../../../scripts/lib/charts/relocate/questions/nested.ts'
import { splitDocuments } from '../../../../../scripts/lib/charts/render/documents.ts'
import { makeDocument } from '../../../support/charts.ts'

const repository = 'https://charts.example.com/stable'

function nestedIn(...bodies: readonly string[]): string[] {
  const documents = splitDocuments(bodies.map((body) => makeDocument(body)).join(''))
  return findNested('default', documents).flatMap((question) =>
    question.kind === 'nested-chart'
      ? [`${question.chart} ${question.version} ${question.repository} @ ${question.path}`]
      : [],
  )
}

const argo = 'apiVersion: argoproj.io/v1alpha1\n'
const flux = 'apiVersion: source.toolkit.fluxcd.io/v1\n'
const release = 'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: r }\n'

test.each<readonly [string, readonly string[], readonly string[]]>([
  [
    'an Argo CD application',
    [
      `${argo}kind: Application\nspec: { source: { repoURL: '${repository}', chart: a, targetRevision: 1.0.0 } }`,
    ],
    [`a 1.0.0 ${repository} @ spec.source.repoURL`],
  ],
  [
    'an application with several sources, one of them a folder of a Git repository',
    [
      `${argo}kind: Application\nspec: { sources: [{ repoURL: '${repository}', chart: a, targetRevision: 1.0.0 }, { repoURL: 'https://git.example.com/a', path: deploy }] }`,
    ],
    [
      `a 1.0.0 ${repository} @ spec.sources[0].repoURL`,
      './deploy  https://git.example.com/a @ spec.sources[1].repoURL',
    ],
  ],
  [
    'an application whose sources are a mapping',
    [`${argo}kind: Application\nspec: { sources: { repoURL: '${repository}', chart: a } }`],
    [`a  ${repository} @ spec.sources.repoURL`],
  ],
  [
    'an application whose sources have names',
    [
      `${argo}kind: Application\nspec: { sources: { one: { repoURL: '${repository}', chart: a } } }`,
    ],
    [`a  ${repository} @ spec.sources.one.repoURL`],
  ],
  [
    'a repository of Fleet',
    [
      "apiVersion: fleet.cattle.io/v1alpha1\nkind: GitRepo\nspec: { repo: 'https://git.example.com/a', revision: v1, paths: [deploy, more] }",
      "apiVersion: fleet.cattle.io/v1alpha1\nkind: GitRepo\nspec: { repo: 'ssh://git.example.com/a' }",
    ],
    ['./deploy v1 https://git.example.com/a @ spec.repo', '.  ssh://git.example.com/a @ spec.repo'],
  ],
  [
    'a chart of Sveltos',
    [
      `apiVersion: config.projectsveltos.io/v1beta1\nkind: ClusterProfile\nspec: { helmCharts: [{ repositoryURL: '${repository}', repositoryName: e, chartName: e/a, chartVersion: 1.0.0 }] }`,
    ],
    [`e/a 1.0.0 ${repository} @ spec.helmCharts[0].repositoryURL`],
  ],
  [
    'what an app of Carvel fetches, and its chart',
    [
      `apiVersion: kappctrl.k14s.io/v1alpha1\nkind: App\nmetadata: { name: one }\nspec: { fetch: [{ helmChart: { name: a, version: 1.0.0, repository: { url: '${repository}' } } }] }`,
    ],
    ['one   @ spec.fetch', `a 1.0.0 ${repository} @ spec.fetch[0].helmChart.repository.url`],
  ],
  [
    'a package of Carvel, and a repository of packages',
    [
      "apiVersion: packaging.carvel.dev/v1alpha1\nkind: PackageInstall\nspec: { packageRef: { refName: a.e.com, versionSelection: { constraints: '1.0.0' } } }",
      'apiVersion: packaging.carvel.dev/v1alpha1\nkind: PackageRepository\nmetadata: { name: two }\nspec: { fetch: { imgpkgBundle: { image: ghcr.io/e/packages } } }',
    ],
    ['a.e.com 1.0.0  @ spec.packageRef', 'two   @ spec.fetch'],
  ],
  [
    'a subscription and an extension of Operator Lifecycle Manager',
    [
      'apiVersion: operators.coreos.com/v1alpha1\nkind: Subscription\nspec: { name: a, source: community, startingCSV: a.v1.0.0 }',
      "apiVersion: olm.operatorframework.io/v1\nkind: ClusterExtension\nspec: { source: { catalog: { packageName: b, version: '1.0.0' } } }",
    ],
    ['a a.v1.0.0 community @ spec.name', 'b 1.0.0  @ spec.source'],
  ],
  [
    'an instance of Flux',
    [
      "apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: { name: flux }\nspec: { distribution: { version: 2.x, registry: ghcr.io/fluxcd, artifact: 'oci://ghcr.io/e/manifests' } }",
    ],
    ['flux 2.x oci://ghcr.io/e/manifests @ spec.distribution'],
  ],
  [
    'a set of resources with an application of Argo CD in it',
    [
      `apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSet\nmetadata: { name: set }\nspec: { resources: [{ apiVersion: argoproj.io/v1alpha1, kind: Application, spec: { source: { repoURL: '${repository}', chart: a, targetRevision: 1.0.0 } } }] }`,
    ],
    ['set   @ spec', `a 1.0.0 ${repository} @ spec.resources[0].spec.source.repoURL`],
  ],
  [
    'a folder that an object within another one names',
    [
      "apiVersion: kubernetes.crossplane.io/v1alpha2\nkind: Object\nspec: { forProvider: { manifest: { apiVersion: argoproj.io/v1alpha1, kind: Application, spec: { source: { repoURL: 'https://git.example.com/a', path: deploy } } } } }",
    ],
    ['./deploy  https://git.example.com/a @ spec.forProvider.manifest.spec.source.repoURL'],
  ],
  [
    'a folder of Config Sync',
    [
      "apiVersion: configsync.gke.io/v1beta1\nkind: RootSync\nspec: { git: { repo: 'https://git.example.com/a', dir: deploy } }",
    ],
    ['./deploy  https://git.example.com/a @ spec.git.repo'],
  ],
  [
    'an application with a source of values, which is no chart',
    [
      `${argo}kind: Application\nspec: { sources: [{ repoURL: '${repository}', chart: a, targetRevision: 1.0.0 }, { repoURL: 'https://git.example.com/a', ref: files }] }`,
    ],
    [`a 1.0.0 ${repository} @ spec.sources[0].repoURL`],
  ],
  [
    'an application whose repository is a registry',
    [
      `${argo}kind: Application\nspec: { source: { repoURL: ghcr.io/e/charts, chart: a, targetRevision: 1.0.0 } }`,
    ],
    ['a 1.0.0 oci://ghcr.io/e/charts/a @ spec.source.repoURL'],
  ],
  [
    'a release of Flux whose repository is a registry',
    [
      `${flux}kind: HelmRepository\nmetadata: { name: e }\nspec: { type: oci, url: 'oci://ghcr.io/e/charts' }`,
      `${release}spec: { chart: { spec: { chart: a, version: 1.0.0, sourceRef: { kind: HelmRepository, name: e } } } }`,
    ],
    ['a 1.0.0 oci://ghcr.io/e/charts/a @ spec.chart.spec'],
  ],
  [
    'a chart of k3s in a registry',
    [
      "apiVersion: helm.cattle.io/v1\nkind: HelmChart\nspec: { chart: 'oci://ghcr.io/e/charts/a', version: 1.0.0 }",
    ],
    ['a 1.0.0 oci://ghcr.io/e/charts/a @ spec.chart'],
  ],
  [
    'an application set',
    [
      `${argo}kind: ApplicationSet\nspec: { template: { spec: { source: { repoURL: '${repository}', chart: a, targetRevision: 1.0.0 } } } }`,
    ],
    [`a 1.0.0 ${repository} @ spec.template.spec.source.repoURL`],
  ],
  [
    'a release of Flux with its repository',
    [
      `${flux}kind: HelmRepository\nmetadata: { name: e }\nspec: { url: '${repository}' }`,
      `${release}spec: { chart: { spec: { chart: a, version: 1.0.0, sourceRef: { kind: HelmRepository, name: e } } } }`,
    ],
    [`a 1.0.0 ${repository} @ spec.chart.spec`],
  ],
  [
    'a release of Flux whose repository is not in the render',
    [
      `${release}spec: { chart: { spec: { chart: a, version: 1.0.0, sourceRef: { kind: HelmRepository, name: e } } } }`,
    ],
    ['a 1.0.0 HelmRepository/e @ spec.chart.spec'],
  ],
  [
    'a release of Flux with an OCI repository',
    [
      `${flux}kind: OCIRepository\nmetadata: { name: e }\nspec: { url: 'oci://ghcr.io/a/b', ref: { tag: 2.0.0 } }`,
      `${release}spec: { chartRef: { kind: OCIRepository, name: e } }`,
    ],
    ['e 2.0.0 oci://ghcr.io/a/b @ spec.chartRef'],
  ],
  [
    'a chart of k3s, in a list',
    [
      `kind: List\nitems: [{ apiVersion: helm.cattle.io/v1, kind: HelmChart, spec: { repo: '${repository}', chart: a, version: 1.0.0 } }]`,
    ],
    [`a 1.0.0 ${repository} @ items[0].spec.chart`],
  ],
  [
    'a chart of k3s that is in the object itself',
    [
      'apiVersion: helm.cattle.io/v1\nkind: HelmChart\nmetadata: { name: one }\nspec: { chartContent: H4sI }',
    ],
    ['one   @ spec.chartContent'],
  ],
  [
    'an application set with a patch',
    [`${argo}kind: ApplicationSet\nmetadata: { name: one }\nspec: { templatePatch: 'spec: {}' }`],
    ['one   @ spec.templatePatch'],
  ],
  [
    'a folder that Flux applies',
    [
      `${flux}kind: GitRepository\nmetadata: { name: e }\nspec: { url: 'https://git.example.com/a' }`,
      'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec: { path: ./deploy, sourceRef: { kind: GitRepository, name: e } }',
    ],
    ['./deploy  https://git.example.com/a @ spec.sourceRef'],
  ],
  [
    'a release of Crossplane',
    [
      `apiVersion: helm.crossplane.io/v1beta1\nkind: Release\nspec: { forProvider: { chart: { name: a, repository: '${repository}', version: 1.0.0 } } }`,
    ],
    [`a 1.0.0 ${repository} @ spec.forProvider.chart.repository`],
  ],
  [
    'a chart of the Cluster API',
    [
      `apiVersion: addons.cluster.x-k8s.io/v1alpha1\nkind: HelmChartProxy\nspec: { chartName: a, repoURL: '${repository}', version: 1.0.0 }`,
    ],
    [`a 1.0.0 ${repository} @ spec.repoURL`],
  ],
  [
    'an application whose address holds a password, without it',
    [
      `${argo}kind: Application\nspec: { source: { repoURL: 'https://oauth2:hunter2@git.example.com/x', path: a } }`,
    ],
    ['./a  https://***@git.example.com/x @ spec.source.repoURL'],
  ],
  [
    'an object with a chart and no address',
    ['apiVersion: e.com/v1\nkind: A\nspec: { chart: a }'],
    [],
  ],
  ['an object of another group', ['apiVersion: example.com/v1\nkind: Application'], []],
  ['keys that name objects of the language', [`${release}spec: { __proto__: { chart: a } }`], []],
])('finds the charts of %s', (_, bodies, expected) => {
  expect(nestedIn(...bodies)).toEqual(expected)
})
