import { describe, expect, it } from 'vitest'
import type { UnreadableImage } from '../../../../scripts/lib/aws/ecr/client.ts'
import { decideUnreadable } from '../../../../scripts/lib/mirror/plan/decide-unreadable.ts'
import { openRestorer } from '../../../../scripts/lib/mirror/target/restore.ts'
import {
  explainUnreadable,
  type Unreadable,
  unreadableProblem,
} from '../../../../scripts/lib/aws/ecr/unreadable.ts'
import { decide, makePlan } from '../../../../scripts/lib/mirror/plan/plan.ts'
import { settle } from '../../../../scripts/lib/mirror/sources/sources.ts'
import { emptyLock } from '../../../../scripts/lib/model/manifest/lock.ts'
import { ProblemError, unwrap } from '../../../../scripts/lib/model/problem.ts'
import { parseReference } from '../../../../scripts/lib/model/image/reference.ts'
import { systemClock } from '../../../../scripts/lib/tools/pacing/clock.ts'
import { parseEcrRegistry } from '../../../../scripts/lib/model/image/registry.ts'

const [a = '', b = ''] = ['a', 'b'].map((letter) => `sha256:${letter.repeat(64)}`)
const registry = unwrap(parseEcrRegistry('123456789012.dkr.ecr.us-east-2.amazonaws.com'))
const archived: Unreadable = { state: 'archived', digest: a }
const restoring: Unreadable = { state: 'restoring', digest: a }
const broken: Unreadable = { state: 'inaccessible', code: 'KmsError', reason: 'no key' }
const tagOf = (unreadable: Unreadable) => ({
  registry,
  destination: `${registry.host}/r/app:1`,
  repository: 'r/app',
  tag: '1',
  unreadable,
})

describe('a tag that cannot be read', () => {
  it.each([
    // stored, expected, policy for existing tags, policy for archived images → action
    ['skip', a, archived, 'report', 'blocked'],
    ['skip', a, archived, 'restore', 'restore'],
    ['skip', a, archived, 'copy', 'copy'],
    ['skip', undefined, archived, 'report', 'blocked'],
    ['skip', undefined, archived, 'restore', 'restore'],
    // Copied only once the source has said that it is the same.
    ['skip', undefined, archived, 'copy', 'compare'],
    ['verify', undefined, archived, 'report', 'compare'],
    ['skip', b, archived, 'restore', 'differs'],
    ['verify', b, archived, 'copy', 'differs'],
    ['overwrite', b, archived, 'report', 'overwrite'],
    ['skip', a, restoring, 'report', 'blocked'],
    ['skip', a, restoring, 'restore', 'restore'],
    ['overwrite', b, broken, 'copy', 'blocked'],
    ['skip', undefined, broken, 'restore', 'blocked'],
  ] as const)('%s, expected %s, %j under %s → %s', (existing, expected, what, policy, action) => {
    const stored = 'digest' in what ? what.digest : undefined
    const decided = decideUnreadable(tagOf(what), decide(existing, stored, expected), policy, true)
    expect(decided.action).toBe(action)
    expect('refused' in decided).toBe(action === 'blocked')
  })

  it('of a chart is restored or copied without a comparison that nobody can make', () => {
    const decision = decide('skip', a, undefined)
    expect(decideUnreadable(tagOf(archived), decision, 'copy', false).action).toBe('copy')
  })
})

describe('a plan with an archived image', () => {
  const reference = unwrap(parseReference('quay.io/o/app:1'))
  const item = {
    kind: 'image' as const,
    reference,
    place: { repository: 'mirrored/quay.io/o/app', tag: '1' },
    charts: ['web'],
  }
  const repository = {
    name: 'mirrored/quay.io/o/app',
    arn: '',
    scanOnPush: false,
    mutability: 'MUTABLE',
    exclusions: [],
    encryption: 'AES256',
  }
  const inventory = {
    all: new Map(),
    repositories: new Map([[repository.name, repository]]),
    stored: new Map(),
    texts: new Map(),
    unreadable: new Map([[`${repository.name}:1`, archived]]),
  }
  const settings = {
    registry,
    prefix: '',
    existing: 'skip',
    platforms: 'auto',
    lock: emptyLock,
  } as const

  it('goes on, with the state as a fact', () => {
    const [step] = makePlan([item], inventory, settings).steps
    expect(step).toMatchObject({
      action: 'blocked',
      comparison: 'archived',
      unreadable: archived,
      stored: { digest: a },
      refused: { kind: 'archived' },
    })
  })

  it.each([
    [a, 'copy'],
    [b, 'differs'],
  ] as const)(
    'copies it again only when the source still has the same: %s → %s',
    (digest, action) => {
      const [step] = makePlan([item], inventory, { ...settings, onArchived: 'copy' }).steps
      expect(step?.action).toBe('compare')
      expect(step && settle(step, { digest }, settings).action).toBe(action)
    },
  )
})

const refuse = (): never => {
  throw new Error('unexpected call')
}
const denied = new ProblemError({ kind: 'access-denied', side: 'target', message: 'no' })

describe('what keeps an image back', () => {
  const inaccessible: UnreadableImage = { tag: '1', code: 'ImageInaccessible', reason: '' }
  it.each([
    ['ARCHIVED', { state: 'archived', digest: a }],
    ['ACTIVATING', { state: 'restoring', digest: a }],
    ['ACTIVE', { state: 'inaccessible', code: 'ImageInaccessible', reason: '' }],
  ] as const)('is found out from its status %s', async (status, expected) => {
    const readStates = async () => [{ digest: a, tags: ['0', '1'], status }]
    const found = await explainUnreadable({ readStates }, 'r', [inaccessible])
    expect(found.get('1')).toEqual(expected)
  })

  it('is not asked after for failures of another kind', async () => {
    const images = [{ tag: '1', code: 'KmsError', reason: 'no key' }]
    const found = await explainUnreadable({ readStates: refuse }, 'r', images)
    expect(found.get('1')).toEqual(broken)
  })

  it('stays unknown without permission to ask', async () => {
    const readStates = () => Promise.reject(denied)
    const found = await explainUnreadable({ readStates }, 'r', [inaccessible])
    expect(found.get('1')).toMatchObject({ state: 'inaccessible' })
    const problem = unreadableProblem(
      tagOf({ state: 'inaccessible', code: 'ImageInaccessible', reason: '' }),
    )
    expect(problem.next).toContain('ecr:DescribeImages')
  })

  it.each([
    ['KmsError', 'access-denied'],
    ['UpstreamAccessDenied', 'access-denied'],
    ['UpstreamTooManyRequests', 'rate-limited'],
    ['UpstreamUnavailable', 'server-error'],
    ['ImageReferencedByManifestList', 'conflict'],
    ['constructor', 'unknown'],
  ])('%s is a problem of kind %s', (code, kind) => {
    const problem = unreadableProblem(tagOf({ state: 'inaccessible', code, reason: 'x' }))
    expect(problem).toMatchObject({ kind, side: 'target' })
    expect(problem.next).not.toBe('')
  })

  it('is named with the command that restores it', () => {
    expect(unreadableProblem(tagOf(archived)).message.split('\n')[1]).toBe(
      `aws ecr update-image-storage-class --repository-name r/app --image-id imageDigest=${a} --target-storage-class STANDARD --registry-id 123456789012 --region us-east-2`,
    )
  })
})

describe('restoring', () => {
  const step = { repository: 'r/app', destination: `${registry.host}/r/app:1` }
  const index = JSON.stringify({ manifests: [{ digest: a }] })

  /** An ECR in which images become active after so many questions. */
  function archiveOf(questions: Record<string, number>, manifest = '{"layers":[]}') {
    const asked: string[] = []
    const left = new Map(Object.entries(questions))
    const restored = new Set<string>()
    const isActive = (digest: string) => (left.get(digest) ?? 0) <= 0
    return {
      asked,
      readStates: async (_: string, [id]: readonly object[]) => {
        const { digest } = id as { digest: string }
        if (restored.has(digest)) left.set(digest, (left.get(digest) ?? 0) - 1)
        const status = isActive(digest)
          ? ('ACTIVE' as const)
          : restored.has(digest)
            ? ('ACTIVATING' as const)
            : ('ARCHIVED' as const)
        return [{ digest, tags: [], status }]
      },
      restoreImage: async (_: string, digest: string) => {
        asked.push(digest)
        restored.add(digest)
      },
      readManifests: async (_: string, digests: readonly string[]) =>
        digests
          .filter(isActive)
          .map((digest) => ({ digest, mediaType: '', text: digest === 'root' ? manifest : '{}' })),
    }
  }
  const { signal } = new AbortController()

  it('asks once, waits, and brings the children of an index along', async () => {
    const ecr = archiveOf({ root: 1, [a]: 1 }, index)
    const done = await openRestorer({ ecr, signal, deadline: undefined, clock: systemClock })(
      step,
      'root',
    )
    expect(done).toEqual({ ok: true, value: undefined })
    expect(ecr.asked).toEqual(['root', a])
  })

  it('asks for nothing when it is on its way already', async () => {
    const ecr = archiveOf({ root: 0 })
    await openRestorer({ ecr, signal, deadline: undefined, clock: systemClock })(step, 'root')
    expect(ecr.asked).toEqual([])
  })

  it('gives up at the deadline', async () => {
    const ecr = archiveOf({ root: 1e9 })
    const done = await openRestorer({ ecr, signal, deadline: 1, clock: systemClock })(step, 'root')
    expect(done).toMatchObject({ problem: { kind: 'timeout', side: 'target' } })
  })

  it('ends when it is interrupted', async () => {
    const controller = new AbortController()
    controller.abort()
    const ecr = archiveOf({ root: 1e9 })
    const restore = openRestorer({
      ecr,
      signal: controller.signal,
      deadline: undefined,
      clock: systemClock,
    })
    expect(await restore(step, 'root')).toMatchObject({ problem: { kind: 'interrupted' } })
  })

  it('tells what ECR says when it does not let it', async () => {
    const ecr = { ...archiveOf({ root: 1 }), restoreImage: () => Promise.reject(denied) }
    const done = await openRestorer({ ecr, signal, deadline: undefined, clock: systemClock })(
      step,
      'root',
    )
    expect(done).toMatchObject({ problem: { kind: 'access-denied' } })
  })
})
