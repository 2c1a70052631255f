import { describe, expect, it } from 'vitest'
import {
  describeRelease,
  diffValues,
  decideRelease,
  type ReleaseState,
} from '../../../../scripts/lib/bootstrap/application/release-state.ts'
import { treeOf, type TreeLiteral } from '../../../../scripts/lib/model/values/values.ts'

const wish = {
  release: 'ma',
  namespace: 'ma',
  chart: 'migration-assistant-0.2.0',
  chartDigest: 'sha256:aa',
  values: treeOf({ stageName: 'dev', images: { tag: '2' } }),
}
const same: ReleaseState = {
  status: 'deployed',
  description: describeRelease('sha256:aa'),
  chart: wish.chart,
  revision: 1,
  values: wish.values,
}
const judge = (state: ReleaseState | undefined, upgrade = false) =>
  decideRelease(state, wish, { upgrade })

describe('What is done with a release', () => {
  it('one that is not there is installed, with --upgrade too', () => {
    expect(judge(undefined)).toStrictEqual({ move: 'install' })
    expect(judge(undefined, true)).toStrictEqual({ move: 'install' })
  })
  it('one with the same chart and values is left alone', () => {
    expect(judge(same)).toMatchObject({ move: 'leave' })
    expect(judge(same, true)).toMatchObject({ move: 'leave' })
  })
  it.each([
    [
      'another version of the chart',
      { chart: 'migration-assistant-0.1.0' },
      /chart: migration-assistant-0.1.0 → migration-assistant-0.2.0/,
    ],
    [
      'another content under the same version',
      { description: describeRelease('sha256:bb') },
      /same version.*sha256:aa/,
    ],
    [
      'a release that something else has installed',
      { description: 'Install complete' },
      /its content may differ from/,
    ],
    [
      'other values',
      { values: treeOf({ stageName: 'dev', images: { tag: '1' } }) },
      /images.tag: "1" → "2"/,
    ],
  ])('%s stops it, shows the difference and names --upgrade', (_, change, difference) => {
    const judged = judge({ ...same, ...change })
    expect(judged.move).toBe('refuse')
    if (judged.move !== 'refuse') return
    expect(judged.problem.message).toMatch(difference)
    expect(judged.problem.next).toContain('--upgrade')
    expect(judge({ ...same, ...change }, true)).toMatchObject({ move: 'upgrade' })
  })
  it.each([
    ['pending-install', /helm uninstall ma --namespace ma/],
    ['pending-upgrade', /helm rollback ma --namespace ma/],
    ['pending-rollback', /helm rollback ma --namespace ma/],
    ['uninstalling', /wait until it is removed/],
    ['uninstalled', /helm uninstall ma/],
    ['unknown', /helm status ma/],
  ])('one in %s is refused with how to clean up, whatever is requested', (status, next) => {
    for (const upgrade of [false, true]) {
      const judged = judge({ ...same, status }, upgrade)
      expect(judged.move === 'refuse' && judged.problem.next).toMatch(next)
    }
  })
  it('one that has failed says why, and is upgraded when that is requested', () => {
    const failed = { ...same, status: 'failed', description: 'job installer failed' }
    const judged = judge(failed)
    expect(judged.move === 'refuse' && judged.problem.message).toContain('job installer failed')
    expect(judge(failed, true)).toMatchObject({ move: 'upgrade' })
  })
})

it.each<[string, TreeLiteral, TreeLiteral, string[]]>([
  ['nothing in common', { a: 1 }, { b: 2 }, ['  a: 1 → not set', '  b: not set → 2']],
  ['lists, item by item', { a: [1, 2] }, { a: [1, 3] }, ['  a[1]: 2 → 3']],
  [
    'what may be a secret is not told',
    { auth: { password: 'x' } },
    { auth: { password: 'y' } },
    ['  auth.password: differs'],
  ],
  ...[
    ['db', 'passphrase', 'hunter2hunter2'],
    ['db', 'apiKey', 'abcd1234efgh'],
    ['htpasswd', 'users', 'admin:$2y$10$abc'],
    ['auth', 'basic', 'user:pass'],
    ['cert', 'key', '-----BEGIN OPENSSH PRIVATE KEY-----'],
    ['ssh', 'tag', 'not-a-tag'],
    ['git', 'url', 'me:pass@example.com/a/b:1'],
  ].map(([first = '', second = '', value = '']): [string, TreeLiteral, TreeLiteral, string[]] => [
    `no text is quoted: ${first}.${second}`,
    { [first]: { [second]: value } },
    { [first]: { [second]: 'other' } },
    [`  ${first}.${second}: differs`],
  ]),
  [
    'images and their tags are quoted',
    { image: 'quay.io/a/app:1', app: { imageTag: 'v1.2.3' } },
    { image: 'r.example.com/a/app:1', app: { imageTag: '1.2.4' } },
    ['  image: "quay.io/a/app:1" → "r.example.com/a/app:1"', '  app.imageTag: "v1.2.3" → "1.2.4"'],
  ],
  ['the same', { a: { b: null } }, { a: { b: null } }, []],
])('values differ leaf by leaf: %s', (_, before, after, expected) => {
  expect(diffValues(treeOf(before), treeOf(after))).toStrictEqual(expected)
})
