import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import {
  mergeKubeconfig,
  renderKubeconfig,
} from '../../../../scripts/lib/bootstrap/cluster/kubeconfig.ts'

const entry = {
  name: 'ma.us-east-2',
  endpoint: 'https://x.eks.amazonaws.com',
  authority: 'PEM',
  namespace: 'ma',
  user: { tokenFile: '/run/token' },
}
const theirs = `# mine
apiVersion: v1
kind: Config
current-context: work
clusters:
  - name: work # the other one
    cluster: { server: https://work }
contexts:
  - name: work
    context: { cluster: work, user: me }
users:
  - name: me
    user: { token: secret }
`
const merge = (text: string) => {
  const merged = mergeKubeconfig('config', text, entry)
  if (!merged.ok) throw new Error(merged.problem.message)
  return merged.value
}

describe('A kubeconfig', () => {
  it('for one run has this cluster alone, by the token’s file', () => {
    expect(parse(renderKubeconfig(entry))).toStrictEqual({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: entry.name,
          cluster: {
            server: entry.endpoint,
            'certificate-authority-data': Buffer.from('PEM').toString('base64'),
          },
        },
      ],
      contexts: [
        { name: entry.name, context: { cluster: entry.name, user: entry.name, namespace: 'ma' } },
      ],
      users: [{ name: entry.name, user: { tokenFile: '/run/token' } }],
      'current-context': entry.name,
    })
  })
  it('of the user keeps its comments, its other clusters and its current context', () => {
    const merged = merge(theirs)
    expect(merged).toContain('# mine')
    expect(merged).toContain('# the other one')
    expect(parse(merged)).toMatchObject({
      'current-context': 'work',
      clusters: [{ name: 'work' }, { name: entry.name }],
      contexts: [{ name: 'work' }, { name: entry.name }],
      users: [{ name: 'me', user: { token: 'secret' } }, { name: entry.name }],
    })
  })
  it('that has the cluster already gets it renewed, not twice', () => {
    const merged = merge(merge(theirs).replace(entry.endpoint, 'https://old'))
    expect(parse(merged).clusters).toHaveLength(2)
    expect(merged).not.toContain('https://old')
    expect(merge(merged)).toBe(merged)
  })
  it('that is empty becomes one with this cluster', () => {
    expect(parse(merge('\n'))['current-context']).toBe(entry.name)
  })
  it('without a current context gets one', () => {
    expect(parse(merge('apiVersion: v1\nkind: Config\n'))['current-context']).toBe(entry.name)
  })
  it('a command in place of a token is written as an exec entry', () => {
    const user = { exec: { command: 'node', args: ['a', 'b'], env: { AWS_PROFILE: 'p' } } }
    expect(parse(renderKubeconfig({ ...entry, user })).users[0].user.exec).toStrictEqual({
      apiVersion: 'client.authentication.k8s.io/v1',
      interactiveMode: 'Never',
      command: 'node',
      args: ['a', 'b'],
      env: [{ name: 'AWS_PROFILE', value: 'p' }],
    })
  })
  it.each([
    ['x: &u [{ name: other }]\nusers: *u\n', 'users'],
    ['users: { a: b }\n', 'users'],
    ['contexts: text\n', 'contexts'],
  ])('that has something else than a list is refused: %j', (text, list) => {
    const merged = mergeKubeconfig('config', text, entry)
    expect(!merged.ok && merged.problem.message).toBe(
      `cannot update "config": its "${list}" is not a list`,
    )
  })
  it.each(['a: [', '- a list', 'just text'])(
    'that is none (%s) is refused and not overwritten',
    (text) => {
      const merged = mergeKubeconfig('config', text, entry)
      expect(!merged.ok && merged.problem.message).toMatch(/"config" is not a kubeconfig/)
    },
  )
})
