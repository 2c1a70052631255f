import { describe, expect, test } from 'vitest'
import { createCall } from '../../../scripts/sandbox/net/call.ts'
import { configMap, inDefault, startKube, workload } from '../support/servers/kube-api.ts'

describe('objects', () => {
  test('are created, read, replaced and deleted', async () => {
    const { get, post, send } = startKube()
    const created = await post(`${inDefault}/configmaps`, configMap('a', { x: '1' }))
    expect(created).toMatchObject({ status: 201, body: { metadata: { namespace: 'default' } } })
    expect(await get(`${inDefault}/configmaps/a`)).toMatchObject({ body: { data: { x: '1' } } })
    const path = `${inDefault}/configmaps/a`
    expect((await send('PUT', path, configMap('a', { x: '2' }))).body).toMatchObject({
      data: { x: '2' },
      metadata: { uid: expect.any(String) },
    })
    expect((await send('DELETE', path)).status).toBe(200)
    expect(await get(path)).toMatchObject({ status: 404, body: { reason: 'NotFound' } })
  })
  test('that were changed in the meantime are not replaced', async () => {
    const { post, send } = startKube()
    const { body } = await post(`${inDefault}/configmaps`, configMap('a'))
    const path = `${inDefault}/configmaps/a`
    await send('PUT', path, configMap('a', { x: '2' }))
    expect(await send('PUT', path, body)).toMatchObject({ body: { reason: 'Conflict' } })
  })
  test.for<[string, string, string, object, string]>([
    [
      'a name that is taken',
      'POST',
      `${inDefault}/configmaps`,
      configMap('taken'),
      'AlreadyExists',
    ],
    ['no name', 'POST', `${inDefault}/configmaps`, { ...configMap(''), metadata: {} }, 'Invalid'],
    ['no object', 'POST', `${inDefault}/configmaps`, { data: {} }, 'BadRequest'],
    ['a missing namespace', 'POST', '/api/v1/namespaces/no/configmaps', configMap('a'), 'NotFound'],
    ['an unknown kind', 'POST', '/apis/example.com/v1/widgets', configMap('a'), 'NotFound'],
    ['a whole list', 'DELETE', `${inDefault}/configmaps`, {}, 'MethodNotAllowed'],
    ['another patch', 'PATCH', `${inDefault}/configmaps/taken`, {}, 'UnsupportedMediaType'],
    ['a missing subresource', 'POST', `${inDefault}/pods/a/exec`, {}, 'NotFound'],
  ])('are refused for %s', async ([, method, path, body, reason]) => {
    const { post, send } = startKube()
    await post(`${inDefault}/configmaps`, configMap('taken'))
    expect((await send(method, path, body)).body).toMatchObject({ kind: 'Status', reason })
  })
  test('that are only tried are not kept', async () => {
    const { get, post } = startKube()
    expect((await post(`${inDefault}/configmaps?dryRun=All`, configMap('a'))).status).toBe(201)
    expect((await get(`${inDefault}/configmaps/a`)).status).toBe(404)
  })
  test('are listed by label and field', async () => {
    const { get, post } = startKube()
    await post(`${inDefault}/configmaps`, configMap('a', {}, { app: 'x' }))
    await post(`${inDefault}/configmaps`, configMap('b', {}, { app: 'y' }))
    const names = async (query: string) => {
      const { body } = await get(`/api/v1/configmaps?${query}`)
      return (body['items'] as { metadata: { name: string } }[]).map(
        ({ metadata }) => metadata.name,
      )
    }
    expect(await names('labelSelector=app%3Dx')).toEqual(['a'])
    expect(await names('fieldSelector=metadata.name%3Db')).toEqual(['b'])
  })
  test('go with their namespace and with their owners', async () => {
    const { apply, kubernetes, post, send } = startKube()
    await post('/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'n' },
    })
    const deployment = workload('Deployment', 'web', 'r/web:1')
    await apply('/apis/apps/v1/namespaces/n/deployments/web', deployment)
    await apply('/apis/apps/v1/namespaces/default/deployments/web', deployment)
    expect(kubernetes.objects('Pod')).toHaveLength(2)
    await send('DELETE', '/api/v1/namespaces/n')
    await send('DELETE', '/apis/apps/v1/namespaces/default/deployments/web')
    expect(kubernetes.objects('Pod')).toEqual([])
    expect(kubernetes.objects('ReplicaSet')).toEqual([])
  })
  test('in protobuf are read where typed clients send them so', async () => {
    const { post, send } = startKube()
    const secret = Buffer.concat([
      field(1, Buffer.concat([field(1, 'release'), field(11, pair('owner', 'helm'))])),
      field(2, pair('release', 'payload')),
      field(3, 'helm.sh/release.v1'),
    ])
    const headers = { 'content-type': 'application/vnd.kubernetes.protobuf' }
    expect(
      (await send('POST', `${inDefault}/secrets`, envelope('Secret', secret), headers)).body,
    ).toMatchObject({
      kind: 'Secret',
      type: 'helm.sh/release.v1',
      metadata: { name: 'release', labels: { owner: 'helm' } },
      data: { release: Buffer.from('payload').toString('base64') },
    })
    const pod = envelope('Pod', Buffer.alloc(0))
    expect((await send('POST', `${inDefault}/pods`, pod, headers)).status).toBe(415)
    expect(
      (
        await post(`${inDefault}/secrets`, {
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: 'release' },
        })
      ).status,
    ).toBe(409)
  })
})

function field(number: number, content: Buffer | string): Buffer {
  const bytes = Buffer.from(content)
  return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes])
}

function pair(key: string, value: string): Buffer {
  return Buffer.concat([field(1, key), field(2, value)])
}

function envelope(kind: string, object: Buffer): Buffer {
  const type = Buffer.concat([field(1, 'v1'), field(2, kind)])
  return Buffer.concat([Buffer.from('k8s\0'), field(1, type), field(2, object)])
}

describe('a watch', () => {
  interface Told {
    readonly type: string
    readonly object: { readonly metadata: { readonly name?: string } }
  }
  const lookAt = async (kube: ReturnType<typeof startKube>, query: string) => {
    const told: string[] = []
    const { reply } = await kube.get(`${inDefault}/configmaps?watch=true&${query}`)
    const close = reply.open?.({
      write(chunk) {
        const { type, object }: Told = JSON.parse(chunk)
        told.push(`${type} ${object.metadata.name ?? ''}`.trim())
      },
      end: () => told.push('end'),
    })
    return { told, close: () => close?.() }
  }
  test('begins with what there is, goes on with what happens, and ends when it is closed', async () => {
    const kube = startKube()
    await kube.post(`${inDefault}/configmaps`, configMap('a'))
    const { told, close } = await lookAt(kube, 'sendInitialEvents=true')
    await kube.patch(`${inDefault}/configmaps/a`, 'merge-patch', { data: { x: '1' } })
    await kube.post(`${inDefault}/secrets`, { ...configMap('s'), kind: 'Secret' })
    await kube.send('DELETE', `${inDefault}/configmaps/a`)
    close()
    await kube.post(`${inDefault}/configmaps`, configMap('b'))
    expect(told).toEqual(['ADDED a', 'BOOKMARK', 'MODIFIED a', 'DELETED a'])
  })
  test('goes on from the version of a list', async () => {
    const kube = startKube()
    await kube.post(`${inDefault}/configmaps`, configMap('a'))
    const { body } = await kube.get(`${inDefault}/configmaps`)
    const { resourceVersion } = body['metadata'] as { resourceVersion: string }
    await kube.post(`${inDefault}/configmaps`, configMap('b'))
    const { told, close } = await lookAt(kube, `resourceVersion=${resourceVersion}`)
    close()
    expect(told).toEqual(['ADDED b'])
  })
})

describe('discovery', () => {
  const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
  test('knows the kinds of Auto Mode where it is on', async () => {
    const off = await startKube().get('/apis', { accept: aggregated })
    const on = await startKube({ computeConfig: { enabled: true } }).get('/apis', {
      accept: aggregated,
    })
    expect(JSON.stringify(off.body)).not.toContain('karpenter.sh')
    expect(JSON.stringify(on.body)).toContain('karpenter.sh')
  })
  test('knows the kinds that definitions add, and their objects', async () => {
    const { apply, get, post } = startKube()
    expect((await get('/apis/example.com/v1')).status).toBe(404)
    const { body } = await apply(
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com',
      {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: 'widgets.example.com' },
        spec: {
          group: 'example.com',
          scope: 'Namespaced',
          names: { kind: 'Widget', plural: 'widgets' },
          versions: [{ name: 'v1', served: true }],
        },
      },
    )
    expect(body).toMatchObject({ status: { conditions: [{}, { type: 'Established' }] } })
    expect((await get('/apis/example.com/v1')).body).toMatchObject({
      resources: [{ name: 'widgets', kind: 'Widget', namespaced: true }],
    })
    const widget = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' } }
    const path = '/apis/example.com/v1/namespaces/default/widgets'
    expect((await post(path, widget)).status).toBe(201)
    expect((await get('/openapi/v3')).body).toHaveProperty(['paths', 'apis/example.com/v1'])
  })
  test('is there in the old form too', async () => {
    const { get } = startKube()
    expect((await get('/api')).body).toMatchObject({ versions: ['v1'] })
    expect(JSON.stringify((await get('/apis')).body)).toContain('"groupVersion":"apps/v1"')
    expect(JSON.stringify((await get('/api/v1')).body)).toContain('"pods/log"')
  })
})

test.for([
  ['GET', '/api/v1/namespaces/default/pods', 'list pods', false],
  ['GET', '/api/v1/namespaces/default/pods?watch=1', 'watch pods', false],
  ['GET', '/api/v1/namespaces/default', 'get namespaces', false],
  ['GET', '/api/v1/namespaces/default/pods/a/log', 'get pods/log', false],
  ['PATCH', '/apis/batch/v1/namespaces/default/jobs/a', 'patch jobs', true],
  ['GET', '/version', 'discovery', false],
] as const)('%s %s is counted as "%s", a write: %s', async ([method, target, name, write]) => {
  const { service } = startKube()
  expect(await service.operation(createCall({ host: 'k', method, target }))).toEqual({
    name,
    write,
  })
})
