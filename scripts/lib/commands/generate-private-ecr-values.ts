import { defineCommand, type FlagsOf } from '../cli/command/command.ts'
import { withDefault } from '../cli/command/flag.ts'
import { choice, text } from '../cli/command/kinds.ts'
import { allowUnproven, chart, layout, manifest, prefix, registryOperand } from './flags/shared.ts'

export const generatePrivateEcrValues = defineCommand({
  script: 'scripts/generate-private-ecr-values.ts',
  summary:
    'Prints the values that make every chart of a manifest pull from a private Amazon ECR registry.',
  operands: { registry: registryOperand },
  flags: {
    manifest,
    prefix,
    layout,
    variant: text('name', 'only what this variant needs', { defaultText: 'all variants' }),
    format: withDefault(
      choice(
        ['umbrella', 'chart'],
        'shape',
        'values for the umbrella chart, or one file per chart',
      ),
      'umbrella',
    ),
    chart,
    out: text('dir', 'write files into this folder, and print their names'),
    allowUnproven,
  },
  exitCodes: {
    0: 'everything is proven',
    1: 'a reference would stay public',
    2: 'invalid usage or input',
  },
  examples: [
    '123456789012.dkr.ecr.us-east-2.amazonaws.com > ecr-values.yaml',
    '123456789012.dkr.ecr.us-east-2.amazonaws.com --format chart --out values',
  ],
})

export type ValuesFlags = FlagsOf<typeof generatePrivateEcrValues>
