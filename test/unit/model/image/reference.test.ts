import { describe, expect, it } from 'vitest'
import {
  formatReference,
  parseReference,
  pinnedReference,
} from '../../../../scripts/lib/model/image/reference.ts'
import { unwrap } from '../../../../scripts/lib/model/problem.ts'

const digest = `sha256:${'a'.repeat(64)}`

describe('parseReference', () => {
  it.each([
    ['busybox:1.35', 'docker.io/library/busybox:1.35'],
    ['grafana/grafana:11.6.1', 'docker.io/grafana/grafana:11.6.1'],
    ['index.docker.io/library/busybox:1', 'docker.io/library/busybox:1'],
    ['registry-1.docker.io/busybox:1', 'docker.io/library/busybox:1'],
    ['quay.io/a/b:v1', 'quay.io/a/b:v1'],
    ['QUAY.io/a/b:V1', 'quay.io/a/b:V1'],
    ['localhost/a:1', 'localhost/a:1'],
    ['localhost:5000/a:1', 'localhost:5000/a:1'],
    ['host:5000/a/b', 'host:5000/a/b'],
    [`quay.io/a/b@${digest}`, `quay.io/a/b@${digest}`],
    [`quay.io/a/b:v1@${digest}`, `quay.io/a/b:v1@${digest}`],
    [`host:5000/a@${digest}`, `host:5000/a@${digest}`],
    ['[::1]:5000/a:1', '[::1]:5000/a:1'],
    ['gcr.io/a__b/c--d:1', 'gcr.io/a__b/c--d:1'],
    ['registry.k8s.io/kubectl:v1.32.7', 'registry.k8s.io/kubectl:v1.32.7'],
  ])('reads %s as %s', (text, canonical) => {
    const reference = unwrap(parseReference(text))
    expect(formatReference(reference)).toBe(canonical)
    expect(reference.text).toBe(text)
  })

  it.each([
    ['', 'must not be empty'],
    [' busybox', 'contain spaces'],
    ['https://quay.io/a/b:1', 'must not have a URL scheme'],
    ['quay.io/a/b:', 'is not a tag'],
    ['quay.io/a/b:-x', 'is not a tag'],
    [`quay.io/a/b:${'x'.repeat(129)}`, 'is not a tag'],
    ['quay.io/a/b@sha256:abc', 'is not a digest'],
    ['quay.io/a/b@', 'is not a digest'],
    ['quay.io/A/b:1', 'must be lowercase'],
    ['quay.io//b:1', 'is not a repository path'],
    ['quay.io/a_-b:1', 'is not a repository path'],
    ['quay.io/', 'is not a repository path'],
    ['-x.io/a:1', 'is not a registry host'],
    [`quay.io/${'a'.repeat(250)}`, 'longer than 255 characters'],
    ['{{ .Values.image }}', 'is not a'],
  ])('refuses %j because it %s', (text, rule) => {
    const parsed = parseReference(text)
    expect(parsed.ok ? 'accepted' : parsed.problem.message).toContain(rule)
  })

  it('says what to write instead of an uppercase path', () => {
    const parsed = parseReference('quay.io/Foo/Bar:1')
    expect(parsed).toMatchObject({ ok: false, problem: { next: 'use "foo/bar"' } })
  })

  it('pins by digest without the tag', () => {
    const reference = unwrap(parseReference('busybox:1'))
    expect(pinnedReference(reference, digest)).toBe(`docker.io/library/busybox@${digest}`)
  })
})
