import { describe, expect, it } from 'vitest'
import {
  joinMirrors,
  parsePullThrough,
  parseSourceMirrors,
  sourceRoutesOf,
} from '../../../../scripts/lib/mirror/sources/routes.ts'
import { unwrap } from '../../../../scripts/lib/model/problem.ts'
import { parseReference, repositoryOf } from '../../../../scripts/lib/model/image/reference.ts'

const host = '123456789012.dkr.ecr.us-east-2.amazonaws.com'
const route = (text: string, mirrors: readonly string[], rules: readonly string[] = []) =>
  sourceRoutesOf(
    unwrap(parseReference(text)),
    joinMirrors(unwrap(parseSourceMirrors(mirrors)), unwrap(parsePullThrough(rules, host))),
  ).map(repositoryOf)

describe('routes', () => {
  it.each([
    ['busybox:1', [], ['docker.io/library/busybox']],
    ['quay.io/a/b:1', ['docker.io=mirror.gcr.io'], ['quay.io/a/b']],
    [
      'busybox:1',
      ['docker.io=mirror.gcr.io,r.example.com/hub'],
      [
        'mirror.gcr.io/library/busybox',
        'r.example.com/hub/library/busybox',
        'docker.io/library/busybox',
      ],
    ],
    [
      'busybox:1',
      ['docker.io=docker.io,mirror.gcr.io'],
      ['docker.io/library/busybox', 'mirror.gcr.io/library/busybox'],
    ],
    [
      'busybox:1',
      ['index.docker.io=mirror.gcr.io', 'docker.io=other.example.com'],
      [
        'mirror.gcr.io/library/busybox',
        'other.example.com/library/busybox',
        'docker.io/library/busybox',
      ],
    ],
  ])('of %s with %j are %j', (text, mirrors, expected) => {
    expect(route(text, mirrors)).toEqual(expected)
  })

  it('lead through a pull-through cache rule of the target after the mirrors', () => {
    expect(route('quay.io/a/b:1', ['quay.io=m.example.com'], ['quay.io=quay'])).toEqual([
      'm.example.com/a/b',
      `${host}/quay/a/b`,
      'quay.io/a/b',
    ])
  })

  it.each([
    'docker.io',
    '=mirror.gcr.io',
    'docker.io=',
    'docker.io=mirror',
    'docker.io=a.io=b.io',
    'hub=a.io',
    'docker.io=UPPER.io/Path',
  ])('refuse the mirror "%s"', (text) => {
    expect(parseSourceMirrors([text])).toMatchObject({
      ok: false,
      problem: { kind: 'invalid-input' },
    })
  })

  it.each(['quay.io', 'quay.io=', 'quay.io=Upper', 'quay.io=a..b', 'x=y'])(
    'refuse the rule "%s"',
    (text) => {
      expect(parsePullThrough([text], host)).toMatchObject({
        ok: false,
        problem: { kind: 'invalid-input' },
      })
    },
  )
})
