import { describe, expect, it } from 'vitest'
import { formatReference, parseReference } from '../../../scripts/lib/model/image/reference.ts'
import { failure, type Problem, success, unwrap } from '../../../scripts/lib/model/problem.ts'
import { decideByRegistries } from '../../../scripts/lib/relocate/ask-registries.ts'
import { idleSession } from '../support/session.ts'

type Answer = 'present' | Problem['kind']

/** Decides with registries that answer this about each image. */
async function decide(
  groups: readonly (readonly string[])[],
  answers: Readonly<Record<string, Answer>>,
) {
  const asked: string[] = []
  const session = idleSession('')
  const registries: typeof session.registries = {
    ...session.registries,
    head: async (repository, by) => {
      const name = `${repository.registry}/${repository.path}:${by}`
      asked.push(name)
      const answer = answers[name]
      if (answer === undefined) throw new Error(`unexpected question: ${name}`)
      if (answer === 'present') return success({ digest: 'sha256:0', mediaType: '', size: 0 })
      return failure({ kind: answer, side: 'source', message: 'no' })
    },
  }
  const parsed = groups.map((group) => group.map((text) => unwrap(parseReference(text))))
  const resolve = async (host: string) => [host.startsWith('inside.') ? '127.0.0.1' : '8.8.8.8']
  const decisions = await decideByRegistries(parsed, { ...session, registries }, resolve)
  return { ...decisions, asked: asked.toSorted() }
}

const [short, long] = ['quay.io/a/b:1', 'quay.io/a/b/c:1']
const open = { mirror: [], ignore: [] }

describe('registries decide about several readings', () => {
  it.each<readonly [string, Readonly<Record<string, Answer>>, object]>([
    [
      'the only one that exists',
      { [short]: 'not-found', [long]: 'present' },
      { mirror: [long], ignore: [short] },
    ],
    [
      'where access to others is denied',
      { [short]: 'unauthorized', [long]: 'present' },
      { mirror: [long], ignore: [short] },
    ],
    ['not where both exist', { [short]: 'present', [long]: 'present' }, open],
    ['not where none exists', { [short]: 'not-found', [long]: 'access-denied' }, open],
    ['not where one cannot be asked about', { [short]: 'invalid-input', [long]: 'present' }, open],
  ])('%s', async (_, answers, expected) => {
    expect(await decide([[short, long]], answers)).toEqual({
      ...expected,
      asked: [short, long].map((text) => formatReference(unwrap(parseReference(text)))).toSorted(),
    })
  })

  it.each([
    'localhost:8080',
    '127.0.0.1:6379',
    '169.254.169.254',
    '10.0.0.1',
    'inside.example.com',
  ])('sends nothing to %s, which a chart names', async (registry) => {
    const inside = `${registry}/a/b:1`
    const answers: Record<string, Answer> = { [long]: 'present' }
    expect(await decide([[inside, long]], answers)).toEqual({ ...open, asked: [long] })
  })

  it('asks about each image once, and never ignores one that exists', async () => {
    const other = 'quay.io/a/b/d:1'
    const answers: Record<string, Answer> = {
      [short]: 'not-found',
      [long]: 'present',
      [other]: 'present',
    }
    const { mirror, ignore, asked } = await decide(
      [
        [short, long],
        [short, other],
      ],
      answers,
    )
    expect({ mirror, ignore }).toEqual({ mirror: [long, other], ignore: [short] })
    expect(asked).toHaveLength(3)
  })
})
