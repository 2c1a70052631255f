import { describe, expect, it } from 'vitest'
import { type CopyJob, judgeTry, makeJobs } from '../../../../scripts/lib/mirror/copy/job.ts'
import { parseSourceMirrors } from '../../../../scripts/lib/mirror/sources/routes.ts'
import type { ImageStep } from '../../../../scripts/lib/mirror/plan/plan.ts'
import { type Problem, unwrap } from '../../../../scripts/lib/model/problem.ts'
import { parseReference } from '../../../../scripts/lib/model/image/reference.ts'

const doors = { backoff: { attempts: 3, first: 10, longest: 100 } }

function jobWith(mirrors: readonly string[]): CopyJob {
  const step: ImageStep = {
    kind: 'image',
    name: 'docker.io/library/busybox:1',
    host: 'docker.io',
    reference: unwrap(parseReference('busybox:1')),
    charts: [],
    place: { repository: 'r', tag: '1' },
    repository: 'r',
    destination: 'd/r:1',
    action: 'copy',
    reason: '',
    immutable: false,
  }
  const places = { contents: new Map(), mirrors: unwrap(parseSourceMirrors(mirrors)) }
  const [job] = makeJobs([step], places, () => undefined, undefined)
  if (job === undefined) throw new Error('no job')
  return job
}

const problem = (kind: Problem['kind'], side: Problem['side'] = 'source'): Problem => ({
  kind,
  side,
  message: kind,
})

describe('what follows from a failed try', () => {
  it.each<[string, Problem]>([
    ['the mirror does not have it', problem('not-found')],
    ['the mirror refuses', problem('unauthorized')],
    ['nobody answers', problem('network', 'unknown')],
    ['the mirror is out of patience', problem('rate-limited')],
  ])('is the next route at once when %s', (_, said) => {
    const job = jobWith(['docker.io=mirror.gcr.io'])
    expect(judgeTry(job, said, doors).verdict).toMatchObject({
      retry: true,
      delay: 0,
      pauseHost: said.kind === 'rate-limited',
    })
    expect(job.routes[job.route]?.registry).toBe('docker.io')
  })

  it('is no other route when the target is at fault', () => {
    const job = jobWith(['docker.io=mirror.gcr.io'])
    const { verdict } = judgeTry(job, problem('rate-limited', 'target'), doors)
    expect([verdict.retry, job.route, job.rounds]).toEqual([true, 0, 2])
  })

  it('is another round when one route may yet give what the last does not have', () => {
    const job = jobWith(['docker.io=docker.io,mirror.gcr.io'])
    judgeTry(job, problem('rate-limited'), doors)
    const { verdict, problem: told } = judgeTry(job, problem('not-found'), doors)
    expect([verdict.retry, told.kind, job.route, job.rounds]).toEqual([true, 'rate-limited', 0, 2])
  })

  it('is the end when no route has it', () => {
    const job = jobWith(['docker.io=mirror.gcr.io'])
    judgeTry(job, problem('not-found'), doors)
    expect(judgeTry(job, problem('not-found'), doors).verdict).toEqual({ retry: false })
  })
})
