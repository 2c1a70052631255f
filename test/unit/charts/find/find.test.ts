import { describe, expect, it } from 'vitest'
import { splitDocuments } from '../../../../scripts/lib/charts/render/documents.ts'
import { findReferences } from '../../../../scripts/lib/charts/find/find.ts'
import { describeFound, makeDocument } from '../../support/charts.ts'

const app = 'quay.io/example/app:1.2.3'

function body(kind: string, fields: string): string {
  return makeDocument(`kind: ${kind}\nmetadata:\n  name: x\n${fields}`)
}

describe('findReferences is certain of', () => {
  it.each([
    ['a container', 'Pod', `spec: { containers: [{ image: ${app} }] }`, 'spec.containers.0.image'],
    [
      'an init container of a template',
      'CronJob',
      `spec: { jobTemplate: { spec: { template: { spec: { initContainers: [{ image: ${app} }] } } } } }`,
      'spec.jobTemplate.spec.template.spec.initContainers.0.image',
    ],
    [
      'an image volume',
      'Pod',
      `spec: { volumes: [{ image: { reference: ${app} } }] }`,
      'spec.volumes.0.image.reference',
    ],
    ['a resource with an image', 'Prometheus', `spec: { image: ${app} }`, 'spec.image'],
    ['a field that ends with Image', 'Kafka', `spec: { brokerImage: ${app} }`, 'spec.brokerImage'],
    [
      'a container of a workflow',
      'Workflow',
      `spec: { templates: [{ container: { image: ${app} } }] }`,
      'spec.templates.0.container.image',
    ],
    [
      'an item of a list of documents',
      'List',
      `items: [{ kind: Pod, spec: { containers: [{ image: ${app} }] } }]`,
      'items.0.spec.containers.0.image',
    ],
  ])('%s', (_, kind, fields, path) => {
    expect(describeFound(body(kind, fields))).toEqual([`certain ${app} @ ${path}`])
  })

  it('nothing in the example of a ConfigMap, which no program reads', () => {
    const data = `data: { _example: "image: ${app}", "a.json.example": "${app}" }`
    expect(describeFound(body('ConfigMap', data))).toEqual([])
  })

  it('a map of a name and a reference', () => {
    const fields = 'spec:\n  image: { uri: example/app, ref: 1.2.3 }'
    expect(describeFound(body('Agent', fields))).toEqual([
      'certain docker.io/example/app:1.2.3 @ spec.image.uri + spec.image.ref',
    ])
  })

  it('a map in parts, and of nothing beside it', () => {
    const fields = 'spec:\n  image: { registry: quay.io, repository: example/app, tag: 1.2.3 }'
    expect(describeFound(body('Server', fields))).toEqual([
      `certain ${app} @ spec.image.registry + spec.image.repository + spec.image.tag`,
    ])
  })

  it('a name without a tag, which is latest', () => {
    expect(describeFound(body('Pod', 'spec: { containers: [{ image: busybox }] }'))).toEqual([
      'certain docker.io/library/busybox:latest @ spec.containers.0.image',
    ])
  })
})

describe('findReferences finds embedded', () => {
  it.each([
    ['an argument', 'args: [--image=quay.io/example/app:1.2.3]', `${app} @ spec.c.args.0`],
    [
      'an argument after its flag',
      'args: [--image, quay.io/example/app:1.2.3]',
      `${app} @ spec.c.args.1`,
    ],
    [
      'a command',
      'command: [sh, -c, "run quay.io/example/app:1.2.3"]',
      `${app} @ spec.c.command.2`,
    ],
    [
      'a variable',
      'env: [{ name: A, value: quay.io/example/app:1.2.3 }]',
      `${app} @ spec.c.env.0.value`,
    ],
    [
      'two variables',
      'env: [{ name: A_IMAGE_TAG, value: 1.2.3 }, { name: A_IMAGE, value: quay.io/example/app }]'.replace(
        '1.2.3',
        '"1.2.3"',
      ),
      `${app} @ spec.c.env.1.value + spec.c.env.0.value`,
    ],
    [
      'two arguments',
      'args: [--app-image=quay.io/example/app, --app-image-tag=1.2.3]',
      `${app} @ spec.c.args.0 + spec.c.args.1`,
    ],
  ])('%s', (_, field, expected) => {
    expect(describeFound(body('Pod', `spec:\n  c:\n    ${field}`))).toEqual([
      `embedded ${expected}`,
    ])
  })

  it.each([
    ['ConfigMap', 'data: { image: quay.io/example/app:1.2.3 }', 'data.image'],
    ['Secret', 'stringData: { x: "--image quay.io/example/app:1.2.3" }', 'stringData.x'],
  ])('text of a %s', (kind, fields, path) => {
    expect(describeFound(body(kind, fields))).toEqual([`embedded ${app} @ ${path}`])
  })

  it('a field of an item of env beside its name and value', () => {
    const fields = `spec:\n  env:\n    - { name: A, value: b, image: ${app}, more: { containers: [{ image: quay.io/a/c:1 }] } }`
    expect(describeFound(body('Job', fields))).toEqual([
      `certain ${app} @ spec.env.0.image`,
      'certain quay.io/a/c:1 @ spec.env.0.more.containers.0.image',
    ])
  })

  it('an item of env beside what its value says', () => {
    const fields = `spec:\n  env:\n    - { name: A, value: ${app}, valueFrom: { x: "see quay.io/a/c:1" } }`
    expect(describeFound(body('Job', fields))).toEqual([
      'embedded quay.io/a/c:1 @ spec.env.0.valueFrom.x',
      `embedded ${app} @ spec.env.0.value`,
    ])
  })

  it('YAML inside a string, in parts', () => {
    const text =
      'data:\n  c.yaml: |\n    sidecar:\n      image:\n        repository: quay.io/example/app\n        tag: 1.2.3\n'
    expect(describeFound(body('ConfigMap', text))).toEqual([
      `embedded ${app} @ data.c.yaml + data.c.yaml`,
    ])
  })

  it('JSON inside a string, in parts, and twice', () => {
    const json = `{"a":{"image":{"repository":"quay.io/a/b","tag":"1.0"}},"b":{"image":{"repository":"quay.io/a/b","tag":"2.0"}}}`
    expect(describeFound(body('ConfigMap', `data:\n  c: '${json}'`))).toEqual([
      'embedded quay.io/a/b:1.0 @ data.c + data.c',
      'embedded quay.io/a/b:2.0 @ data.c + data.c',
    ])
  })

  it('the spelling of a tag that YAML takes for a number', () => {
    const text = 'data:\n  c.yaml: |\n    image:\n      repository: quay.io/a/b\n      tag: 1.10\n'
    expect(describeFound(body('ConfigMap', text))).toEqual([
      'embedded quay.io/a/b:1.10 @ data.c.yaml + data.c.yaml',
    ])
  })
})

describe('findReferences leaves to a person', () => {
  it('the default of a resource definition, not its description', () => {
    const text = makeDocument(
      `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: x\nspec:\n  description: pulls quay.io/example/no:1.0.0\n  default: ${app}\n  default: a/b\n`,
    )
    expect(describeFound(text)).toEqual([`potential ${app} @ `])
  })
})

describe('findReferences', () => {
  it('reports an image field that names no image, or a placeholder', () => {
    const fields = 'spec:\n  containers: [{ image: Quay.io/Example/App }, { image: auto }]'
    const { occurrences, oddities } = findReferences(splitDocuments(body('Pod', fields)))
    expect(occurrences).toEqual([])
    expect(oddities).toMatchObject([
      { text: 'Quay.io/Example/App', isPlaceholder: false },
      { text: 'auto', isPlaceholder: true },
    ])
  })

  it('gives every occurrence a key that the next render has too', () => {
    const keys = (tag: string) =>
      findReferences(
        splitDocuments(
          body('Pod', `spec:\n  c: { args: ["quay.io/a/b:${tag} quay.io/a/b:${tag}"] }`) +
            body('Pod', `spec: { containers: [{ image: "quay.io/a/c:${tag}" }] }`),
        ),
      ).occurrences.map(({ key }) => key)
    expect(keys('1')).toEqual([
      'one/templates/a.yaml#0:spec.c.args[0]:0',
      'one/templates/a.yaml#0:spec.c.args[0]:1',
      'one/templates/a.yaml#1:spec.containers[0].image:0',
    ])
    expect(keys('2.0')).toEqual(keys('1'))
  })
})

describe('an image of a custom resource that cannot be read', () => {
  it.each([
    ['is open', 'image: Debian 12', ['Debian 12']],
    ['is open when a program fills it', 'image: "$(params.image)"', ['$(params.image)']],
    ['is open in a list', 'steps: [{ image: "My:Image:1" }]', ['My:Image:1']],
    ['is not open when it may be one', 'image: "docker://r.example.com/a:1"', []],
    ['is not open when it is an address', 'image: "https://x.example.com/Disk.img"', []],
    ['is not open when it is empty', 'image: ""', []],
  ])('%s: %s', (_, fields, texts) => {
    const documents = splitDocuments(body('Agent', `spec: { ${fields} }`))
    expect(findReferences(documents).oddities.map(({ text }) => text)).toEqual(texts)
  })

  it('is a part of a name', () => {
    expect(describeFound(body('Agent', 'spec: { image: { uri: o/a } }'))).toEqual([
      'potential docker.io/o/a @ spec.image.uri',
    ])
  })
})
