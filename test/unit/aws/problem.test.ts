import { expect, it } from 'vitest'
import { callAws } from '../../../scripts/lib/aws/problem.ts'
import { ProblemError } from '../../../scripts/lib/model/problem.ts'

it.each(['SignatureDoesNotMatch', 'SomethingNew'])(
  '%s is explained without the tokens and keys of the request',
  async (name) => {
    const token = `IQoJb3JpZ2luX2VjE${'hunter2'.repeat(20)}`
    const words = `The canonical string should have been 'POST\nx-amz-security-token:${token}\nCredential=AKIAIOSFODNN7EXAMPLE/x'`
    const error = Object.assign(new Error(words), { name })
    const refused = callAws('sts:GetCallerIdentity', () => Promise.reject(error))
    const thrown: unknown = await refused.catch((one: unknown) => one)
    if (!(thrown instanceof ProblemError)) throw new Error('no problem was thrown')
    expect(JSON.stringify(thrown.problems)).not.toMatch(/hunter|IOSFODNN7/)
    expect(thrown.problems[0]?.message).toContain('x-amz-security-token:***')
  },
)
