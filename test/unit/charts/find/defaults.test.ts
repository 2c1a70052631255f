import { expect, test } from 'vitest'
import { findDefaults } from '../../../../scripts/lib/charts/find/defaults.ts'
import { formatReference } from '../../../../scripts/lib/model/image/reference.ts'

const image = 'quay.io/example/app:1.2.3'

test.each<readonly [string, string, readonly string[]]>([
  ['a text', `image:\n  default: ${image}\n  type: string`, [image]],
  ['a text in quotes', `image:\n  default: "${image}"`, [image]],
  ['a key in quotes', `image:\n  "default": ${image}`, [image]],
  ['a map', `spec:\n  default:\n    image: ${image}\n    x: y\n  type: object`, [image]],
  ['a map with an empty line', `default:\n  a: b\n\n  image: ${image}`, [image]],
  ['a list', `default:\n  - ${image}`, [image]],
  ['a part of a line', `image: {type: string, default: "${image}"}`, [image]],
  ['JSON', `{"image":{"default":"${image}","type":"string"}}`, [image]],
  ['a description', `description: by default: ${'x'.repeat(2_000)} ${image}`, []],
  ['another key', `a:\n  description: ${image}\n  defaults: ${image}`, []],
  ['what follows a default', `a:\n  default: x\n  description: ${image}`, []],
  [
    'the description of a property called default',
    `properties:\n  default:\n    type: string\n    description: |-\n      by default ${image}`,
    [],
  ],
  [
    'the default of a property called default',
    `properties:\n  default:\n    description: x\n    default: ${image}`,
    [image],
  ],
  ['a name without a path', 'default: app:1.2', []],
])('in a resource definition, images are found in %s', (_, text, expected) => {
  expect(findDefaults(text).map(({ reference }) => formatReference(reference))).toEqual(expected)
  for (const { start, end } of findDefaults(text)) expect(text.slice(start, end)).toBe(image)
})

test('defaults in defaults, and in one line, are read once', { timeout: 30_000 }, () => {
  const nested = Array.from({ length: 3_000 }, (_, depth) => `${' '.repeat(depth)}default:`)
  expect(findDefaults(nested.join('\n'))).toEqual([])
  const described = `${nested.join('\n')}\n${' '.repeat(3_000)}description: x`
  expect(findDefaults(described)).toEqual([])
  expect(findDefaults('{"default":"a"},'.repeat(400_000))).toEqual([])
})
