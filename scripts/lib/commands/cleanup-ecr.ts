import { defineCommand, type FlagsOf } from '../cli/command/command.ts'
import { withDefault } from '../cli/command/flag.ts'
import { list, parsed, refuseValue, text, toggle } from '../cli/command/kinds.ts'
import { success } from '../model/problem.ts'
import { output, targetRegion, targetRegistry } from './flags/shared.ts'

export const cleanupEcr = defineCommand({
  script: 'scripts/cleanup-ecr.ts',
  summary: 'Deletes the repositories that ecr-airlift created, and no others.',
  operands: {},
  flags: {
    targetRegistry,
    region: targetRegion,
    tag: text('key=value', 'tag that marks the repositories to delete', {
      defaultText: 'chart-syncer=true',
    }),
    manifest: list('file', 'delete only repositories of this manifest'),
    // An empty prefix, such as that of an unset variable, would select more repositories than any other.
    prefix: withDefault(
      parsed<string>('path', 'path of the repositories in the registry', (given, earlier) => {
        if (given === '') return refuseValue('It must not be empty.')
        return earlier === undefined ? success(given) : refuseValue('It can be given only once.')
      }),
      '',
      'none',
    ),
    keep: list('manifest', 'keep repositories that this manifest uses'),
    confirm: toggle(
      'delete the repositories and all their images; without this flag, only list them',
    ),
    output,
  },
  notes: [
    [
      'A repository is deleted if it has the tag and is in scope. In scope are:',
      '  with --manifest  the repositories of its images and charts, and all repositories under its chart names',
      '  with --prefix    all repositories under that path',
      '  with neither     all repositories under mirrored/ and charts/',
    ].join('\n'),
  ],
  exitCodes: {
    0: 'done',
    1: 'some repositories could not be deleted',
    2: 'invalid usage or input',
    130: 'interrupted; rerun the same command to finish',
  },
  examples: [
    '--region us-east-2',
    '--keep manifests/private-ecr-manifest.ts --confirm',
    '--manifest old-manifest.ts --keep manifests/private-ecr-manifest.ts',
  ],
})

export type CleanupFlags = FlagsOf<typeof cleanupEcr>
