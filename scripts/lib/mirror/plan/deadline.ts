import type { RunOptions } from '../../tools/process/exec.ts'
import type { Step } from './plan.ts'

const minute = 60_000

/** What a copy gets when its size is not known. */
const unknownSize = 60 * minute
/** What every copy gets, however small, and the pace below which a network counts as broken: a mebibyte a second. */
const fixedPart = 10 * minute
const bytesPerMillisecond = (1024 * 1024) / 1000

/** crane says something when a blob is done, and the largest layers of public images take less than this. */
const silence = 15 * minute

/**
 * How long a copy may take and how long it may be silent. A registry that stalls gives no error of its own
 * (google/go-containerregistry#1766), and crane has no limit.
 */
export function limitsOf(
  { bytes }: Pick<Step, 'bytes'>,
  chosen: number | undefined,
): Required<Pick<RunOptions, 'deadline' | 'idle'>> {
  const deadline =
    chosen ?? (bytes === undefined ? unknownSize : fixedPart + bytes / bytesPerMillisecond)
  return { deadline, idle: Math.min(silence, deadline) }
}
