import { describe, expect, test } from 'vitest'
import { applyPatch, mergePatch, strategicPatch } from '../../doubles/kubernetes/objects/patch.ts'
import { selectorOf } from '../../doubles/kubernetes/objects/selector.ts'
import { configMap, inDefault, startKube } from '../support/servers/kube-api.ts'

describe('a patch', () => {
  test.for([
    [
      'merges maps and removes with null',
      mergePatch,
      { a: { b: 1, c: 2 }, d: [1] },
      { a: { c: null }, d: [2] },
      { a: { b: 1 }, d: [2] },
    ],
    [
      'merges lists by name when it is strategic',
      strategicPatch,
      { l: [{ name: 'a', x: 1 }, { name: 'b' }, { name: 'c' }] },
      {
        '$setElementOrder/l': [{ name: 'a' }],
        l: [
          { name: 'a', y: 2 },
          { name: 'b', $patch: 'delete' },
        ],
      },
      { l: [{ name: 'a', x: 1, y: 2 }, { name: 'c' }] },
    ],
  ] as const)('%s', ([, patch, before, change, after]) => {
    expect(patch(before, change)).toEqual(after)
  })
  test('that is applied takes away what it no longer names, and nothing else', () => {
    const kept = { status: { ready: true }, data: { a: '1', b: '2', other: '3' } }
    const before = { data: { a: '1', b: '2' }, extra: { c: '4' } }
    expect(applyPatch({ ...kept, extra: { c: '4' } }, before, { data: { a: '5' } })).toEqual({
      status: { ready: true },
      data: { a: '5', other: '3' },
    })
  })
  test('that is applied twice by one manager changes the object', async () => {
    const { apply, get } = startKube()
    const path = `${inDefault}/configmaps/a`
    expect((await apply(path, configMap('a', { x: '1' }))).status).toBe(201)
    expect((await apply(path, configMap('a', { y: '1' }))).status).toBe(200)
    expect((await get(path)).body).toMatchObject({ data: { y: '1' } })
    expect((await get(path)).body['data']).not.toHaveProperty('x')
  })
})

describe('the selector', () => {
  const object = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', labels: { app: 'x', tier: 'web' } },
    status: { phase: 'Running' },
  }
  test.for([
    ['labelSelector', 'app=x', true],
    ['labelSelector', 'app==x,tier!=db', true],
    ['labelSelector', 'app=y', false],
    ['labelSelector', 'app in (x,y),tier', true],
    ['labelSelector', 'app notin (x,y)', false],
    ['labelSelector', '!missing', true],
    ['labelSelector', 'missing', false],
    ['fieldSelector', 'metadata.name=p,status.phase!=Failed', true],
    ['fieldSelector', 'spec.nodeName=n', false],
    ['labelSelector', '', true],
  ] as const)('%s "%s" matches: %s', ([kind, text, expected]) => {
    expect(selectorOf(new URLSearchParams({ [kind]: text }))(object)).toBe(expected)
  })
  test.for(['labelSelector', 'fieldSelector'])('%s that is none is refused', (kind) => {
    expect(() => selectorOf(new URLSearchParams({ [kind]: 'a=b=c' }))).toThrow()
  })
})
