import { describe, expect, it } from 'vitest'
import { createAwsAgent } from '../../../scripts/lib/aws/agent.ts'

describe('createAwsAgent', () => {
  it.each([
    ['AWS_SESSION_TOKEN', 'hunter2\nX-y: z'],
    ['AWS_ACCESS_KEY_ID', 'AKIAhunter2\n'],
    ['AWS_SECRET_ACCESS_KEY', 'hunter2\r'],
    ['AWS_REGION', 'us-east-2\u0000hunter2'],
    ['AWS_PROFILE', 'a\u0085hunter2'],
  ])('refuses a control character in %s by its name, without what it has', (name, value) => {
    const make = () => createAwsAgent({ AWS_DEFAULT_REGION: 'us-east-2', [name]: value })
    expect(make).toThrow(
      expect.objectContaining({
        problems: [
          {
            kind: 'invalid-input',
            side: 'local',
            message: `${name} contains a line break or another control character`,
            next: expect.stringContaining('set it again'),
          },
        ],
      }),
    )
    expect(make).not.toThrow(/hunter2/)
  })

  it.each<[string, NodeJS.ProcessEnv]>([
    ['of AWS without any', { AWS_SESSION_TOKEN: 'IQoJb3JpZ2luX2VjE/+=', AWS_PROFILE: 'söme one' }],
    ['that are not there', { AWS_SESSION_TOKEN: undefined }],
    ['of others', { PS1: 'a\nb', MY_AWS_NOTE: 'a\nb' }],
  ])('takes variables %s', (_, env) => {
    expect(() => createAwsAgent(env).destroy()).not.toThrow()
  })
})
