import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { openClusterTokens } from '../../../../scripts/lib/aws/cluster/token.ts'
import { createAgent } from '../../../../scripts/lib/tools/http/http.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

afterEach(() => void vi.unstubAllEnvs())

it('a token is made with the credentials that the file has by then', async () => {
  const file = join(makeTempFolder(), 'credentials')
  const write = (key: string) =>
    writeFileSync(file, `[work]\naws_access_key_id = ${key}\naws_secret_access_key = secret\n`)
  vi.stubEnv('AWS_ACCESS_KEY_ID', undefined)
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined)
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', file)
  vi.stubEnv('AWS_CONFIG_FILE', join(file, 'none'))
  vi.stubEnv('AWS_PROFILE', 'work')
  const { signal } = new AbortController()
  const tokens = openClusterTokens({ region: 'us-east-2', agent: createAgent({}), signal })
  const keys: (string | undefined)[] = []
  for (const key of ['AKIAOLD', 'AKIANEW']) {
    write(key)
    const { token } = await tokens.issue('one')
    const url = new URL(Buffer.from(token.replace('k8s-aws-v1.', ''), 'base64url').toString())
    keys.push(url.searchParams.get('X-Amz-Credential')?.split('/')[0])
  }
  expect(keys).toEqual(['AKIAOLD', 'AKIANEW'])
})
