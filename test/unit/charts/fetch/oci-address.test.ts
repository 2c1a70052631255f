import { expect, test } from 'vitest'
import { parseOciAddress } from '../../../../scripts/lib/charts/fetch/oci-address.ts'

const digest = `sha256:${'a'.repeat(64)}`
const source = { name: 'app', repository: 'oci://host.example:5000/team' }
const address = 'oci://host.example:5000/team/app'

test.each([
  ['alone', address, { source }],
  ['with a tag', `${address}:1.2.3`, { source, version: '1.2.3' }],
  ['with build metadata', `${address}:1.2.3_x`, { source, version: '1.2.3+x' }],
  ['with a digest', `${address}@${digest}`, { source, digest }],
  ['with both', `${address}:v1.2.3@${digest}`, { source, version: 'v1.2.3', digest }],
])('the address of a chart is read %s', (_, text, expected) => {
  expect(parseOciAddress(text)).toEqual({ ok: true, value: expected })
})

test.each([
  ['a tag that is no version', `${address}:latest`, 'tag "latest"'],
  ['a digest that is none', `${address}@sha256:12`, 'does not end in a digest'],
  ['a second digest', `${address}@${digest}@${digest}`, ''],
  ['a password', 'oci://me:secret@host.example/team/app', 'user name or password'],
  ['a name that is a flag', 'oci://host.example/team/--x', 'chart name'],
  ['no host', 'oci:///app', ''],
])('an address is refused with %s', (_, text, message) => {
  const parsed = parseOciAddress(text)
  expect(parsed.ok).toBe(false)
  if (parsed.ok) return
  expect(parsed.problem.message).toContain(message)
  expect(parsed.problem.message).not.toContain('secret')
})
