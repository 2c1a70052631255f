import { z } from 'zod'
import { recordFrom } from '../model/tree/tree.ts'

/**
 * Creates a schema for a mapping with external keys, parsed as a record without a prototype. `z.record` silently skips
 * the key `__proto__`; here it is an error with its location.
 */
export function safeRecord<T>(record: z.ZodType<Record<string, T>>) {
  return z
    .preprocess((input, context) => {
      if (typeof input === 'object' && input !== null && Object.hasOwn(input, '__proto__')) {
        const message = '"__proto__" cannot be a key here'
        context.addIssue({ code: 'custom', path: ['__proto__'], message })
      }
      return input
    }, record)
    .transform((entries): Readonly<Record<string, T>> => recordFrom(Object.entries(entries)))
}
