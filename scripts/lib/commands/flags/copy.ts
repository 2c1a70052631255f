import { type FlagValues, group, withDefault } from '../../cli/command/flag.ts'
import {
  choice,
  list,
  listOfWhole,
  negated,
  text,
  toggle,
  wholeNumber,
} from '../../cli/command/kinds.ts'

/** The flags of every command that mirrors: how images get from their sources into the registry. */
export const copyFlags = {
  ...group('Existing tags', {
    existing: withDefault(
      choice(
        ['skip', 'verify', 'overwrite'],
        'policy',
        'what to do with tags that are already present',
      ),
      'skip',
    ),
    skipExisting: toggle('same as --existing skip'),
    verifyExistingDigest: toggle('same as --existing verify'),
    overwriteExisting: toggle(
      'same as --existing overwrite; if several are given, the strictest applies',
    ),
    replaceImmutable: toggle('also replace immutable tags that differ, by deleting the tag first'),
    onArchived: withDefault(
      choice(
        ['report', 'restore', 'copy'],
        'policy',
        'for images archived in ECR: report them, have ECR restore them (up to 20 minutes), or copy them again',
      ),
      'report',
    ),
  }),
  ...group('Sources', {
    onMissing: withDefault(
      choice(
        ['fail', 'skip'],
        'policy',
        'for items that a source does not have: fail before anything is changed, or mirror the rest',
      ),
      'fail',
    ),
    sourceMirror: listOfWhole(
      'registry=place,…',
      'read from these mirrors of a registry first, by digest only',
    ),
    pullThrough: list(
      'registry=prefix',
      'read a registry through this pull-through cache rule of the target',
    ),
    check: negated('skip the check that every item exists at its source'),
  }),
  ...group('Copying', {
    platform: withDefault(
      text(
        'list',
        'platforms to copy, such as linux/amd64,linux/arm64; auto copies all platforms of an image',
      ),
      'auto',
    ),
    mount: withDefault(
      choice(
        ['auto', 'on', 'off'],
        'when',
        'mount layers from other repositories of the registry (blob mount)',
      ),
      'auto',
    ),
    concurrency: wholeNumber([1, 100], 'n', 'parallel copies', {
      defaultText: 'determined automatically',
    }),
    putRate: wholeNumber([1, 10_000], 'n', 'ECR PutImage limit per second', {
      defaultText: 'no limit until ECR throttles, then 10',
    }),
    deadline: wholeNumber([1, 604_800], 'seconds', 'time limit for one copy', {
      defaultText: 'by size, one hour if the size is unknown',
    }),
  }),
}

/** Where a run keeps its state is also theirs; each command words that flag itself. */
export type CopyFlags = FlagValues<typeof copyFlags> & { readonly stateDir?: string }
