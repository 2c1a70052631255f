import { describe, expect, it } from 'vitest'
import { failure, success, unwrap } from '../../../../scripts/lib/model/problem.ts'
import { readServed } from '../../../../scripts/lib/tools/kubernetes/served.ts'

const version = { gitVersion: 'v1.33.5-eks-113cf36' }
const aggregated = (...items: readonly object[]) => ({ kind: 'APIGroupDiscoveryList', items })
const group = (name: string, served: string, ...kinds: readonly string[]) => ({
  metadata: { name },
  versions: [{ version: served, resources: kinds.map((kind) => ({ responseKind: { kind } })) }],
})

/** Reads a cluster that answers these paths, and fails for others. */
const readFrom = (answers: Readonly<Record<string, unknown>>) =>
  readServed(async (path) =>
    Object.hasOwn(answers, path)
      ? success(typeof answers[path] === 'string' ? answers[path] : JSON.stringify(answers[path]))
      : failure({ kind: 'not-found', side: 'target', message: path }),
  )

describe('what a cluster serves', () => {
  it('is read from one answer each for its own group and for all others', async () => {
    const served = await readFrom({
      '/version': version,
      '/api': aggregated(group('', 'v1', 'Pod', 'Pod')),
      '/apis': aggregated(group('apps', 'v1', 'Deployment'), group('a.b', 'v1beta1', 'Thing')),
    })
    expect(unwrap(served)).toEqual({
      kubeVersion: 'v1.33.5-eks-113cf36',
      apiVersions: [
        'v1',
        'v1/Pod',
        'apps/v1',
        'apps/v1/Deployment',
        'a.b/v1beta1',
        'a.b/v1beta1/Thing',
      ],
    })
  })

  it('is read group by group from a cluster that knows no such answer', async () => {
    const served = await readFrom({
      '/version': version,
      '/api': { kind: 'APIVersions', versions: ['v1'] },
      '/api/v1': { resources: [{ kind: 'Pod' }] },
      '/apis': { kind: 'APIGroupList', groups: [{ versions: [{ groupVersion: 'apps/v1' }] }] },
      '/apis/apps/v1': { resources: [{ kind: 'Deployment' }] },
    })
    expect(unwrap(served).apiVersions).toEqual(['v1', 'v1/Pod', 'apps/v1', 'apps/v1/Deployment'])
  })

  it('has no names that helm would not read as one', async () => {
    const served = await readFrom({
      '/version': version,
      '/api': aggregated(),
      '/apis': aggregated(
        group('--evil', 'v1', 'A'),
        group('a.b', 'v1,x', 'B'),
        group('c.d', 'v1', 'C D'),
      ),
    })
    expect(unwrap(served).apiVersions).toEqual(['c.d/v1'])
  })

  it.each([
    ['no version', {}],
    ['something else', { gitVersion: '--output-dir=/' }],
    ['a page', '<html></html>'],
  ])('is not known of a cluster whose version is %s', async (_, answer) => {
    expect(await readFrom({ '/version': answer })).toMatchObject({
      ok: false,
      problem: { message: 'the cluster does not report its Kubernetes version' },
    })
  })

  it.each(['/version', '/api', '/apis'])('is not known without an answer to %s', async (path) => {
    const all: Record<string, unknown> = {
      '/version': version,
      '/api': aggregated(),
      '/apis': aggregated(),
    }
    delete all[path]
    expect(await readFrom(all)).toMatchObject({ ok: false, problem: { message: path } })
  })
})
