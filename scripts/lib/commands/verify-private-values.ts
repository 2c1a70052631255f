import { defineCommand, type FlagsOf } from '../cli/command/command.ts'
import { list, text, toggle } from '../cli/command/kinds.ts'
import { chart, layout, manifest, output, prefix, registryOperand } from './flags/shared.ts'

export const verifyPrivateValues = defineCommand({
  script: 'scripts/verify-private-values.ts',
  summary:
    'Renders every chart with a values override, and proves that nothing points to a public registry.',
  operands: { registry: registryOperand },
  flags: {
    values: list('file', 'override to check; if several are given, later ones win', { short: 'f' }),
    umbrella: text('chart', 'umbrella chart whose installer values apply to each child chart'),
    chart,
    manifest,
    list: text('file', 'chart list with the variants', { defaultText: 'manifests/charts.yaml' }),
    layout,
    prefix,
    againstRegistry: toggle('also check that ECR has each image with its locked digest'),
    strict: toggle(
      'exit 1 if the values leave questions open that are not in the manifest, or if ECR has an image without a locked digest',
    ),
    output,
  },
  notes: ['Without --values, the command checks the output of generate-private-ecr-values.'],
  exitCodes: {
    0: 'everything is private; without --strict, questions may be open',
    1: 'something is not private, a chart renders nothing, or, with --strict, a question is open',
    2: 'invalid usage or input',
    130: 'interrupted',
  },
  examples: [
    '123456789012.dkr.ecr.us-east-2.amazonaws.com --against-registry',
    '$REGISTRY --umbrella ./umbrella-chart -f values-eks.yaml -f ecr-values.yaml',
  ],
})

export type VerifyFlags = FlagsOf<typeof verifyPrivateValues>
