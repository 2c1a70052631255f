import { type Command, Option } from 'commander'
import { collect, collectWhole, wholeNumber } from './options.ts'

/** Options of how images get from their sources into the target; every command that mirrors has them. */
export function addCopyOptions(command: Command): Command {
  return command
    .optionsGroup('What is there already:')
    .addOption(
      new Option('--existing <policy>', 'what to do with tags that are there already')
        .choices(['skip', 'verify', 'overwrite'])
        .default('skip'),
    )
    .option('--skip-existing', 'the same as --existing skip')
    .option('--verify-existing-digest', 'the same as --existing verify')
    .option(
      '--overwrite-existing',
      'the same as --existing overwrite; of several, the strongest wins',
    )
    .option(
      '--replace-immutable',
      'replace also immutable tags that differ, by removing the tag first',
    )
    .addOption(
      new Option(
        '--on-archived <policy>',
        "what to do with images in ECR's archive: report them, have ECR restore them (up to 20 minutes), or copy them again",
      )
        .choices(['report', 'restore', 'copy'])
        .default('report'),
    )
    .optionsGroup('Sources:')
    .addOption(
      new Option(
        '--on-missing <policy>',
        'what to do when a source does not have an item: fail before anything is changed, or skip it and mirror the rest',
      )
        .choices(['fail', 'skip'])
        .default('fail'),
    )
    .option(
      '--source-mirror <registry=place,…>',
      'read a registry from these places first, by digest only; repeatable',
      collectWhole,
    )
    .option(
      '--pull-through <registry=prefix>',
      'read a registry through this pull-through cache rule of the target; repeatable',
      collect,
    )
    .option('--no-check', 'do not ask every source first whether it has the item')
    .optionsGroup('How:')
    .option(
      '--platform <list>',
      'auto for all platforms of an image, or some: linux/amd64,linux/arm64',
      'auto',
    )
    .addOption(
      new Option('--mount <when>', 'take layers over from other repositories of the target')
        .choices(['auto', 'on', 'off'])
        .default('auto'),
    )
    .addOption(
      new Option(
        '--concurrency <n>',
        'copies at a time (default: found out while it runs)',
      ).argParser(wholeNumber(1, 100)),
    )
    .addOption(
      new Option(
        '--put-rate <n>',
        'manifests a second that ECR admits (default: 10, once it has refused one)',
      ).argParser(wholeNumber(1, 10_000)),
    )
    .option(
      '--deadline <seconds>',
      'longest time for one copy (default: by its size, an hour when that is not known)',
      wholeNumber(1, 604_800),
    )
}
