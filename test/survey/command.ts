import { defineCommand, type FlagsOf } from '../../scripts/lib/cli/command/command.ts'
import { withDefault } from '../../scripts/lib/cli/command/flag.ts'
import { text, wholeNumber } from '../../scripts/lib/cli/command/kinds.ts'

export const surveyCommand = defineCommand({
  script: 'test/survey/main.ts',
  summary:
    'Relocates every chart archive of a folder, compares what it finds with an independent search of the render, and writes a table.',
  operands: { folder: { about: 'folder with chart archives (*.tgz)' } },
  flags: {
    out: withDefault(text('file', 'Markdown file for the table'), '.cache/survey.md'),
    every: wholeNumber([1, 1_000], 'n', 'take only each n-th archive', { defaultText: '1' }),
  },
  exitCodes: {
    0: 'the search has explained everything that the independent search found',
    1: 'some text is not explained',
    2: 'invalid usage',
    130: 'interrupted',
  },
  examples: ['.cache/charts', '.cache/charts --out docs/survey.md'],
})

export type SurveyFlags = FlagsOf<typeof surveyCommand>
