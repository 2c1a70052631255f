import { describe } from 'vitest'
import { type Idiom, path, registry, testIdioms, whole } from '../../support/charts/idioms.ts'

// How charts compose image names from values: one small chart for each way.
const app = 'quay.io/example/app:1.2.3'

const leaves: readonly Idiom[] = [
  {
    chart: 'repository-tag',
    that: 'a repository and a tag',
    certain: [app],
    values: { 'image.repository': whole('quay.io/example/app') },
  },
  {
    chart: 'registry-repository-tag',
    that: 'a registry, a repository and a tag',
    certain: [app],
    values: { 'image.registry': registry, 'image.repository': path('quay.io/example/app') },
  },
  {
    chart: 'registry-repository-name-tag',
    that: 'a registry, a repository, a name and a tag',
    certain: [app],
    values: { 'image.registry': registry, 'image.repository': path('quay.io/example') },
  },
  {
    chart: 'one-string',
    that: 'one string',
    certain: [app],
    values: { image: whole(app) },
  },
  {
    chart: 'path-under-image',
    that: 'a path called image beside its registry',
    certain: ['quay.io/example/controller:1.2.3'],
    values: {
      'controller.registry': registry,
      'controller.image': path('quay.io/example/controller'),
    },
  },
  {
    chart: 'short-hub-names',
    that: 'short names of Docker Hub',
    certain: ['docker.io/example/app:1.2.3', 'docker.io/library/busybox:1.36'],
    values: {
      'app.image.repository': whole('docker.io/example/app'),
      'init.image': whole('docker.io/library/busybox:1.36'),
    },
  },
  {
    chart: 'host-in-repository',
    that: 'a repository with its host, and an empty registry before it',
    certain: [app],
    values: { 'image.repository': whole('quay.io/example/app') },
  },
  {
    chart: 'host-behind-registry',
    that: 'a registry before a repository that has a host already',
    certain: ['registry.example.com/quay.io/example/app:1.2.3'],
    values: {
      'image.registry': registry,
      'image.repository': path('registry.example.com/quay.io/example/app'),
    },
  },
  {
    chart: 'undeclared-registry',
    that: 'a registry that values.yaml does not declare',
    certain: [app],
    values: { 'image.registry': registry, 'image.repository': path('quay.io/example/app') },
  },
  {
    chart: 'undeclared-in-helper',
    that: 'a registry that only a helper reads, from the map that it is handed',
    certain: [app],
    values: { 'app.image.registry': registry, 'app.image.repository': path('quay.io/example/app') },
  },
  {
    chart: 'undeclared-in-library',
    that: 'a registry that a library reads from the values of the chart that uses it',
    certain: [app],
    values: { 'platform.registry': registry, 'image.repository': path('quay.io/example/app') },
  },
  {
    chart: 'empty-image-switch',
    that: 'an undeclared registry, behind a container that an empty leaf would add',
    certain: [app],
    values: { 'image.registry': registry, 'image.repository': path('quay.io/example/app') },
  },
  {
    chart: 'ignored-registry',
    that: 'a registry that the template ignores',
    certain: [app],
    values: { 'image.repository': whole('quay.io/example/app') },
  },
  {
    chart: 'account-region',
    that: 'account, region and domain before a literal name, and an override of it all',
    certain: ['111122223333.dkr.ecr.us-west-2.amazonaws.com/example/agent:v1.2.3'],
    values: {
      'image.override': whole('111122223333.dkr.ecr.us-west-2.amazonaws.com/example/agent:v1.2.3'),
    },
  },
  {
    chart: 'suffix-by-condition',
    that: 'a suffix chosen by a condition',
    certain: ['quay.io/example/app-generic:1.2.3'],
    values: { 'image.repository': whole('quay.io/example/app') },
  },
  {
    chart: 'templated-values',
    that: 'values that are templates',
    certain: [app],
    values: { 'image.repository': whole('quay.io/example/app') },
  },
  {
    chart: 'image-list',
    that: 'a list of images, given whole',
    certain: ['quay.io/example/runner:1.9.0', 'quay.io/example/runner:2.0.0'],
    values: {
      versions: [
        { name: 'old', image: whole('quay.io/example/runner:1.9.0'), port: 8080, default: false },
        { name: 'new', image: whole('quay.io/example/runner:2.0.0'), port: 9090, default: true },
      ],
    },
  },
  {
    chart: 'leaf-lowercased',
    that: 'a repository whose case the template lowers',
    certain: [app],
    values: { 'image.repository': whole('quay.io/example/app') },
  },
  {
    chart: 'leaf-cut',
    that: 'a repository of which the template cuts the end',
    certain: [app],
    values: { 'image.repository': `${whole('quay.io/example/app')}-enterprise` },
  },
  {
    chart: 'leaf-decides',
    that: 'a repository that gets a registry unless it has one',
    certain: [app],
    values: { 'image.repository': whole('quay.io/example/app') },
  },
  {
    chart: 'leaf-with-scheme',
    that: 'a repository of which the template cuts the scheme',
    certain: [app],
    values: { 'image.repository': `https://${whole('quay.io/example/app')}` },
  },
  {
    chart: 'host-checked',
    that: 'a registry that the template accepts only when it knows it',
    certain: [app],
    values: { 'image.registry': registry, 'image.repository': path('quay.io/example/app') },
  },
]

const unreachable: readonly Idiom[] = [
  {
    chart: 'literal-registry',
    that: 'a registry in the template before a value',
    certain: [app],
    unreached: [`unreachable ${app} at Pod/app spec.containers[0].image`],
    proofs: { default: 'unproven' },
  },
  {
    chart: 'literal-image',
    that: 'an image in the template beside one in values',
    certain: ['docker.io/example/init:0.1.0', app],
    values: { 'image.repository': whole('quay.io/example/app') },
    unreached: ['unreachable docker.io/example/init:0.1.0 at Pod/app spec.containers[1].image'],
    proofs: { default: 'unproven' },
  },
  {
    chart: 'global-registry-two-sources',
    that: 'a global registry that one image needs, followed by an image of another registry',
    certain: ['ghcr.io/example/app:1.2.3', 'quay.io/example/proxy:2.0.0'],
    values: {
      'image.registry': registry,
      'image.repository': path('ghcr.io/example/app'),
    },
    unreached: ['conflict quay.io/example/proxy:2.0.0 at Pod/app spec.containers[1].image'],
    proofs: { default: 'unproven' },
  },
]

const subcharts: readonly Idiom[] = [
  {
    chart: 'aliases',
    that: 'two aliases of one subchart',
    certain: ['quay.io/example/worker:1.2.3', 'quay.io/example/worker:2.0.0'],
    values: {
      'blue.image.repository': whole('quay.io/example/worker'),
      'green.image.repository': whole('quay.io/example/worker'),
    },
  },
  {
    chart: 'nested-subcharts',
    that: 'subcharts inside subcharts',
    certain: [
      'quay.io/example/inner:2.0.0',
      'quay.io/example/middle:0.4.0',
      'quay.io/example/outer:0.1.0',
    ],
    values: {
      image: whole('quay.io/example/outer:0.1.0'),
      'middle.image': whole('quay.io/example/middle:0.4.0'),
      'middle.inner.image.registry': registry,
      'middle.inner.image.repository': path('quay.io/example/inner'),
    },
  },
  {
    chart: 'subchart-off',
    that: 'subcharts that are switched off, relocated though nothing of them is mirrored',
    certain: [app],
    dormant: ['quay.io/example/cache:1.2.3', 'quay.io/example/metrics:1.2.3'],
    values: {
      image: whole(app),
      'cache.image.repository': whole('quay.io/example/cache'),
      'metrics.image.repository': whole('quay.io/example/metrics'),
    },
  },
  {
    chart: 'subchart-off',
    that: 'the same subcharts, switched on',
    settings: {
      variants: { default: { cache: { enabled: true }, tags: { metrics: true } } },
    },
    certain: [app, 'quay.io/example/cache:1.2.3', 'quay.io/example/metrics:1.2.3'],
    values: {
      image: whole(app),
      'cache.image.repository': whole('quay.io/example/cache'),
      'metrics.image.repository': whole('quay.io/example/metrics'),
    },
  },
]

describe('an image in leaves of its own:', () => testIdioms(leaves))
describe('an image in subcharts:', () => testIdioms(subcharts))
describe('an image that no leaf reaches:', () => testIdioms(unreachable))
