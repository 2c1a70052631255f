import { describe, expect, it } from 'vitest'
import { diagnose, stateOfPods } from '../../../../scripts/lib/bootstrap/cluster/diagnostics.ts'
import { failure, type Result, success } from '../../../../scripts/lib/model/problem.ts'
import type {
  Kubernetes,
  KubernetesEvent,
  Pod,
} from '../../../../scripts/lib/tools/kubernetes/client.ts'

const pod = (name: string, change: Partial<Pod> = {}): Pod => ({
  name,
  phase: 'Running',
  isReady: true,
  troubles: [],
  containers: ['main'],
  job: undefined,
  createdAt: '2026-01-01T00:00:00Z',
  ...change,
})
const event = (reason: string, change: Partial<KubernetesEvent> = {}): KubernetesEvent => ({
  at: '2026-01-01T00:00:00Z',
  about: 'Pod/x',
  type: 'Warning',
  reason,
  message: 'why',
  ...change,
})
const refused: Result<never> = failure({
  kind: 'access-denied',
  side: 'target',
  message: 'forbidden',
})

function play(
  pods: Result<Pod[]>,
  events: Result<KubernetesEvent[]> = success([]),
  log: (name: string) => Result<string> = (name) => success(`log of ${name}\n`),
): Kubernetes {
  return {
    pods: async () => pods,
    served: () => Promise.reject(new Error('unexpected')),
    events: async () => events,
    log: async (_, name) => log(name),
  }
}

describe('Why an installation failed', () => {
  const cases: readonly (readonly [string, Kubernetes, readonly string[]])[] = [
    [
      'nothing that is well is told',
      play(success([pod('a'), pod('b', { phase: 'Succeeded', job: 'b' })])),
      [],
    ],
    [
      'a pod that waits, with its trouble',
      play(success([pod('a', { phase: 'Pending', troubles: ['ImagePullBackOff: x'] })])),
      ['pod a: Pending, ImagePullBackOff: x'],
    ],
    [
      'a Job that still runs, with its log',
      play(success([pod('a', { job: 'a' })])),
      ['pod a: Running', 'log of a/main:', '  log of a'],
    ],
    [
      'the last three pods of a Job, by their age',
      play(
        success(
          [3, 1, 4, 2].map((age) =>
            pod(`p${age}`, { job: 'j', phase: 'Failed', createdAt: `2026-01-0${age}T00:00:00Z` }),
          ),
        ),
      ),
      [
        'pod p3: Failed',
        'pod p1: Failed',
        'pod p4: Failed',
        'pod p2: Failed',
        'log of p2/main:',
        '  log of p2',
        'log of p3/main:',
        '  log of p3',
        'log of p4/main:',
        '  log of p4',
      ],
    ],
    [
      'a log that cannot be read is said',
      play(success([pod('a', { job: 'a' })]), success([]), () => refused),
      ['pod a: Running', 'log of a/main:', '  forbidden'],
    ],
    [
      'warnings in order, and nothing else of the events',
      play(
        success([]),
        success([event('B', { at: '2026-01-02' }), event('N', { type: 'Normal' }), event('A')]),
      ),
      ['event: Pod/x A: why', 'event: Pod/x B: why'],
    ],
    [
      'pods that cannot be read do not hide the events',
      play(refused, success([event('A')])),
      ['forbidden', 'event: Pod/x A: why'],
    ],
    [
      'events that cannot be read do not hide the pods',
      play(success([pod('a', { phase: 'Failed' })]), refused),
      ['pod a: Failed', 'forbidden'],
    ],
  ]
  it.each(cases)('%s', async (_, kubernetes, expected) => {
    expect(await diagnose(kubernetes, 'ma')).toStrictEqual(expected)
  })
})

it.each([
  ['no pods', [], ''],
  [
    'counts by phase',
    [pod('a'), pod('b'), pod('c', { phase: 'Pending' })],
    'pods: 2 Running, 1 Pending',
  ],
  [
    'and what troubles them',
    [pod('a', { troubles: ['CrashLoopBackOff'] })],
    'pods: 1 Running · a: CrashLoopBackOff',
  ],
])('the state of pods in a line: %s', (_, pods, expected) => {
  expect(stateOfPods(pods)).toBe(expected)
})
