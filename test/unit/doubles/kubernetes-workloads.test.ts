import { describe, expect, test } from 'vitest'
import { inDefault, startKube, workload } from '../support/servers/kube-api.ts'

describe('workloads', () => {
  const path = (kind: string, name: string) =>
    kind === 'Job'
      ? `/apis/batch/v1/namespaces/default/jobs/${name}`
      : `/apis/apps/v1/namespaces/default/${kind.toLowerCase()}s/${name}`

  test.for([
    ['StatefulSet', /^console-0 console-1$/],
    ['Deployment', /^console-[0-9a-f]{10}-[a-z0-9]{5} console-[0-9a-f]{10}-[a-z0-9]{5}$/],
    ['DaemonSet', /^console-[a-z0-9]{5}$/],
  ] as const)('of the kind %s get pods with their names', async ([kind, names]) => {
    const { apply, kubernetes } = startKube()
    await apply(path(kind, 'console'), workload(kind, 'console', 'r/console:1', { replicas: 2 }))
    const pods = kubernetes.objects('Pod')
    expect(pods.map(({ metadata }) => metadata.name).join(' ')).toMatch(names)
    expect(pods[0]).toMatchObject({ status: { phase: 'Running' } })
    expect(kubernetes.objects(kind)[0]).toMatchObject({ status: { observedGeneration: 1 } })
  })
  test('get other pods for another template, and the images of both are remembered', async () => {
    const { apply, kubernetes } = startKube()
    for (const tag of ['1', '2']) {
      await apply(path('Deployment', 'web'), workload('Deployment', 'web', `r/web:${tag}`))
    }
    expect(kubernetes.objects('Pod')).toMatchObject([
      { spec: { containers: [{ image: 'r/web:2' }] } },
    ])
    expect(kubernetes.images()).toEqual(['r/web:1', 'r/web:2'])
    expect(kubernetes.objects('ReplicaSet')).toMatchObject([
      { spec: { replicas: 0 } },
      { spec: { replicas: 1 } },
    ])
  })
  test('that are Jobs succeed at once', async () => {
    const { apply, kubernetes } = startKube()
    const { body } = await apply(path('Job', 'once'), workload('Job', 'once', 'r/once:1'))
    expect(body).toMatchObject({ status: { succeeded: 1 } })
    expect(kubernetes.objects('Pod')).toMatchObject([{ status: { phase: 'Succeeded' } }])
  })
  test('that are Jobs fail or hang when a test says so, and their logs tell', async () => {
    const { apply, get, kubernetes } = startKube()
    kubernetes.failJob('bad-*', 'out of luck\n')
    kubernetes.hangJob('slow', 'waiting\n')
    const bad = await apply(path('Job', 'bad-1'), workload('Job', 'bad-1', 'r/a:1'))
    const slow = await apply(path('Job', 'slow'), workload('Job', 'slow', 'r/a:1'))
    expect(bad.body).toMatchObject({
      status: { failed: 1, conditions: [{}, { type: 'Failed', reason: 'BackoffLimitExceeded' }] },
    })
    expect(slow.body).toMatchObject({ status: { active: 1 } })
    const logs = []
    for (const { metadata } of kubernetes.objects('Pod')) {
      logs.push((await get(`${inDefault}/pods/${metadata.name}/log`)).body['text'])
    }
    expect(logs).toEqual(['out of luck\n', 'waiting\n'])
    expect(kubernetes.objects('Event').map((event) => event['reason'])).toContain(
      'BackoffLimitExceeded',
    )
    kubernetes.passJob('slow')
    expect((await get(path('Job', 'slow'))).body).toMatchObject({ status: { succeeded: 1 } })
  })
})
