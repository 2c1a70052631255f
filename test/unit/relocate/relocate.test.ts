import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, describe, it } from 'vitest'
import type { LayoutResult } from '../../../scripts/lib/model/chart/relocation.ts'
import { unprovenProblems } from '../../../scripts/lib/relocate/problems.ts'
import { relocate } from '../../../scripts/lib/relocate/relocate.ts'
import type {
  RelocateDoors,
  RelocateEvent,
  RelocateRequest,
} from '../../../scripts/lib/relocate/request.ts'
import { buildValues } from '../../../scripts/lib/values/override.ts'
import { idleSession } from '../support/session.ts'
import { makeTempFolder } from '../support/temp-folder.ts'
import { passingClock } from '../tools/pacing/passing-clock.ts'
import { fakeHelm } from './fake-helm.ts'

const registry = '123456789012.dkr.ecr.us-east-2.amazonaws.com'

/** A Deployment with these containers' images, and what else is in its annotations. */
const deployment = (images: readonly string[], annotation = '') =>
  [
    'apiVersion: apps/v1',
    'kind: Deployment',
    'metadata:',
    '  name: web',
    `  annotations: { note: "${annotation}" }`,
    'spec:',
    '  template:',
    '    spec:',
    '      containers:',
    ...images.flatMap((image, index) =>
      image.startsWith('{{ if')
        ? [
            image.split('\n')[0] ?? '',
            `        - { name: c${index}, image: "${image.split('\n')[1]}" }`,
            '{{ end }}',
          ]
        : [`        - { name: c${index}, image: "${image}" }`],
    ),
    '',
  ].join('\n')

/** An image of the values `image`, in three parts. */
const composed =
  '{{ .Values.image.registry }}/{{ .Values.image.repository }}:{{ .Values.image.tag }}'
const composedValues = 'image: { registry: quay.io, repository: o/web, tag: "1.0" }\n'
const optional = '{{ if .Values.sidecar.enabled }}\n{{ .Values.sidecar.image }}'

interface Case {
  readonly name: string
  readonly template: string
  readonly values: string
  readonly request?: Partial<RelocateRequest>
  /** Values files of variants, by name. */
  readonly variants?: Readonly<Record<string, string>>
  readonly images: readonly string[]
  /** The override. */
  readonly over: object
  readonly proofs: readonly LayoutResult['proofs'][number]['result'][]
  /** References that stay public, with their cause. */
  readonly unreached?: readonly (readonly [reference: string, cause: string])[]
  readonly problems?: readonly RegExp[]
  /** The kinds of open questions. */
  readonly questions?: readonly string[]
  readonly undecided?: readonly string[]
}

const cases: readonly Case[] = [
  {
    name: 'proves values that redirect an image',
    template: deployment([composed]),
    values: composedValues,
    images: ['quay.io/o/web:1.0'],
    over: { image: { registry, repository: 'mirrored/quay.io/o/web' } },
    proofs: ['proven'],
  },
  {
    name: 'writes values for the layout by chart',
    template: deployment([composed]),
    values: composedValues,
    request: { layout: 'by-chart' },
    images: ['quay.io/o/web:1.0'],
    over: { image: { registry, repository: 'web/web' } },
    proofs: ['proven'],
  },
  {
    name: 'names a reference that no value sets, and where it is',
    template: deployment([composed, 'docker.io/library/busybox:1']),
    values: composedValues,
    images: ['docker.io/library/busybox:1', 'quay.io/o/web:1.0'],
    over: { image: { registry, repository: 'mirrored/quay.io/o/web' } },
    proofs: ['unproven'],
    unreached: [['docker.io/library/busybox:1', 'unreachable']],
    problems: [
      /"docker.io\/library\/busybox:1" stays public at Deployment\/web .* no value redirects it/,
    ],
  },
  {
    name: 'does not prove values that change something else as well',
    template: deployment([composed], '{{ len .Values.image.repository }}'),
    values: composedValues,
    images: ['quay.io/o/web:1.0'],
    over: { image: { registry, repository: 'mirrored/quay.io/o/web' } },
    proofs: ['unproven'],
    problems: [/^web is not proven: .*note/],
  },
  {
    name: 'calls a chart that renders no image empty, not proven',
    template: 'apiVersion: v1\nkind: Secret\nmetadata: { name: web }\n',
    values: '{}\n',
    images: [],
    over: {},
    proofs: ['empty'],
    questions: ['no-images'],
  },
  {
    name: 'finds values for all variants at once, each with its images',
    template: deployment([composed, optional]),
    values: `${composedValues}sidecar: { enabled: false, image: "ghcr.io/o/side:2" }\n`,
    variants: { small: '{}', large: 'sidecar: { enabled: true }' },
    images: ['ghcr.io/o/side:2', 'quay.io/o/web:1.0'],
    over: {
      image: { registry, repository: 'mirrored/quay.io/o/web' },
      sidecar: { image: `${registry}/mirrored/ghcr.io/o/side:2` },
    },
    proofs: ['proven', 'proven'],
  },
]

const base: Omit<RelocateRequest, 'query' | 'variants'> = {
  target: { registry, prefix: '' },
  layout: 'mirrored',
  settings: { kubeVersion: '1.31.0', apiVersions: [], namespace: 'default' },
  assumes: { kubeVersion: false, apiVersions: false },
  decisions: { mirror: [], ignore: [] },
}

/** Makes a chart and a world in which everything but helm's rendering of it is an error. */
function makeWorld(given: Pick<Case, 'template' | 'values' | 'variants'>) {
  const folder = makeTempFolder()
  const write = (path: string, text: string) => {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    return file
  }
  write('web/Chart.yaml', 'apiVersion: v2\nname: web\nversion: 1.2.3\n')
  write('web/values.yaml', given.values)
  write('web/templates/web.yaml', given.template)
  const variants = Object.entries(given.variants ?? { default: undefined }).map(([name, text]) => {
    const files = text === undefined ? [] : [write(`${name}.yaml`, text)]
    return { name, given: { files, sets: [] } }
  })
  const [events, commands]: [RelocateEvent[], string[]] = [[], []]
  const work = join(folder, 'work')
  mkdirSync(work)
  const cache = { read: async () => undefined, store: async () => undefined }
  const doors: RelocateDoors = {
    ...idleSession(work),
    run: fakeHelm(commands),
    renders: { kept: cache, thisRun: cache },
    clock: passingClock(),
    notify: (event) => void events.push(event),
  }
  const request: RelocateRequest = { ...base, query: { chart: join(folder, 'web') }, variants }
  return { folder, doors, request, events, commands }
}

describe('Relocating', () => {
  it.each(cases)('$name', async (given) => {
    const world = makeWorld(given)
    const relocated = await relocate({ ...world.request, ...given.request }, world.doors)
    if (!relocated.ok) throw new Error(relocated.problem.message)
    const { result, solved } = relocated.value
    expect({
      images: result.images.map(({ reference }) => reference),
      over: buildValues(solved.values, base.target),
      proofs: solved.proofs.map((proof) => proof.result),
      unreached: solved.unreached.map(({ reference, cause }) => [reference, cause]),
      undecided: result.undecided.map(({ reference }) => reference),
    }).toEqual({
      images: given.images,
      over: given.over,
      proofs: given.proofs,
      unreached: given.unreached ?? [],
      undecided: given.undecided ?? [],
    })
    const expectAll = (texts: readonly string[], patterns: readonly RegExp[] = []) =>
      expect(texts).toEqual(patterns.map((pattern) => expect.stringMatching(pattern)))
    expectAll(
      unprovenProblems(relocated.value).map(({ message }) => message),
      given.problems,
    )
    expect(result.notices).toStrictEqual([])
    expect(result.questions.map(({ kind }) => kind)).toStrictEqual(given.questions ?? [])
    // The renders that are reported are those that helm made; the others asked it to read documents or values.
    const renders = world.commands.filter((command) => !/ (?:reading|values)\b/.test(command))
    expect(renders).toHaveLength(relocated.value.renders)
    expect(renders.every((command) => command.startsWith('template web'))).toBe(true)
  })

  const plain = { template: deployment([composed]), values: composedValues }

  it('fails with the value that a chart requires', async () => {
    const template = deployment([
      'quay.io/o/{{ required "set settings.name" .Values.settings.name }}:1',
    ])
    const { request, doors } = makeWorld({ template, values: 'settings: {}\n' })
    expect(await relocate(request, doors)).toMatchObject({
      ok: false,
      problem: {
        kind: 'render-failed',
        leaf: 'settings.name',
        message: expect.stringContaining('set settings.name'),
      },
    })
  })

  it('fails for a chart that is not there, before anything runs', async () => {
    const { request, doors, commands, folder } = makeWorld(plain)
    const query = { chart: join(folder, 'missing') }
    expect(await relocate({ ...request, query }, doors)).toMatchObject({
      ok: false,
      problem: { kind: 'usage', side: 'input' },
    })
    expect(commands).toStrictEqual([])
  })

  it('starts no render after an interruption', async () => {
    const { request, doors, commands } = makeWorld(plain)
    const signal = AbortSignal.abort()
    await expect(relocate(request, { ...doors, signal })).rejects.toThrow('interrupted')
    expect(commands).toStrictEqual([])
  })

  const text = [
    'apiVersion: v1',
    'kind: ConfigMap',
    'metadata: { name: web }',
    'data: { side: "o/side:1.2" }',
  ]
  it.each([
    ['leaves it open', { mirror: [], ignore: [] }, ['o/side:1.2'], []],
    [
      'takes it for an image on request',
      { mirror: ['o/side:1.2'], ignore: [] },
      [],
      ['o/side:1.2'],
    ],
    ['ignores it on request', { mirror: [], ignore: ['o/side:1.2'] }, [], []],
  ])('finds text that may be an image, and %s', async (_, decisions, undecided, images) => {
    const { request, doors } = makeWorld({ template: text.join('\n'), values: '{}\n' })
    const relocated = await relocate({ ...request, decisions }, doors)
    if (!relocated.ok) throw new Error(relocated.problem.message)
    const { result } = relocated.value
    const short = (list: typeof result.images) =>
      list.map(({ reference }) => reference.replace('docker.io/', ''))
    expect([short(result.undecided), short(result.images)]).toStrictEqual([undecided, images])
  })

  it('proves a patched chart in which a hard-coded reference is private, and writes a post-renderer', async () => {
    const template = deployment([composed, 'quay.io/o/fixed:3'])
    const { request, doors, events, folder } = makeWorld({ ...plain, template })
    const [repack, postRenderer] = [join(folder, 'patched'), join(folder, 'post')]
    mkdirSync(repack)
    const relocated = await relocate({ ...request, repack, postRenderer }, doors)
    if (!relocated.ok) throw new Error(relocated.problem.message)
    expect(relocated.value.solved.unreached).toHaveLength(1)
    expect([relocated.value.repackFaults, unprovenProblems(relocated.value)]).toStrictEqual([
      [],
      [],
    ])
    expect(events.filter(({ kind }) => kind !== 'searched')).toStrictEqual([
      { kind: 'post-renderer-written', references: 1, isProven: true },
      {
        kind: 'repacked',
        archive: join(repack, 'web-1.2.3.tgz'),
        changes: ['values.yaml', 'templates/web.yaml'],
        isProven: true,
      },
    ])
    const script = readFileSync(join(postRenderer, 'ecr-airlift-references/rewrite.sh'), 'utf8')
    expect(script).toContain(`${registry}/mirrored/quay.io/o/fixed:3`)
  })
})
