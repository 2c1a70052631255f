import { describe, expect, test } from 'vitest'
import { accessKey } from '../../../scripts/sandbox/aws/credentials.ts'
import { eksToken, type TokenParts } from '../support/servers/eks-token.ts'
import { startKube } from '../support/servers/kube-api.ts'

const minute = 60_000

describe('a token', () => {
  test.for<[string, Omit<TokenParts, 'cluster'> & { cluster?: string; age?: number }, string]>([
    ['for another cluster', { cluster: 'other' }, 'the signature does not match'],
    ['of another key', { secret: 'x' }, 'the signature does not match'],
    ['of another principal', { keyId: 'AKIAOTHER' }, 'the credential is AKIAOTHER'],
    ['for the global endpoint', { host: 'sts.amazonaws.com' }, 'the URL is for https://sts.amaz'],
    ['for another region', { host: 'sts.eu-west-1.amazonaws.com' }, 'the URL is for'],
    [
      'signed for another region',
      { region: 'eu-west-1', host: 'sts.us-east-2.amazonaws.com' },
      'the credential is',
    ],
    ['for another action', { action: 'GetSessionToken' }, 'the action is GetSessionToken'],
    ['without the header of the cluster', { headers: {} }, 'x-k8s-aws-id is not signed'],
    [
      'with more signed headers',
      { headers: { 'x-k8s-aws-id': 'airlift', 'x-other': 'a' } },
      'signed headers are missing: x-other',
    ],
    ['that is too old', { age: 16 * minute }, 'has expired'],
    ['dated in the future', { age: -16 * minute }, 'which is in the future'],
  ])('%s is refused', async ([, parts, reason]) => {
    const { get, kubernetes, time } = startKube()
    const { age = 0, ...rest } = parts
    const token = eksToken({ cluster: 'airlift', time: time - age, ...rest })
    const { status, body } = await get('/version', { authorization: `Bearer ${token}` })
    expect([status, body['kind'], body['reason']]).toEqual([401, 'Status', 'Unauthorized'])
    expect(kubernetes.tokenChecks()).toEqual({
      accepted: 0,
      refused: [expect.stringContaining(reason)],
    })
  })
  test.for([
    ['', 'no bearer token'],
    ['Bearer abc', 'does not begin with k8s-aws-v1.'],
    ['Bearer k8s-aws-v1.ab==', 'base64url'],
    [`Bearer k8s-aws-v1.${Buffer.from('hello').toString('base64url')}`, 'not a URL'],
  ] as const)('that is "%s" is refused', async ([authorization, reason]) => {
    const { get, kubernetes } = startKube()
    expect((await get('/version', { authorization })).status).toBe(401)
    expect(kubernetes.tokenChecks().refused).toEqual([expect.stringContaining(reason)])
  })
  test('is good for a quarter of an hour', async () => {
    const { get, kubernetes, time } = startKube()
    const token = eksToken({ cluster: 'airlift', time: time - 14 * minute })
    const { status, body } = await get('/version', { authorization: `Bearer ${token}` })
    expect([status, body['minor']]).toEqual([200, '33'])
    expect(kubernetes.tokenChecks()).toEqual({ accepted: 1, refused: [] })
  })
  test('of credentials that have expired is refused', async () => {
    const { credentials, get, kubernetes } = startKube()
    credentials.set('expired')
    expect((await get('/version')).status).toBe(401)
    expect(kubernetes.tokenChecks().refused).toEqual(['the credentials are expired'])
  })
  test('does not show the key that it was made with', () => {
    const token = eksToken({ cluster: 'airlift' }).slice('k8s-aws-v1.'.length)
    expect(Buffer.from(token, 'base64url').toString()).not.toContain(accessKey.secret)
  })
})
