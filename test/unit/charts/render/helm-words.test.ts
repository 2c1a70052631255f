import { describe, expect, it } from 'vitest'
import { splitDocuments } from '../../../../scripts/lib/charts/render/documents.ts'
import { overlayValues } from '../../../../scripts/lib/charts/patch/overlay.ts'
import { treeOf } from '../../../../scripts/lib/model/values/values.ts'
import { readHelmYaml } from '../../../../scripts/lib/sources/yaml/helm-yaml.ts'
import { printYaml } from '../../../../scripts/lib/sources/yaml/print.ts'
import { describeFound, makeDocument } from '../../support/charts.ts'

// Words and characters that helm reads in another way than YAML 1.2 does. What helm makes of them is compared with the
// real one in test/e2e/helm-reader.test.ts.

const words = [
  'on',
  'y',
  'no',
  '0o17',
  '017',
  '1_000',
  '0b11',
  '.5',
  '1e3',
  '~',
  '<<',
  'x\u2028y',
  '\u0085',
]

describe('a text stays a text', () => {
  it.each(words)('%j when it is printed', (word) => {
    const tree = treeOf({ a: word, [word]: [word] })
    expect(readHelmYaml({ file: 'x', text: printYaml(tree) })).toEqual({ ok: true, value: tree })
  })

  it.each(['a: plain # why\nb: 1\n', "a: 'single'\nb: 1\n", 'a: "double"\nb: 1\n', 'b: 1\n'])(
    'when it is laid over %j',
    (text) => {
      for (const word of words) {
        const laid = overlayValues(text, treeOf({ a: word }))
        const read = readHelmYaml({ file: 'x', text: laid })
        expect(read).toEqual({ ok: true, value: treeOf({ a: word, b: 1 }) })
        expect(laid).toContain('b: 1')
      }
    },
  )

  it('when it is laid over the same word, as helm knows it', () => {
    const laid = overlayValues(
      'on: { image: x } # the switch\n1: { image: y }\n',
      treeOf({ true: { image: 'z' }, 1: { image: 'w' } }),
    )
    expect(readHelmYaml({ file: 'x', text: laid })).toMatchObject({
      value: { true: { image: 'z' }, 1: { image: 'w' } },
    })
  })
})

describe('an image is found where helm and Kubernetes see one:', () => {
  it.each([
    ['a line separator', '\u2028'],
    ['a paragraph separator', '\u2029'],
    ['a next line', '\u0085'],
  ])('behind %s', (_, separator) => {
    const pod = `kind: Pod
spec:
  containers:
  - name: a
    image: quay.io/a/seen:1 # pinned${separator}    image: quay.io/a/pulled:1`
    expect(describeFound(makeDocument(pod))).toEqual([
      'certain quay.io/a/pulled:1 @ spec.containers.0.image',
    ])
  })

  it.each(['] not YAML', 'a: 1', '...\n\n# a comment\nb: 1'])(
    'nowhere in a document that goes on behind its end: %j',
    (more) => {
      const [document] = splitDocuments(makeDocument(`kind: Pod\n...\n${more}`))
      expect(document?.root).toBeUndefined()
    },
  )

  it('in a document with nothing but comments behind its end', () => {
    const [document] = splitDocuments(makeDocument('kind: Pod\n...\n\n# a comment\n'))
    expect(document?.root).toEqual({ kind: 'Pod' })
  })

  it('in a document that is indented as a whole', () => {
    const pod = `  kind: Pod
  spec:
    containers:
    - { name: a, image: "quay.io\\x2fa/pulled:1" }`
    expect(describeFound(makeDocument(pod))).toEqual([
      'certain quay.io/a/pulled:1 @ spec.containers.0.image',
    ])
  })

  const spec = 'spec:\n  containers:\n  - { name: a, image: quay.io/a/pulled:1 }'
  it.each([
    [
      'a second kind',
      `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nkind: Pod\n${spec}`,
    ],
    [
      'a second kind in quotes',
      `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"kind": Pod\n${spec}`,
    ],
    [
      'a second kind as a long key',
      `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n? kind\n: Pod\n${spec}`,
    ],
    [
      'a kind in a merge key',
      `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n<<: { kind: Pod }\n${spec}`,
    ],
    [
      'a kind of another API',
      `apiVersion: example.com/v1\nkind: CustomResourceDefinition\n${spec}`,
    ],
    [
      'the word in a text',
      `apiVersion: apiextensions.k8s.io/v1\nmetadata: { name: "\nkind: CustomResourceDefinition\n" }\nkind: Pod\n${spec}`,
    ],
    [
      'the word in a text before what is indented',
      `  metadata: { name: "\nkind: CustomResourceDefinition\n  " }\n  kind: Pod\n${spec.replaceAll(/^/gm, '  ')}`,
    ],
  ])('in what only seems to be a definition of resources: %s', (_, text) => {
    expect(describeFound(makeDocument(text))).toEqual([
      'certain quay.io/a/pulled:1 @ spec.containers.0.image',
    ])
  })

  it('in a merge key', () => {
    const pod = `kind: Pod
spec:
  containers:
  - name: a
    image: quay.io/a/seen:1
    <<: { image: quay.io/a/pulled:1 }`
    expect(describeFound(makeDocument(pod))).toEqual([
      'certain quay.io/a/pulled:1 @ spec.containers.0.image',
    ])
  })

  it('in a key that reaches for a prototype', () => {
    const resource =
      'kind: App\n__proto__: { image: quay.io/a/b:1 }\nconstructor: { image: quay.io/a/c:1 }'
    expect(describeFound(makeDocument(resource))).toEqual([
      'certain quay.io/a/b:1 @ __proto__.image',
      'certain quay.io/a/c:1 @ constructor.image',
    ])
    const [document] = splitDocuments(makeDocument(resource))
    expect(Object.getPrototypeOf(document?.root ?? {})).toBeNull()
  })
})
