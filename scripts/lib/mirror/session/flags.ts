import { resolve } from 'node:path'
import type { CopyFlags } from '../../commands/flags/copy.ts'
import { parsePlatforms } from '../../model/image/platform.ts'
import { unwrap } from '../../model/problem.ts'
import type { EcrRegistry } from '../../model/image/registry.ts'
import { makeFolder } from '../../tools/files/files.ts'
import { defaultStateFolder } from '../../tools/install/cache.ts'
import type { ExistingPolicy } from '../plan/plan.ts'
import { joinMirrors, parsePullThrough, parseSourceMirrors } from '../sources/routes.ts'
import type { CopySettings } from './request.ts'

/** Reads the flags and makes the state folder. Throws `ProblemError` for invalid combinations. */
export async function readCopyFlags(
  flags: CopyFlags,
  registry: EcrRegistry,
): Promise<CopySettings> {
  const platforms = unwrap(parsePlatforms(flags.platform))
  const mirrors = joinMirrors(
    unwrap(parseSourceMirrors(flags.sourceMirror ?? [])),
    unwrap(parsePullThrough(flags.pullThrough ?? [], registry.host)),
  )
  const stateFolder = resolve(flags.stateDir ?? defaultStateFolder())
  await makeFolder(stateFolder, '--state-dir')
  return {
    existing: strongest(flags),
    platforms,
    mirrors,
    mount: flags.mount,
    replaceImmutable: flags.replaceImmutable ?? false,
    onMissing: flags.onMissing,
    onArchived: flags.onArchived,
    concurrency: flags.concurrency,
    putRate: flags.putRate,
    deadline: flags.deadline && flags.deadline * 1000,
    check: flags.check,
    stateFolder,
  }
}

/** Returns the policy for existing tags. The Python tool's flags name the same policies; the strictest one applies. */
function strongest(flags: CopyFlags): ExistingPolicy {
  if (flags.overwriteExisting || flags.existing === 'overwrite') return 'overwrite'
  return flags.verifyExistingDigest ? 'verify' : flags.existing
}
