import { describe, expect, it } from 'vitest'
import {
  failure,
  type Problem,
  ProblemError,
  toResult,
  toResultWithAll,
  success,
  unwrap,
} from '../../../scripts/lib/model/problem.ts'

const first: Problem = { kind: 'network', side: 'source', message: 'first' }
const second: Problem = { kind: 'not-found', side: 'source', message: 'second' }
const bug = new TypeError('a bug')

async function end(how: unknown): Promise<string> {
  if (how instanceof Error) throw how
  return 'done'
}

describe('The one channel between thrown problems and results', () => {
  it.each([
    ['a value', undefined, success('done'), success('done')],
    ['one problem', new ProblemError(first), failure(first), failure([first])],
    [
      'several problems',
      new ProblemError([first, second]),
      failure(first),
      failure([first, second]),
    ],
  ])('carries %s', async (_, how, one, all) => {
    expect(await toResult(end(how))).toStrictEqual(one)
    expect(await toResultWithAll(end(how))).toStrictEqual(all)
  })

  it('throws what is no problem on', async () => {
    await expect(toResult(end(bug))).rejects.toBe(bug)
    await expect(toResultWithAll(end(bug))).rejects.toBe(bug)
  })

  it('explains what is no problem where it is told how, and nothing else', async () => {
    const explain = (error: unknown): Problem => ({ ...second, detail: String(error) })
    const explained = { ...second, detail: 'TypeError: a bug' }
    expect(await toResult(end(bug), explain)).toStrictEqual(failure(explained))
    expect(await toResult(end(new ProblemError(first)), explain)).toStrictEqual(failure(first))
  })

  it('goes back by unwrapping', async () => {
    expect(unwrap(success(1))).toBe(1)
    const back = async () => unwrap(failure(first))
    expect(await toResultWithAll(back())).toStrictEqual(failure([first]))
  })
})
