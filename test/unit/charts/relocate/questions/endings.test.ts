import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createEndings } from '../../../../../scripts/lib/charts/relocate/questions/endings.ts'

test('an ending is found exactly where a text has it', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', ':'), maxLength: 6 })
  fc.assert(
    fc.property(fc.array(text), text, (texts, ending) => {
      expect(createEndings(texts)(ending)).toBe(texts.some((one) => one.endsWith(ending)))
    }),
  )
})
