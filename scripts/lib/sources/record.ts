import { z } from 'zod'
import { recordFrom } from '../model/tree/tree.ts'
import { isTree } from '../model/values.ts'

/**
 * A mapping whose keys come from outside, as a record without a prototype. `z.record` passes over the key `__proto__`
 * in silence; here it is an error with its place.
 */
export function recordOf<T extends z.ZodType>(key: z.ZodType<string, string>, value: T) {
  return z
    .preprocess(
      (input, context) => {
        if (isTree(input) && Object.hasOwn(input, '__proto__')) {
          context.addIssue({
            code: 'custom',
            path: ['__proto__'],
            message: '"__proto__" cannot be a key here',
          })
        }
        return input
      },
      z.record(key, value),
    )
    .transform((record): Readonly<Record<string, z.output<T>>> =>
      recordFrom(Object.entries(record)),
    )
}
