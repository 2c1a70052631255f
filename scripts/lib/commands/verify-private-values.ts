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
    strict: toggle('treat images in ECR without a locked digest as failures', {
      requires: ['againstRegistry'],
    }),
    output,
  },
  notes: ['Without --values, the command checks the output of generate-private-ecr-values.'],
  exitCodes: {
    0: 'everything is private',
    1: 'something is not private, or a chart renders nothing',
    2: 'invalid usage or input',
    130: 'interrupted',
  },
  examples: [
    '123456789012.dkr.ecr.us-east-2.amazonaws.com --against-registry',
    '$REGISTRY --umbrella ./umbrella-chart -f values-eks.yaml -f ecr-values.yaml',
  ],
})

export type VerifyFlags = FlagsOf<typeof verifyPrivateValues>
