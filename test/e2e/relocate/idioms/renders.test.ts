import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ProblemError } from '../../../../scripts/lib/model/problem.ts'
import type { TreeLiteral } from '../../../../scripts/lib/model/values/values.ts'
import {
  expected,
  given,
  type Idiom,
  mostRenders,
  observe,
  testIdioms,
  whole,
} from '../../support/charts/idioms.ts'
import { fixtures, relocateFolder, type RelocateSettings } from '../../support/charts/relocate.ts'

// Charts that do not render, or whose renders are incomplete.
const app = 'quay.io/example/app:1.2.3'
const exporter = 'ghcr.io/example/exporter:0.4.0'
const worker = 'ghcr.io/example/worker:0.4.0'

/** One image in repository and tag, whatever else the chart does. */
const moved: Omit<Idiom, 'chart' | 'that'> = {
  certain: [app],
  values: { 'image.repository': whole('quay.io/example/app') },
}
/** One image in one string. */
const movedWhole: Omit<Idiom, 'chart' | 'that'> = { certain: [app], values: { image: whole(app) } }

/** Containers that the consumer gives: a list that values.yaml has empty. */
const extra: TreeLiteral = { extraContainers: [{ name: 'worker', image: worker, tty: true }] }

interface Refusal {
  readonly chart: string
  readonly that: string
  readonly settings?: RelocateSettings
  /** In the words of helm or of the chart. */
  readonly message: string
  readonly next: string
}

const refusals: readonly Refusal[] = [
  {
    chart: 'required-value',
    that: 'a required value',
    message: 'a cluster name is needed',
    next: '"settings.clusterName"',
  },
  {
    chart: 'fail-one-at-a-time',
    that: 'the first of two values',
    message: 'set storage.bucket to a bucket of yours',
    next: '"storage.bucket"',
  },
  {
    chart: 'fail-one-at-a-time',
    that: 'the second of two values',
    settings: given({ storage: { bucket: 'b' } }),
    message: 'there is no telling where this would run',
    next: '"region"',
  },
  {
    chart: 'notes-fail',
    that: 'a value that only its notes need',
    message: 'collector.image.repository must not be empty',
    next: '"collector.image.repository"',
  },
  {
    chart: 'kube-version',
    that: 'a newer Kubernetes',
    message: 'requires kubeVersion: >=1.33.0-0',
    next: '--kube-version',
  },
]

describe('a chart that asks for something', () => {
  test.each(refusals.map((refusal) => [refusal.that, refusal] as const))(
    'is a problem that names it: %s',
    async (_, refusal) => {
      const { chart, settings = {}, message, next } = refusal
      const error = await relocateFolder(join(fixtures, chart), settings).catch(
        (thrown: unknown) => thrown,
      )
      const [problem] = error instanceof ProblemError ? error.problems : []
      expect(problem).toMatchObject({ kind: 'render-failed', side: 'input' })
      expect(problem?.message).toContain(`chart ${chart} 0.1.0 does not render`)
      expect(problem?.message).toContain(message)
      expect(problem?.next).toContain(next)
    },
  )
})

const answered: readonly Idiom[] = [
  {
    chart: 'required-value',
    that: 'a required value',
    settings: given({ settings: { clusterName: 'main' } }),
    ...moved,
  },
  {
    chart: 'fail-one-at-a-time',
    that: 'two values',
    settings: given({ storage: { bucket: 'b' }, region: 'us-east-2' }),
    ...movedWhole,
  },
  {
    chart: 'notes-fail',
    that: 'a value that only its notes need',
    settings: given({ collector: { image: { repository: 'ghcr.io/example/collector' } } }),
    ...movedWhole,
    dormant: ['ghcr.io/example/collector:0.4.0'],
    values: {
      image: whole(app),
      'collector.image.repository': whole('ghcr.io/example/collector'),
    },
  },
  {
    chart: 'kube-version',
    that: 'a newer Kubernetes',
    settings: { kubeVersion: '1.33.0' },
    ...movedWhole,
  },
]

describe('a chart is moved when it has', () => testIdioms(answered))

describe('a schema', () => {
  test('that is invalid is skipped and reported', async () => {
    const idiom = { chart: 'invalid-schema', that: 'is skipped', ...moved }
    const { observed, renders, result } = await observe(idiom)
    expect(observed).toEqual(expected(idiom))
    expect(renders).toBeLessThanOrEqual(mostRenders)
    expect(result.notices).toEqual([
      expect.stringMatching(/^its values\.schema\.json is invalid and was skipped: /),
    ])
  })

  test('that rejects the registry leaves the chart unproven', async () => {
    const { observed, result } = await observe({ chart: 'strict-schema', that: 'refuses' })
    expect(observed).toMatchObject({
      certain: [app],
      unreached: [`unmoved ${app} at Pod/app spec.containers[0].image`],
      proofs: { default: 'failed' },
    })
    expect(result.layouts.mirrored?.proofs[0]?.faults.join()).toMatch(/image.registry|\/registry/)
  })
})

const gated: readonly Idiom[] = [
  {
    chart: 'api-gate',
    that: 'an image behind an API version that the cluster lacks',
    ...movedWhole,
    dormant: [exporter],
    questions: [`other-cluster ${exporter}`],
    values: { image: whole(app), 'exporter.image.repository': whole('ghcr.io/example/exporter') },
  },
  {
    chart: 'api-gate',
    that: 'the same image where the cluster has it',
    settings: { apiVersions: ['monitoring.example.com/v1'] },
    certain: [exporter, app],
    values: { image: whole(app), 'exporter.image.repository': whole('ghcr.io/example/exporter') },
  },
  {
    chart: 'zero-until-set',
    that: 'no workload at all until a value is set',
    dormant: [app],
    values: { 'image.repository': whole('quay.io/example/app') },
    questions: ['no-images no-images'],
    proofs: { default: 'empty' },
  },
  {
    chart: 'zero-until-set',
    that: 'the workload once the value is set',
    settings: given({ discovery: { clusterName: 'main' } }),
    ...moved,
  },
  {
    chart: 'extra-containers',
    that: 'containers that the consumer gives',
    settings: given(extra),
    certain: [worker, app],
    values: {
      image: whole(app),
      extraContainers: [{ name: 'worker', image: whole(worker), tty: true }],
    },
  },
  {
    chart: 'crd-bundle',
    that: 'definitions without any image',
    questions: ['no-images no-images'],
    proofs: { default: 'empty' },
  },
  {
    chart: 'random',
    that: 'names, passwords and certificates that are new each time',
    ...moved,
  },
  {
    chart: 'checksum',
    that: 'a checksum of a ConfigMap that names an image',
    certain: [app],
    embedded: [worker],
    values: {
      'image.repository': whole('quay.io/example/app'),
      'worker.image': whole(worker),
    },
  },
]

describe('a render with', () => {
  testIdioms(gated)

  test.each(['zero-until-set', 'crd-bundle'])('no image is noticed: %s', async (chart) => {
    const { result } = await observe({ chart, that: 'is empty' })
    expect(result.questions).toEqual([{ kind: 'no-images', variant: 'default' }])
  })
})
