import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../scripts/lib/model/problem.ts'
import { type PlainRelocated, relocatePlain } from '../../../scripts/lib/plain/relocate.ts'
import { rewriteText, rewriteWithScript } from '../../../scripts/lib/plain/rewrites.ts'
import { run } from '../../../scripts/lib/tools/process/exec.ts'
import { fakeHelm } from '../relocate/fake-helm.ts'
import { idleSession } from '../support/session.ts'
import { surroundingsOf } from '../support/surroundings.ts'
import { makeTempFolder } from '../support/temp-folder.ts'

const registry = '123456789012.dkr.ecr.us-east-2.amazonaws.com'
const moved = (reference: string) => `${registry}/mirrored/${reference}`

const app = 'quay.io/example/app:1.2.3'
const head = (kind: string) => `apiVersion: v1\nkind: ${kind}\nmetadata: { name: a }\n`
const pod = (...images: readonly string[]) =>
  `${head('Pod')}spec:\n  containers:\n${images.map((image) => `    - image: ${image}\n`).join('')}`
const configMap = (text: string) => `${head('ConfigMap')}data:\n  text: ${text}\n`
const secret = (text: string) =>
  `${head('Secret')}data:\n  text: ${Buffer.from(text).toString('base64')}\n`
const custom = (spec: string) => `apiVersion: example.com/v1\nkind: Thing\nspec:\n  ${spec}\n`
const definition =
  'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: things.example.com\nspec:\n  image:\n'

const withFake = async (
  text: string,
  { ignore = [], useScript = false }: { ignore?: readonly string[]; useScript?: boolean } = {},
) => {
  const folder = makeTempFolder()
  const helm = fakeHelm([])
  const session = {
    ...idleSession(folder),
    run: ((command, options) =>
      command.tool === '/bin/sh'
        ? run(command, { ...surroundingsOf(), input: options.input ?? '' })
        : helm(command, options)) satisfies typeof run,
  }
  return relocatePlain(
    {
      name: 'all.yaml',
      text,
      target: { registry, prefix: '' },
      decide: (reference) => (ignore.includes(reference) ? 'ignore' : undefined),
      rewrite: (before, rewrites) =>
        useScript
          ? rewriteWithScript(folder, before, rewrites, session)
          : rewriteText(before, rewrites),
    },
    session,
  )
}

describe('manifests are rewritten and proven', () => {
  it.each<readonly [string, string, string]>([
    ['with comments and quotes', pod(`"${app}" # ${app}`), pod(`"${moved(app)}" # ${moved(app)}`)],
    [
      'in several documents',
      `${pod(app)}---\n${pod('nginx:1')}`,
      `${pod(moved(app))}---\n${pod(moved('docker.io/library/nginx:1'))}`,
    ],
    ['with a name alone', pod('busybox'), pod(moved('docker.io/library/busybox'))],
    [
      'with a digest',
      pod(`${app}@sha256:${'ab'.repeat(32)}`),
      pod(moved(`${app}@sha256:${'ab'.repeat(32)}`)),
    ],
    ['in a text for a program', configMap(`--image=${app}`), configMap(`--image=${moved(app)}`)],
    [
      'with the tag in a field of its own',
      custom('image: { repository: quay.io/example/app, tag: 1.2.3 }'),
      custom(`image: { repository: ${moved('quay.io/example/app')}, tag: 1.2.3 }`),
    ],
    [
      'in a list of resources',
      `apiVersion: v1\nkind: List\nitems:\n  - ${pod(app).trimEnd().replaceAll('\n', '\n    ')}\n`,
      `apiVersion: v1\nkind: List\nitems:\n  - ${pod(moved(app)).trimEnd().replaceAll('\n', '\n    ')}\n`,
    ],
    [
      'as JSON',
      `{"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"image":"${app}"}]}}`,
      `{"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"image":"${moved(app)}"}]}}`,
    ],
    [
      'with Windows line ends',
      pod(app).replaceAll('\n', '\r\n'),
      pod(moved(app)).replaceAll('\n', '\r\n'),
    ],
    [
      'through an anchor and its alias',
      pod(`&image ${app}`, '*image'),
      pod(`&image ${moved(app)}`, '*image'),
    ],
    ['beside what is private already', pod(app, moved(app)), pod(moved(app), moved(app))],
    [
      'after lines of helm that name the same template',
      `---\n# Source: all.yaml\n${pod(app)}---\n# Source: other.yaml\n${pod(app)}---\n# Source: all.yaml\n${pod(app)}`,
      `---\n# Source: all.yaml\n${pod(moved(app))}---\n# Source: other.yaml\n${pod(moved(app))}---\n# Source: all.yaml\n${pod(moved(app))}`,
    ],
  ])('%s', async (_, before, after) => {
    for (const useScript of [false, true]) {
      const { text, proof, unmoved, result } = unwrap(await withFake(before, { useScript }))
      expect(text).toBe(after)
      expect([proof.result, proof.faults, unmoved, result.questions]).toEqual([
        'proven',
        [],
        [],
        [],
      ])
      expect(proof.places).toBeGreaterThan(0)
    }
  })
})

describe('manifests are not proven', () => {
  it.each<readonly [string, string, (found: PlainRelocated) => unknown, unknown]>([
    [
      'with an image in base64',
      secret(app),
      ({ unmoved }) => unmoved,
      [
        {
          reference: app,
          destination: moved(app),
          document: 'Secret/a',
          path: 'data.text',
          template: 'all.yaml',
        },
      ],
    ],
    [
      'with a registry in a field of its own',
      custom('image: { registry: quay.io, repository: example/app, tag: 1.2.3 }'),
      ({ unmoved }) => unmoved.map(({ reference }) => reference),
      [app],
    ],
    [
      'with an escaped image',
      pod(String.raw`"quay.io\/example/app:1.2.3"`),
      ({ unmoved }) => unmoved.map(({ reference }) => reference),
      [app],
    ],
    [
      'with something else that has the same text',
      `${pod('busybox')}---\n${configMap('"the default image: busybox"')}`,
      ({ proof }) => proof.faults.length,
      1,
    ],
    [
      'when it is no YAML',
      `${pod(app)}---\n${head('Pod')}spec: [\n`,
      ({ proof }) => proof.faults,
      [expect.stringContaining('is not valid YAML, or helm reads it differently')],
    ],
    [
      'with a bomb of aliases',
      `${head('ConfigMap')}data:\n  a: &a [x, x, x, x, x, x, x, x, x]\n${['b', 'c', 'd', 'e', 'f', 'g', 'h'].map((key, index) => `  ${key}: &${key} [${Array.from({ length: 9 }, () => `*${'abcdefg'[index]}`).join(', ')}]\n`).join('')}`,
      ({ proof }) => proof.faults,
      [expect.stringContaining('is not valid YAML, or helm reads it differently')],
    ],
  ])('%s', async (_, text, read, expected) => {
    const found = unwrap(await withFake(text))
    expect(read(found)).toEqual(expected)
    expect(found.proof.result).toBe('unproven')
  })
})

describe('questions about manifests', () => {
  it.each<readonly [string, string, readonly string[]]>([
    ['nothing at all', '# nothing\n', ['no-images']],
    ['a definition alone', definition, ['no-images']],
    ['a setting with a registry', `${pod(app)}---\n${configMap('ghcr.io')}`, ['public-host']],
    ['a placeholder', pod(app, 'auto'), ['unread-field']],
    [
      'a chart of Flux',
      `${pod(app)}---\napiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: a }\nspec:\n  chart: { spec: { chart: web, version: 1.2.3, sourceRef: { kind: HelmRepository, name: r } } }\n`,
      ['nested-chart'],
    ],
  ])('are asked about %s', async (_, text, kinds) => {
    const { result, proof } = unwrap(await withFake(text))
    expect(proof.faults).toEqual([])
    expect(result.questions.map(({ kind }) => kind)).toEqual(kinds)
  })

  it('are settled by the user', async () => {
    const text = `${pod(app)}---\n${configMap('ghcr.io')}`
    const { result } = unwrap(await withFake(text, { ignore: ['ghcr.io'] }))
    expect(result.questions).toEqual([])
  })

  it('leave an ignored image where it is', async () => {
    const { text, proof } = unwrap(await withFake(pod(app), { ignore: [app] }))
    expect([text, proof.result]).toEqual([pod(app), 'empty'])
  })
})

it('values are no manifests', async () => {
  const read = await withFake('image:\n  repository: quay.io/example/app\n')
  expect(read.ok ? '' : read.problem.message).toBe(
    'document 1 of "all.yaml" is not a Kubernetes manifest: it has no apiVersion or no kind',
  )
})
