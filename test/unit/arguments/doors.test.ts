import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Door, doors } from './doors.ts'
import { hostile, hostileTexts } from './hostile.ts'

/** Whitespace, control and format characters; what else is not ASCII; what shells and lists would split at. */
const unexpected = /[^!-~]|[,"'`$;(){}=\\]/

/** Why a value that came through a door could do harm; nothing when it cannot. */
function harmOf(value: string, { scheme }: Door): string | undefined {
  if (scheme !== undefined) return scheme.test(value) ? undefined : 'it is no address'
  if (value.startsWith('-')) return 'it begins with a dash'
  if (value.length > 400) return 'it is very long'
  return unexpected.exec(value)?.[0]
}

describe.each(Object.entries(doors))('%s', (_, door) => {
  it('lets no hostile text through', async () => {
    const check = async (text: string) => {
      const value = await door.read(text)
      expect([text, value && harmOf(value, door)]).toEqual([text, undefined])
    }
    for (const text of hostileTexts) await check(text)
    await fc.assert(fc.asyncProperty(hostile, check), { numRuns: 150 })
  })

  it.runIf(door.honest.length > 0)('lets honest texts through as they are', async () => {
    for (const text of door.honest) expect(await door.read(text)).toBe(text)
  })
})
