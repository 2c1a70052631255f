import { describe } from 'vitest'
import {
  given,
  type Idiom,
  path,
  registry,
  testIdioms,
  whole,
} from '../../support/charts/idioms.ts'

// How charts share a registry between images, and how they append tags and digests.
const hex = '0123456789abcdef'.repeat(4)
const digest = `sha256:${hex}`
const app = 'quay.io/example/app:1.2.3'
const exporter = 'quay.io/example/exporter:0.4.0'

/** A global registry that one image follows and another does not. */
const followedBySome = (leaf: string): Omit<Idiom, 'chart' | 'that'> => ({
  certain: [app, exporter],
  values: {
    [leaf]: registry,
    'image.repository': path('quay.io/example/app'),
    'exporter.image': whole(exporter),
  },
})

const target = '123456789012.dkr.ecr.us-east-2.amazonaws.com'

const shared: readonly Idiom[] = [
  {
    chart: 'target-in-values',
    that: 'values that already point to the target, of which one is for an image that is switched off',
    settings: given({
      app: { registry: target },
      sidecar: { image: `${target}/mirrored/ghcr.io/example/sidecar:0.4.0` },
    }),
    certain: [app],
    dormant: ['ghcr.io/example/sidecar:0.4.0'],
    values: { 'app.registry': registry, 'app.repository': path('quay.io/example/app') },
  },
  {
    chart: 'default-registry',
    that: 'one default registry, and a component with its own',
    certain: [
      'ghcr.io/other/tools/exporter:0.47.0',
      'quay.io/example/bridge:0.47.0',
      'quay.io/example/broker:0.47.0',
    ],
    values: {
      defaultImageRegistry: registry,
      defaultImageRepository: path('quay.io/example'),
      'exporter.image.registry': registry,
      'exporter.image.repository': path('ghcr.io/other/tools'),
    },
  },
  {
    chart: 'registry-null',
    that: 'a null registry beside a default one',
    certain: [app],
    values: { defaultRegistry: registry, 'image.repository': path('quay.io/example/app') },
  },
  {
    chart: 'registry-null-global',
    that: 'null registries, global and local, beside a default one',
    certain: [app],
    values: {
      'image.defaultRegistry': registry,
      'image.repository': path('quay.io/example/app'),
    },
  },
  {
    chart: 'global-image-registry',
    that: 'global.imageRegistry for one image of two',
    ...followedBySome('global.imageRegistry'),
  },
  {
    chart: 'global-image-dot-registry',
    that: 'global.image.registry for one image of two',
    ...followedBySome('global.image.registry'),
  },
  {
    chart: 'global-registry',
    that: 'global.registry for one image of two',
    ...followedBySome('global.registry'),
  },
  {
    chart: 'registry-url',
    that: 'registryUrl for one image of two',
    ...followedBySome('registryUrl'),
  },
  {
    chart: 'undeclared-global',
    that: 'a global registry that nothing declares, before a literal name',
    certain: [app],
    values: { 'global.images.registry': whole('quay.io') },
  },
  {
    chart: 'global-registry-preferred-local',
    that: 'a global registry that is not needed',
    certain: ['ghcr.io/example/exporter:0.4.0', app],
    values: {
      'image.registry': registry,
      'image.repository': path('quay.io/example/app'),
      'exporter.image.repository': whole('ghcr.io/example/exporter'),
    },
  },
  {
    chart: 'global-hub',
    that: 'global.hub below a wrapper key',
    certain: ['docker.io/example/pilot:1.24.0', 'docker.io/example/proxy:1.24.0'],
    values: { 'global.hub': whole('docker.io/example') },
  },
  {
    chart: 'global-repository',
    that: 'global.repository in the place of all repositories, left empty',
    certain: [app, 'quay.io/example/sidecar:0.4.0'],
    values: {
      'image.repository': whole('quay.io/example/app'),
      'sidecar.image.repository': whole('quay.io/example/sidecar'),
    },
  },
  {
    chart: 'global-repository-only',
    that: 'global.repository as the only leaf of an image',
    certain: ['ghcr.io/example/exporter:0.4.0', app],
    values: {
      'global.repository': whole('quay.io/example/app'),
      'exporter.image': whole('ghcr.io/example/exporter:0.4.0'),
    },
  },
  {
    chart: 'system-default-registry',
    that: 'systemDefaultRegistry for two images of three, one of which has a literal name',
    certain: ['docker.io/example/app:1.2.3', 'docker.io/example/shell:0.3.0', exporter],
    values: {
      'global.cattle.systemDefaultRegistry': whole('docker.io'),
      'exporter.image': whole(exporter),
    },
  },
  {
    chart: 'image-name-keys',
    that: 'names under keys of their own and one registry',
    certain: ['quay.io/example/agent:1.2.3', 'quay.io/example/operator:1.2.3'],
    values: { image_registry: whole('quay.io/example') },
  },
  {
    chart: 'shared-registry',
    that: 'one registry, before a value and before a literal',
    certain: [app, 'quay.io/example/helper:1.2.3'],
    values: { registry: whole('quay.io') },
  },
  {
    chart: 'shared-path',
    that: 'one path behind two registries',
    certain: ['ghcr.io/example/app:1.2.3-slim', app],
    values: { 'app.registry': whole('quay.io'), 'mirror.registry': whole('ghcr.io') },
  },
  {
    chart: 'global-registry-subcharts',
    that: 'a global registry for a hook and one subchart of two',
    certain: [
      'quay.io/example/agent:0.4.0',
      'quay.io/example/hook:0.1.0',
      'quay.io/example/server:1.2.3',
    ],
    values: {
      'global.imageRegistry': whole('quay.io'),
      'agent.image.repository': whole('quay.io/example/agent'),
    },
  },
]

const tags: readonly Idiom[] = [
  {
    chart: 'tag-from-app-version',
    that: 'tags from appVersion, with and without a v, and one of its own',
    certain: [app, 'quay.io/example/cli:v1.2.3', 'quay.io/example/fixed:9.9'],
    values: {
      'image.repository': whole('quay.io/example/app'),
      'cli.image.repository': whole('quay.io/example/cli'),
      'fixed.image.repository': whole('quay.io/example/fixed'),
    },
  },
  {
    chart: 'tag-from-kube-version',
    that: 'a tag from the Kubernetes version',
    settings: { kubeVersion: '1.32.0' },
    certain: ['quay.io/example/kubectl:1.32'],
    values: { 'kubectl.image.repository': whole('quay.io/example/kubectl') },
  },
  {
    chart: 'tag-under-release',
    that: 'a tag called release',
    certain: [app],
    values: { 'image.repository': whole('quay.io/example/app') },
  },
  {
    chart: 'number-tag',
    that: 'a tag that YAML takes for a number',
    certain: ['quay.io/example/app:1.36'],
    values: { 'image.registry': registry, 'image.repository': path('quay.io/example/app') },
  },
  {
    chart: 'tags-that-agree',
    that: 'two tags that must agree',
    certain: ['quay.io/example/agent:1.2.3', 'quay.io/example/server:1.2.3'],
    values: {
      'server.image.repository': whole('quay.io/example/server'),
      'agent.image.repository': whole('quay.io/example/agent'),
    },
  },
  {
    chart: 'digest',
    that: 'a digest behind the tag',
    certain: [`${app}@${digest}`],
    values: { 'image.repository': whole('quay.io/example/app') },
  },
  {
    chart: 'digest-drops-tag',
    that: 'a digest in the place of the tag',
    certain: [`quay.io/example/app@${digest}`],
    values: { 'image.registry': registry, 'image.repository': path('quay.io/example/app') },
  },
  {
    chart: 'digest-bare-hex',
    that: 'a digest as bare hex digits',
    certain: [`${app}@${digest}`],
    values: { 'image.repository': whole('quay.io/example/app') },
  },
  {
    chart: 'digest-sha-with-prefix',
    that: 'a digest called sha, with its prefix',
    certain: [`quay.io/example/app@${digest}`],
    values: { 'image.repository': whole('quay.io/example/app') },
  },
  {
    chart: 'digest-per-variant',
    that: 'a digest for each flavour',
    certain: [`quay.io/example/app:1.2.3-alpine@sha256:${'fedcba9876543210'.repeat(4)}`],
    values: { 'image.repository': whole('quay.io/example/app') },
  },
  {
    chart: 'digest-key-refused',
    that: 'a digest key with which the chart fails',
    certain: [app],
    values: { 'image.repository': whole('quay.io/example/app') },
  },
  {
    chart: 'tag-with-digest',
    that: 'a tag that holds a digest',
    certain: [`quay.io/example/app:v1@${digest}`],
    values: { 'image.repository': whole('quay.io/example/app') },
  },
]

describe('an image in leaves that others share:', () => testIdioms(shared))
describe('an image with its version:', () => testIdioms(tags))
