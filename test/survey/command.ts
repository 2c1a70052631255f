import { defineCommand, type FlagsOf } from '../../scripts/lib/cli/command/command.ts'
import { withDefault } from '../../scripts/lib/cli/command/flag.ts'
import { text, wholeNumber } from '../../scripts/lib/cli/command/kinds.ts'

export const surveyCommand = defineCommand({
  script: 'test/survey/main.ts',
  summary:
    'Relocates every chart archive in a folder, compares the images with an independent search of the render, and writes a table.',
  operands: { folder: { about: 'folder with chart archives (*.tgz)' } },
  flags: {
    out: withDefault(text('file', 'Markdown file for the table'), '.cache/survey.md'),
    every: wholeNumber([1, 1_000], 'n', 'use only every n-th archive', { defaultText: '1' }),
  },
  exitCodes: {
    0: 'every text that the independent search found is explained',
    1: 'some text is unexplained',
    2: 'invalid usage',
    130: 'interrupted',
  },
  examples: ['.cache/charts', '.cache/charts --out docs/survey.md'],
})

export type SurveyFlags = FlagsOf<typeof surveyCommand>
