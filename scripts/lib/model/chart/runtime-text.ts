import { lineOf } from '../text/line.ts'
import type { RuntimeImage } from './relocation.ts'

/** Returns what an image of the catalog of operators is pulled for, in one line. */
export function describeRuntime({
  reference,
  operator,
  when,
  leaves,
  field,
}: RuntimeImage): string {
  const moves = leaves.length > 0 ? leaves.join(', ') : (field ?? 'nothing')
  return lineOf(
    `${reference} is pulled at run time by ${operator} (operators.yaml): ${when}; moved by ${moves}`,
  )
}
