import { describe, expect, it } from 'vitest'
import { createHolders } from '../../../../scripts/lib/mirror/layers/holders.ts'
import { chooseLeaders, sharedBlobs } from '../../../../scripts/lib/mirror/copy/order.ts'

const large = 1024 * 1024
const image = (name: string, blobs: Record<string, number>) => ({
  name,
  content: { mediaType: 'm', blobs },
})
const names = (items: Iterable<{ name: string }>) => [...items].map(({ name }) => name)
const bytesOf = ({ content }: ReturnType<typeof image>) =>
  Object.values(content.blobs).reduce((sum, size) => sum + size, 0)

describe('shared layers', () => {
  const heavy = image('heavy', { base: large, heavy: 9 * large })
  const light = image('light', { base: large, tiny: 100 })
  const alone = image('alone', { own: large, tiny: 100 })

  it('are those that several need and that are worth waiting for', () => {
    const shared = sharedBlobs([heavy, light, alone], () => false)
    expect([...shared].map(([item, blobs]) => [item.name, blobs])).toEqual([
      ['heavy', ['base']],
      ['light', ['base']],
    ])
  })

  it('are none of those that are there already', () => {
    expect(sharedBlobs([heavy, light], (blob) => blob === 'base').size).toBe(0)
  })

  it('are brought by the lightest that has them', () => {
    const shared = sharedBlobs([heavy, light, alone], () => false)
    expect(names(chooseLeaders(shared, bytesOf))).toEqual(['light'])
  })

  it('need no second leader when the first brings them too', () => {
    const both = image('both', { one: large, two: large })
    const others = ['one', 'two'].map((blob) => image(blob, { [blob]: large, rest: 5 * large }))
    const third = image('third', { one: large, more: 9 * large })
    const shared = sharedBlobs([both, third, ...others], () => false)
    expect(names(chooseLeaders(shared, bytesOf))).toEqual(['both', 'one'])
  })
})

describe('holders', () => {
  const encryption: Record<string, string> = { a: 'AES256', b: 'AES256', c: 'KMS key' }
  const make = () => {
    const holders = createHolders((name) => encryption[name] ?? '')
    holders.add('a', { mediaType: 'm', blobs: { layer: 1 } })
    return holders
  }

  it.each([
    ['a sibling with the same encryption', 'b', 'a'],
    ['none for the repository that has it', 'a', undefined],
    ['none for one with another key', 'c', undefined],
  ])('name %s', (_, repository, sibling) => {
    expect(make().siblingWith('layer', repository)).toBe(sibling)
  })

  it('forget what turned out to be wrong', () => {
    const holders = make()
    holders.forget('layer', 'a')
    expect([holders.has('layer'), holders.siblingWith('layer', 'b')]).toEqual([false, undefined])
  })
})
