import { describe } from 'vitest'
import {
  given,
  type Idiom,
  path,
  registry,
  testIdioms,
  whole,
} from '../../support/charts/idioms.ts'

const app = 'quay.io/example/app:1.2.3'
const operator = 'quay.io/example/operator:1.2.3'

const understood: readonly Idiom[] = [
  {
    chart: 'parts-in-three-keys',
    that: 'an image in three keys of a custom resource, with the last part of its path on its own',
    certain: ['quay.io/example/agent:0.4.0', operator],
    values: {
      image: whole(operator),
      'agent.repository': whole('quay.io/example'),
    },
  },
  {
    chart: 'secret-data',
    that: 'an image in the data of a Secret',
    certain: [app],
    embedded: ['quay.io/example/runner:0.4.0'],
    values: { image: whole(app), 'runner.repository': whole('quay.io/example/runner') },
  },
  {
    chart: 'values-dump',
    that: 'a dump of values that follows the pods; what nothing renders has no registry and stays',
    certain: [app],
    dormant: ['docker.io/example/extra:0.4.0'],
    values: { defaultRegistry: registry, 'app.image.repository': path('quay.io/example/app') },
  },
  {
    chart: 'label-in-variable',
    that: 'labels in variables, which are no images',
    certain: [app],
    values: { image: whole(app) },
  },
]

const fetched: readonly Idiom[] = [
  {
    chart: 'egress-fetched',
    that: 'what programs fetch: from arguments, variables, scripts and resources',
    certain: [app],
    egress: [
      'address check.acme.dev',
      'address github.com',
      'address grafana.com',
      'address plugins.acme.dev',
      'address raw.githubusercontent.com',
      'address s3://models',
    ],
    values: { image: whole(app) },
  },
  {
    chart: 'egress-links',
    that: 'nothing that only people read, or that is within the cluster',
    certain: [app],
    values: { image: whole(app) },
  },
]

const asked: readonly Idiom[] = [
  {
    chart: 'nested-charts',
    that: 'a chart that is installed at run time',
    certain: ['quay.io/example/platform:1.2.3'],
    questions: ['nested-chart cache'],
    egress: ['charts charts.example.com'],
    values: { image: whole('quay.io/example/platform:1.2.3') },
  },
  {
    chart: 'latent-leaf',
    that: 'an empty leaf that can name an image',
    certain: [operator],
    questions: ['latent proxyImage'],
    values: { image: whole(operator) },
  },
  {
    chart: 'newer-cluster',
    that: 'an image that only newer clusters get',
    certain: [app],
    dormant: ['quay.io/example/sidecar:0.4.0'],
    questions: ['other-cluster quay.io/example/sidecar:0.4.0'],
    values: { image: whole(app), 'sidecar.image': whole('quay.io/example/sidecar:0.4.0') },
  },
  {
    chart: 'newer-cluster',
    that: 'nothing where the version of the cluster is given',
    settings: { kubeVersion: '1.31.0' },
    certain: [app],
    dormant: ['quay.io/example/sidecar:0.4.0'],
    values: { image: whole(app), 'sidecar.image': whole('quay.io/example/sidecar:0.4.0') },
  },
  {
    chart: 'schema-wants-value',
    that: 'a value that the schema wants',
    certain: [app],
    questions: ['schema-violation /domain'],
    values: { image: whole(app) },
  },
  {
    chart: 'schema-wants-value',
    that: 'nothing once it is set',
    settings: given({ domain: 'example.com' }),
    certain: [app],
    values: { image: whole(app) },
  },
  {
    chart: 'registry-setting',
    that: 'a setting that names a registry',
    certain: [operator],
    questions: ['public-host registry.example.com'],
    values: { image: whole(operator) },
  },
]

const platform = 'quay.io/example/platform:1.2.3'
const cache = 'quay.io/example/cache:3.1.0'

const delivered: readonly Idiom[] = [
  {
    chart: 'nested-argo-values',
    that: 'values of an Argo CD application in a text',
    certain: [platform],
    embedded: [cache],
    questions: ['nested-chart cache'],
    egress: ['charts charts.example.com'],
    values: { image: whole(platform), 'cache.repository': whole('quay.io/example/cache') },
  },
  {
    chart: 'nested-argo-values-object',
    that: 'values of an Argo CD application in an object',
    certain: [cache, platform],
    questions: ['nested-chart cache'],
    egress: ['charts charts.example.com'],
    values: {
      image: whole(platform),
      'cache.image.registry': registry,
      'cache.image.repository': path('quay.io/example/cache'),
    },
  },
  {
    chart: 'nested-argo-parameters',
    that: 'parameters of an Argo CD application',
    certain: [platform],
    embedded: [cache],
    questions: ['nested-chart cache'],
    egress: ['charts charts.example.com'],
    values: { image: whole(platform), 'cache.repository': whole('quay.io/example/cache') },
  },
  {
    chart: 'nested-argo-sources',
    that: 'values in one of several sources',
    certain: [cache, platform],
    questions: ['nested-chart cache'],
    egress: ['charts charts.example.com', 'source git.example.com'],
    values: { image: whole(platform), cache: whole(cache) },
  },
  {
    chart: 'nested-argo-kustomize',
    that: 'images that replace others, and asks about those that only get a tag or that no value moves',
    certain: [
      platform,
      'quay.io/example/site:2.0.0',
      'quay.io/example/web@sha256:4b5e57f6eb2f42b9039b3d1e13929295f231749c510cbe341cd68036d9af97e2',
    ],
    questions: [
      'nested-chart ./deploy',
      'delivered-image quay.io/example/proxy:1.4.0',
      'delivered-image docker.io/library/nginx:1.27.0',
      'delivered-image quay.io/example/web@sha256:4b5e57f6eb2f42b9039b3d1e13929295f231749c510cbe341cd68036d9af97e2',
    ],
    egress: ['source git.example.com'],
    values: { image: whole(platform), site: whole('quay.io/example/site:2.0.0') },
  },
  {
    chart: 'nested-flux-release',
    that: 'values and post-renderers of a Flux release',
    certain: [cache, platform, 'quay.io/example/proxy:1.4.0'],
    questions: ['nested-chart cache'],
    egress: ['charts charts.example.com'],
    values: {
      image: whole(platform),
      'cache.repository': whole('quay.io/example/cache'),
      proxy: whole('quay.io/example/proxy'),
    },
  },
  {
    chart: 'nested-flux-folder',
    that: 'images of a folder that Flux applies',
    certain: [platform, 'quay.io/example/site:2.0.0'],
    questions: [
      'nested-chart ./deploy',
      'delivered-image quay.io/example/site:2.0.0',
      'delivered-image docker.io/library/nginx:1.27.0',
    ],
    egress: ['source git.example.com'],
    values: { image: whole(platform), site: whole('quay.io/example/site') },
  },
  {
    chart: 'nested-k3s-values',
    that: 'values of a chart of k3s',
    certain: [platform],
    embedded: [cache],
    questions: ['nested-chart cache'],
    egress: ['charts charts.example.com'],
    values: { image: whole(platform), 'cache.repository': whole('quay.io/example/cache') },
  },
]

describe('egress is', () => testIdioms(fetched))
describe('the search reads', () => testIdioms(delivered))
describe('the search understands', () => testIdioms(understood))
describe('a question is open about', () => testIdioms(asked))
