import { describe, expect } from 'vitest'
import type { FaultRule } from '../../../scripts/sandbox/net/faults.ts'
import { images, kubectl, operator } from '../support/images.ts'
import {
  chartPlace,
  digestAt,
  faultOfCopy,
  faultsOfCopies,
  operations,
  writes,
} from '../support/stores.ts'
import { test, type World, type WorldOptions } from '../support/world.ts'

// Failing sources: missing, denied, slow or damaged content.
const fluentBit = { charts: ['fluent-bit'] } as const

interface Fault {
  readonly what: string
  readonly rule: FaultRule
  readonly options?: WorldOptions
  readonly args?: readonly string[]
}

const throttled = {
  status: 429,
  headers: { 'content-type': 'application/json' },
  body: '{"errors":[{"code":"TOOMANYREQUESTS","message":"slow down"}]}',
} as const

const passing: readonly Fault[] = [
  {
    what: 'answers 429 to the first questions',
    rule: { host: 'quay.io', operation: 'manifestHead', times: 3, effect: throttled },
  },
  {
    what: 'answers 429 to the first pulls',
    rule: { host: 'quay.io', operation: 'manifestGet', times: 8, effect: throttled },
  },
  {
    what: 'answers 500 for a while',
    rule: { host: 'quay.io', operation: 'blobGet', times: 8, effect: { status: 500 } },
  },
  {
    what: 'resets connections',
    rule: { host: 'quay.io', operation: 'blobGet', times: 6, effect: { reset: true } },
  },
  {
    what: 'breaks off in the middle of layers',
    rule: { host: 'quay.io', operation: 'blobGet', times: 4, effect: { truncate: 100 } },
  },
  {
    what: 'stalls once',
    rule: { host: 'quay.io', operation: 'blobGet', times: 1, effect: { stall: true } },
    args: ['--deadline', '8'],
  },
  {
    what: 'breaks off in the middle of a chart',
    rule: { operation: 'chartArchive', times: 2, effect: { truncate: 100 } },
    options: fluentBit,
  },
  {
    what: 'answers 503 for the index of a chart repository',
    rule: { operation: 'chartIndex', times: 2, effect: { status: 503 } },
    options: fluentBit,
  },
]

describe.concurrent('a source is waited for when it', () => {
  const cases = passing.map((fault) => [fault.what, fault] as const)
  test.for(cases)('%s', async ([, fault], { world: make }) => {
    const world = await make(fault.options ?? { images })
    world.sandbox.addFault(fault.rule)
    const { code, stderr } = await world.mirror(fault.args ?? [])
    expect(code, stderr).toBe(0)
    const references = world.manifest.images.map(({ reference }) => reference)
    expect(faultsOfCopies(world.sandbox, references)).toEqual([])
    for (const chart of world.manifest.charts) {
      expect(digestAt(world.sandbox, chartPlace(chart)), stderr).toBeDefined()
    }
  })
})

interface Failure {
  readonly what: string
  readonly prepare: (world: World) => void
  readonly options?: WorldOptions
  readonly args?: readonly string[]
  readonly says: RegExp
  readonly next: RegExp
}

const down = (host: string): FaultRule => ({ host, effect: { status: 500 } })

const failing: readonly Failure[] = [
  {
    what: 'an image that does not exist, where registries say so',
    prepare: ({ sandbox }) => sandbox.removeUpstream(kubectl),
    says: /error: image "registry\.k8s\.io\/kubectl:v1\.32\.7": not found at the source/,
    next: /→ check the reference in the chart list that \S+ was generated from; publishers sometimes remove tags/,
  },
  {
    what: 'an image whose tag was removed, where the repository stays',
    options: {
      images: [
        'quay.io/strimzi/kafka:0.47.0-kafka-3.9.0',
        'quay.io/strimzi/kafka:0.47.0-kafka-4.0.0',
      ],
    },
    prepare: ({ sandbox }) => sandbox.removeUpstream('quay.io/strimzi/kafka:0.47.0-kafka-4.0.0'),
    says: /error: image "quay\.io\/strimzi\/kafka:0\.47\.0-kafka-4\.0\.0": not found at the source/,
    next: /→ check the reference in the chart list that \S+ was generated from;/,
  },
  {
    what: 'an image that does not exist, where registries say that it is not for everyone',
    prepare: ({ sandbox }) => sandbox.removeUpstream(operator),
    says: /error: image "quay\.io\/strimzi\/operator:0\.47\.0": .*(UNAUTHORIZED|401)/,
    next: /→ check that the name exists on "quay\.io", or provide credentials for it/,
  },
  {
    what: 'a registry that answers 500 to everything',
    prepare: ({ sandbox }) => sandbox.addFault(down('quay.io')),
    says: /error: image "quay\.io\/strimzi\/operator:0\.47\.0": .*500/,
    next: /→ check that "quay\.io" can be reached from here/,
  },
  {
    what: 'a chart repository that is not there',
    options: fluentBit,
    prepare: ({ sandbox }) =>
      sandbox.addFault({ host: 'fluent.github.io', effect: { status: 404 } }),
    says: /error: "https:\/\/fluent\.github\.io\/helm-charts" is not a chart repository/,
    next: /→ check this chart's repository in the chart list that \S+ was generated from[;\n]/,
  },
  {
    what: 'a chart repository that answers 500',
    options: fluentBit,
    prepare: ({ sandbox }) => sandbox.addFault(down('fluent.github.io')),
    says: /error: .*fluent\.github\.io.*500/,
    next: /→ check that "fluent\.github\.io" can be reached from here/,
  },
  {
    what: 'a chart repository that answers with a web page',
    options: fluentBit,
    prepare: ({ sandbox }) =>
      sandbox.addFault({
        operation: 'chartIndex',
        effect: { status: 200, body: '<html>welcome</html>' },
      }),
    says: /error: .*"https:\/\/fluent\.github\.io\/helm-charts\/index\.yaml" is not a chart index/,
    next: /→ check this chart's repository in the chart list that \S+ was generated from[;\n]/,
  },
  {
    what: 'a chart version that does not exist',
    options: fluentBit,
    prepare: ({ sandbox }) => sandbox.addFault(index({ version: '0.48.9' })),
    says: /error: chart "fluent-bit" has no version "0\.49\.0"/,
    next: /→ available versions include 0\.48\.9/,
  },
  {
    what: 'a chart version that is published with another v',
    options: fluentBit,
    prepare: ({ sandbox }) => sandbox.addFault(index({ version: 'v0.49.0' })),
    says: /error: chart "fluent-bit" has no version "0\.49\.0"/,
    next: /→ it is published as "v0\.49\.0": set published: 'v0\.49\.0' in the chart list that \S+ was generated from and regenerate[;\n]/,
  },
]

describe.concurrent('preflight finds, and nothing is changed,', () => {
  const cases = failing.map((failure) => [failure.what, failure] as const)
  test.for(cases)('%s', async ([, failure], { world: make }) => {
    const world = await make(failure.options ?? { images })
    failure.prepare(world)
    const { code, stderr, stdout } = await world.mirror(failure.args ?? [])
    expect(code, stderr).toBe(3)
    expect(stderr).toMatch(failure.says)
    expect(stderr).toMatch(failure.next)
    expect(stderr.match(/^error:/gm)).toHaveLength(1)
    expect(stderr).toContain('nothing was changed')
    expect(stderr).not.toMatch(/this is a bug/)
    expect(stdout).toBe('')
    expect(writes(world.sandbox)).toBe(0)
  })

  test('several problems at once, and lists them all', async ({ world: make }) => {
    const world = await make({ charts: ['fluent-bit', 'strimzi-kafka-operator'] })
    const gone = 'quay.io/strimzi/kafka:0.47.0-kafka-4.0.0'
    world.sandbox.removeUpstream(gone)
    world.sandbox.addFault(index({ version: '0.1.0' }))
    world.sandbox.addFault({ host: 'cr.fluentbit.io', effect: { status: 403 } })
    const { code, stderr } = await world.mirror()
    expect(code, stderr).toBe(3)
    expect(stderr).toContain(`image "${gone}": not found at the source`)
    expect(stderr).toContain('chart "fluent-bit" has no version "0.49.0"')
    expect(stderr).toMatch(/error: image "cr\.fluentbit\.io\/fluent\/fluent-bit:4\.0\.1": .*403/)
    expect(stderr.match(/^error:/gm)).toHaveLength(3)
    expect(stderr.match(/^ {2}→ /gm)).toHaveLength(3)
    expect(writes(world.sandbox)).toBe(0)
  })
})

const unchecked: readonly Failure[] = [
  {
    what: 'an image does not exist',
    prepare: ({ sandbox }) => sandbox.removeUpstream(operator),
    says: /error: image "quay\.io\/strimzi\/operator:0\.47\.0": /,
    next: /→ check that the name exists on "quay\.io", or provide credentials for it/,
  },
  {
    what: 'a registry answers 500',
    prepare: ({ sandbox }) => sandbox.addFault(down('quay.io')),
    says: /error: image "quay\.io\/strimzi\/operator:0\.47\.0": .*500/,
    next: /→ check that "quay\.io" can be reached/,
  },
  {
    what: 'a registry serves questions and no layers',
    prepare: ({ sandbox }) =>
      sandbox.addFault({ host: 'quay.io', operation: 'blobGet', effect: { status: 403 } }),
    says: /error: quay\.io\/strimzi\/operator:0\.47\.0: .*403/,
    next: /→ .*"quay\.io"/,
  },
  {
    what: 'a registry stalls',
    prepare: ({ sandbox }) =>
      sandbox.addFault({ host: 'quay.io', operation: 'blobGet', effect: { stall: true } }),
    args: ['--deadline', '3'],
    says: /error: quay\.io\/strimzi\/operator:0\.47\.0: crane did not finish before its deadline/,
    next: /→ if the image is large or the network is slow, raise --deadline/,
  },
]

describe.concurrent('without a check, everything else is copied when', () => {
  const cases = unchecked.map((failure) => [failure.what, failure] as const)
  test.for(cases)('%s', async ([, failure], { world: make }) => {
    const world = await make({ images })
    failure.prepare(world)
    const { code, stderr, stdout } = await world.mirror(['--no-check', ...(failure.args ?? [])])
    expect(code, stderr).toBe(1)
    expect(stderr).toMatch(failure.says)
    expect(stderr).toMatch(failure.next)
    expect(stderr.match(/^error:/gm)).toHaveLength(1)
    expect(stdout).toContain('1 of 2 items needs attention')
    expect(faultOfCopy(world.sandbox, kubectl)).toBeUndefined()
  })
})

describe.concurrent('a chart is not pushed when', () => {
  const archives = 'https://github.com/fluent/helm-charts/releases/download'
  const url = `${archives}/fluent-bit-0.49.0/fluent-bit-0.49.0.tgz`

  test('its archive differs from the index', async ({ world: make }) => {
    const world = await make(fluentBit)
    world.sandbox.addFault(index({ version: '0.49.0', url, digest: '0'.repeat(64) }))
    const { code, stderr } = await world.mirror()
    expect(code, stderr).toBe(1)
    expect(stderr).toMatch(
      /error: .*has SHA-256 [0-9a-f]{64}, but the repository's index lists 0{64}/,
    )
    expect(stderr).toMatch(/→ do not use this archive/)
    expect(world.sandbox.ecrImages('charts/fluent-bit')?.tags).toEqual({})
    expect(operations(world.sandbox, 'sources')['chartArchive']).toBe(1)
    const references = world.manifest.images.map(({ reference }) => reference)
    expect(faultsOfCopies(world.sandbox, references)).toEqual([])
  })

  test('its archive is not an archive', async ({ world: make }) => {
    const world = await make(fluentBit)
    world.sandbox.addFault({
      operation: 'chartArchive',
      effect: { status: 200, body: '<html>please log in</html>' },
    })
    const { code, stderr } = await world.mirror()
    expect(code, stderr).toBe(1)
    expect(stderr).not.toMatch(/this is a bug/)
    expect(stderr).toMatch(/error: .*fluent-bit.*(is not a chart|SHA-256)/)
    expect(stderr).not.toMatch(/retry in/)
    expect(stderr).toMatch(/^ {2}→ /m)
    expect(world.sandbox.ecrImages('charts/fluent-bit')?.tags).toEqual({})
    const references = world.manifest.images.map(({ reference }) => reference)
    expect(faultsOfCopies(world.sandbox, references)).toEqual([])
  })
})

/** Puts another index in place of the one of fluent-bit. */
function index(entry: {
  readonly version: string
  readonly url?: string
  readonly digest?: string
}): FaultRule {
  const { version, url = 'fluent-bit.tgz', digest } = entry
  const lines = [
    'apiVersion: v1',
    'entries:',
    '  fluent-bit:',
    `    - { version: "${version}", urls: ["${url}"]${digest ? `, digest: "${digest}"` : ''} }`,
  ]
  const effect = { status: 200, body: lines.join('\n') }
  return { host: 'fluent.github.io', operation: 'chartIndex', effect }
}
