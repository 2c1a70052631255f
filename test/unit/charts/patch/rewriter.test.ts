import { describe, expect, it } from 'vitest'
import { createRewriter } from '../../../../scripts/lib/charts/patch/rewriter.ts'

const rewrite = createRewriter([
  { text: 'quay.io/a/b:1', destination: 'r/b:1' },
  { text: 'quay.io/a/b', destination: 'r/b' },
  { text: 'localhost:5000/a:1', destination: 'r/a:1' },
  { text: 'busybox', destination: 'r/busybox' },
])

describe('a rewriter', () => {
  it.each([
    ['image: quay.io/a/b:1', 'image: r/b:1'],
    ['"quay.io/a/b:1",quay.io/a/b:1', '"r/b:1",r/b:1'],
    ['--image=quay.io/a/b:1', '--image=r/b:1'],
    ['x:quay.io/a/b:1', 'x:r/b:1'],
    ['quay.io/a/b:{{ .tag }}', 'r/b:{{ .tag }}'],
    ['quay.io/a/b:2', 'r/b:2'],
    ['localhost:5000/a:1', 'r/a:1'],
    ['image: busybox', 'image: r/busybox'],
    ["image: 'busybox' # a shell", "image: 'r/busybox' # a shell"],
    ['image:\n  busybox', 'image:\n  r/busybox'],
    ['{ image: busybox, name: a }', '{ image: r/busybox, name: a }'],
    ['{name: a, image: busybox}', '{name: a, image: r/busybox}'],
    ['{"image":"busybox"}', '{"image":"r/busybox"}'],
    ['"image": "busybox",\n', '"image": "r/busybox",\n'],
  ])('replaces the reference in %j', (text, expected) => {
    expect(rewrite(text).text).toBe(expected)
  })

  it.each([
    'my.quay.io/a/b:1',
    'localhost:5000/a:1.2',
    'quay.io/a/b-c:1',
    'quay.io/a/b/c',
    'busybox',
    'name: busybox',
    'image: busybox-extra',
    'image: busybox:1',
    'image: busybox,alpine',
  ])('leaves %j as it is', (text) => {
    expect(rewrite(text)).toEqual({ text, replaced: new Set() })
  })

  it('says what it has replaced', () => {
    expect([...rewrite('busybox quay.io/a/b:1 quay.io/a/b:1').replaced]).toEqual(['quay.io/a/b:1'])
  })

  it.each<[string, string]>([
    ['blanks behind an image field', `image:${' '.repeat(500_000)}x y`],
    ['empty lines behind image fields', `image:${'\n'.repeat(5_000)}`.repeat(100)],
    ['colons', ':a'.repeat(500_000)],
    ['one word', 'a'.repeat(2_000_000)],
    ['thousands of references', 'quay.io/a/b:9 '.repeat(100_000)],
  ])(
    'goes through a text of %s in seconds, for thousands of references',
    { timeout: 20_000 },
    (_, text) => {
      const rewrites = Array.from({ length: 10_000 }, (__, index) => ({
        text: `quay.io/c/d${index}:1`,
        destination: `r/d${index}:1`,
      }))
      expect(createRewriter(rewrites)(text).text).toBe(text)
    },
  )
})
