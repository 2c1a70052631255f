import type { z } from 'zod'

/** Reports each duplicate key in a list, at its location. */
export function refuseRepeated<T>(
  list: readonly T[],
  keyOf: (item: T) => string,
  path: readonly PropertyKey[],
  context: z.RefinementCtx,
): void {
  const seen = new Map<string, number>()
  for (const [index, item] of list.entries()) {
    const key = keyOf(item)
    const first = seen.get(key)
    if (first === undefined) seen.set(key, index)
    else {
      context.addIssue({
        code: 'custom',
        path: [...path, index],
        message: `"${key}" is listed twice; the first is entry ${first + 1}`,
      })
    }
  }
}

export const repeatedName = ({ name }: { readonly name: string }) => name
export const referenceTextOf = ({ reference }: { readonly reference: string }) => reference
