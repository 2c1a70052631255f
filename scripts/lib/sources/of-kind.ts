import { z } from 'zod'
import { describeTextFault, type TextKind } from '../model/names/text-kind.ts'

/**
 * Creates a schema for text of a kind. Its limits are also in the JSON schema; text that is too long is not matched at
 * all.
 */
export function ofKind(kind: TextKind, base: z.ZodString = z.string()): z.ZodString {
  const error = ({ input }: { readonly input?: unknown }) => describeTextFault(kind, String(input))
  return base.max(kind.longest, { error, abort: true }).regex(kind.pattern, { error })
}
