import { describe, expect, test } from 'vitest'
import {
  type Idiom,
  observe,
  path,
  registry,
  testIdioms,
  whole,
} from '../../support/charts/idioms.ts'
import type { RelocateSettings } from '../../support/charts/relocate.ts'

// Where charts put image names: one small chart for each place.
const app = 'quay.io/example/app:1.2.3'
const operator = 'quay.io/example/operator:1.2.3'

const fields: readonly Idiom[] = [
  {
    chart: 'pod-containers',
    that: 'a container, init container, ephemeral container or image volume',
    certain: [
      'docker.io/library/busybox:1.36',
      app,
      'quay.io/example/debug:0.4.0',
      'quay.io/example/model:2.0.0',
    ],
    values: {
      'init.image': whole('docker.io/library/busybox:1.36'),
      'app.image': whole(app),
      'debug.image': whole('quay.io/example/debug:0.4.0'),
      'model.image': whole('quay.io/example/model:2.0.0'),
    },
  },
  {
    chart: 'custom-resource',
    that: 'a custom resource, whole or as baseImage and tag',
    certain: ['ghcr.io/example/ruler:v0.4.0', 'quay.io/example/server:1.2.3'],
    values: {
      'server.registry': registry,
      'server.repository': path('quay.io/example/server'),
      'ruler.image': whole('ghcr.io/example/ruler'),
    },
  },
  {
    chart: 'empty-image-of-resource',
    that: 'a custom resource, in place of which an empty value can be set',
    embedded: [app],
    values: { imageName: whole(app) },
  },
  {
    chart: 'hooks-and-tests',
    that: 'a hook or a test pod',
    certain: [
      'docker.io/library/busybox:1.36',
      operator,
      'registry.example.com/example/certgen:v1.5.0',
    ],
    values: {
      image: whole(operator),
      'certgen.image.registry': registry,
      'certgen.image.repository': path('registry.example.com/example/certgen'),
      'test.image.repository': whole('docker.io/library/busybox'),
    },
  },
]

/** Beside an operator's own image, which is one string. */
const beside = (
  embedded: readonly string[],
  values: NonNullable<Idiom['values']>,
): Omit<Idiom, 'chart' | 'that'> => ({
  certain: [operator],
  embedded,
  values: { image: whole(operator), ...values },
})

const texts: readonly Idiom[] = [
  {
    chart: 'args-equals',
    that: 'an argument behind its flag',
    ...beside(['ghcr.io/example/sidecar:0.4.0'], {
      'sidecar.registry': registry,
      'sidecar.image': path('ghcr.io/example/sidecar'),
    }),
  },
  {
    chart: 'args-next-item',
    that: 'the argument after its flag',
    ...beside(['ghcr.io/example/solver:0.4.0'], {
      'solver.image.repository': whole('ghcr.io/example/solver'),
    }),
  },
  {
    chart: 'args-repository-and-tag',
    that: 'two arguments, one for the repository and one for the tag',
    ...beside(['ghcr.io/example/reloader:0.4.0'], {
      'reloader.repository': whole('ghcr.io/example/reloader'),
    }),
  },
  {
    chart: 'env',
    that: 'a variable',
    ...beside(['ghcr.io/example/proxy:0.4.0'], {
      'proxy.repository': whole('ghcr.io/example/proxy'),
    }),
  },
  {
    chart: 'env-repository-and-tag',
    that: 'two variables, one for the repository and one for the tag',
    ...beside(['ghcr.io/example/proxy:0.4.0'], {
      'proxy.repository': whole('ghcr.io/example/proxy'),
    }),
  },
  {
    chart: 'env-version-map',
    that: 'a variable that maps versions to images, line by line',
    ...beside(['ghcr.io/example/broker:0.47.0-3.8.0', 'ghcr.io/example/broker:0.47.0-3.9.0'], {
      'broker.registry': registry,
      'broker.repository': path('ghcr.io/example'),
    }),
  },
  {
    chart: 'config-map-text',
    that: 'the text of a ConfigMap',
    ...beside(['ghcr.io/example/builder:0.4.0'], {
      'builder.repository': whole('ghcr.io/example/builder'),
    }),
  },
  {
    chart: 'json-in-string',
    that: 'JSON in a string, whole or in parts',
    ...beside(['ghcr.io/example/agent:2.0.0', 'ghcr.io/example/shell:0.4.0'], {
      'shell.image': whole('ghcr.io/example/shell:0.4.0'),
      'agent.repository': whole('ghcr.io/example/agent'),
    }),
  },
  {
    chart: 'yaml-in-string',
    that: 'YAML in a string, whole or in parts',
    ...beside(['ghcr.io/example/agent:2.0.0', 'ghcr.io/example/shell:0.4.0'], {
      'shell.image': whole('ghcr.io/example/shell:0.4.0'),
      'agent.repository': whole('ghcr.io/example/agent'),
    }),
  },
  {
    chart: 'yaml-number-tag',
    that: 'YAML in a string, in parts, with a tag that YAML takes for a number',
    ...beside(['ghcr.io/example/agent:2.1'], {
      'agent.repository': whole('ghcr.io/example/agent'),
    }),
  },
  {
    chart: 'command-text',
    that: 'a script in a command',
    ...beside(['ghcr.io/example/job:0.4.0'], { 'job.repository': whole('ghcr.io/example/job') }),
  },
  {
    chart: 'config-map-list',
    that: 'a list in values that ends in a ConfigMap',
    ...beside(
      [
        'ghcr.io/example/node:20.1',
        'ghcr.io/example/node:22.4',
        'ghcr.io/example/python:3.11',
        'ghcr.io/example/python:3.12',
      ],
      {
        runtimes: [
          { name: 'python', image: whole('ghcr.io/example/python'), versions: ['3.11', '3.12'] },
          { name: 'node', image: whole('ghcr.io/example/node'), versions: ['20.1', '22.4'] },
        ],
      },
    ),
  },
  {
    chart: 'annotations',
    that: 'an annotation',
    certain: [app],
    embedded: ['ghcr.io/example/worker:0.4.0'],
    values: {
      'image.repository': whole('quay.io/example/app'),
      'worker.image.repository': whole('ghcr.io/example/worker'),
    },
  },
]

/** Beside an image that is one string, nothing else is taken for one. */
const nothingBeside = (image: string): Omit<Idiom, 'chart' | 'that'> => ({
  certain: [image],
  values: { image: whole(image) },
})

const others: readonly Idiom[] = [
  {
    chart: 'runtime-prefix',
    that: 'a prefix that is completed at run time, which a person has to decide about',
    ...nothingBeside(operator),
    undecided: ['docker.io/example/lambda'],
  },
  {
    chart: 'oci-artifact-list',
    that: 'a list of OCI artifacts with commas, which a person has to decide about',
    ...nothingBeside(app),
    undecided: [
      'ghcr.io/example/vulnerability-db:2',
      'registry.example.com/example/vulnerability-db:2',
    ],
  },
  {
    chart: 'crd-default',
    that: 'a default in a resource definition, which a person has to decide about',
    ...nothingBeside(app),
    undecided: ['quay.io/example/widget:0.4.0'],
  },
  {
    chart: 'placeholder-auto',
    that: 'the placeholder auto, about which a question is open',
    ...nothingBeside(operator),
    questions: ['unread-field auto'],
  },
  {
    chart: 'not-crd-description',
    that: 'a description of a resource definition',
    ...nothingBeside(app),
  },
  {
    chart: 'not-promql',
    that: 'PromQL, but a registry in it is asked about',
    ...nothingBeside(app),
    questions: ['public-host registry.k8s.io'],
  },
  {
    chart: 'not-api-groups',
    that: 'an API group, a resource or an address in the cluster',
    ...nothingBeside(app),
  },
  {
    chart: 'not-git-urls',
    that: 'an address of a git repository',
    egress: ['address github.com', 'address raw.githubusercontent.com'],
    ...nothingBeside(app),
  },
  { chart: 'not-doc-links', that: 'a link to documents', ...nothingBeside(app) },
  { chart: 'not-go-imports', that: 'an import path of Go', ...nothingBeside(app) },
  { chart: 'not-source-lines', that: 'a line of a source file', ...nothingBeside(app) },
  {
    chart: 'node-images',
    that: 'an image of a machine behind a switch that is off',
    ...nothingBeside(app),
  },
]

describe('an image is found and moved in a field from which it is pulled:', () =>
  testIdioms(fields))
describe('an image is found and moved in text that contains it:', () => testIdioms(texts))
describe('text that only looks like an image is not one:', () => testIdioms(others))

test('the user decides about text that may be an image', async () => {
  const chart = 'oci-artifact-list'
  const decisions: Readonly<Record<string, 'mirror' | 'ignore'>> = {
    'ghcr.io/example/vulnerability-db:2': 'mirror',
    'registry.example.com/example/vulnerability-db:2': 'ignore',
  }
  const settings: RelocateSettings = { decide: (reference) => decisions[reference] }
  const { observed } = await observe({ chart, that: 'is decided', settings })
  const list = [
    whole('ghcr.io/example/vulnerability-db:2'),
    'registry.example.com/example/vulnerability-db:2',
  ]
  expect(observed).toMatchObject({
    undecided: [],
    values: { image: whole(app), 'scanner.dbRepositories': list.join(',') },
    unreached: [],
    proofs: { default: 'proven' },
  })
})
