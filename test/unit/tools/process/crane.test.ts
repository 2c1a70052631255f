import { describe, expect, it } from 'vitest'
import { readCopyLine } from '../../../../scripts/lib/tools/process/crane.ts'

const hex = 'a'.repeat(64)
const digest = `sha256:${hex}`
const at = '2026/01/02 03:04:05'
const upload = `https://r.example/v2/a/b/blobs/uploads/1?digest=sha256%3A${hex}`

describe('a line of crane copy', () => {
  it.each([
    ['a pushed blob', `${at} pushed blob: ${digest}`, { kind: 'pushed', digest }],
    ['a blob that was there', `${at} existing blob: ${digest}`, { kind: 'existing', digest }],
    ['a mounted blob', `${at} mounted blob: ${digest}`, { kind: 'mounted', digest }],
    [
      'a child that was there',
      `${at} existing manifest: ${digest}`,
      { kind: 'existing-manifest', digest },
    ],
    [
      'a tag that was there',
      `${at} existing manifest: v1@${digest}`,
      { kind: 'existing-manifest', digest },
    ],
    [
      'a blob that was refused by its status',
      `${at} retrying PUT ${upload}: unexpected status code 500 Internal Server Error`,
      { kind: 'refused', digest, isLast: false },
    ],
    [
      'a blob whose answer was lost',
      `${at} retrying Put "${upload}": EOF`,
      { kind: 'refused', digest, isLast: false },
    ],
    [
      'the refusal of a blob as the last word',
      `Error: PUT ${upload}: DIGEST_INVALID: no`,
      { kind: 'refused', digest, isLast: true },
    ],
    [
      'an interrupted upload',
      `${at} retrying Patch "https://r.example/v2/a/b/blobs/uploads/1": unexpected EOF`,
      { kind: 'broken-off' },
    ],
  ])('reports %s', (_, line, read) => {
    expect(readCopyLine(line)).toEqual(read)
  })

  it.each([
    `${at} Copying from quay.io/a/b@${digest} to r.example/a/b:1`,
    `${at} retrying GET https://quay.io/v2/a/b/blobs/${digest}: unexpected status code 500`,
    `${at} retrying PUT https://r.example/v2/a/b/manifests/${digest}: unexpected status code 503`,
    `Error: Patch "https://r.example/v2/a/b/blobs/uploads/1": unexpected EOF`,
    `${at} unpushed blob: ${digest}`,
    'pushed blob: sha256:short',
    '',
  ])('reports nothing in %j', (line) => {
    expect(readCopyLine(line)).toBeUndefined()
  })
})
