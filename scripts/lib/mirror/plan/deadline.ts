import type { RunOptions } from '../../tools/process/exec.ts'
import type { MirrorStep } from './plan.ts'

const minute = 60_000

/** The deadline of a copy of unknown size. */
const unknownSize = 60 * minute
/** The minimum deadline of every copy, and the throughput below which a network counts as broken: 1 MiB/s. */
const fixedPart = 10 * minute
const bytesPerMillisecond = (1024 * 1024) / 1000

/** crane prints a line when a blob is done, and the largest layers of public images take less time than this. */
const silence = 15 * minute

/**
 * Returns how long a copy may take and how long it may be silent. A stalled registry returns no error
 * (google/go-containerregistry#1766), and crane has no timeout.
 */
export function limitsOf(
  { bytes }: Pick<MirrorStep, 'bytes'>,
  chosen: number | undefined,
): Required<Pick<RunOptions, 'deadline' | 'idle'>> {
  const deadline =
    chosen ?? (bytes === undefined ? unknownSize : fixedPart + bytes / bytesPerMillisecond)
  return { deadline, idle: Math.min(silence, deadline) }
}
