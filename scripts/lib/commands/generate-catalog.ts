import { defineCommand, type FlagsOf } from '../cli/command/command.ts'
import { withDefault } from '../cli/command/flag.ts'
import { list, text } from '../cli/command/kinds.ts'

export const generateCatalog = defineCommand({
  script: 'scripts/generate-catalog.ts',
  summary: 'Lists the charts of an add-ons values file as a catalog.',
  operands: {},
  flags: {
    values: withDefault(text('file', 'values file that names the add-ons'), './values.yaml'),
    out: text('file', 'catalog to write (required)'),
    onlyAddon: list('names', 'only these charts'),
    excludeAddons: list('names', 'all but these charts'),
  },
  exitCodes: {
    0: 'the catalog is written, even if no add-on is left',
    1: 'the input cannot be used',
    2: 'invalid usage',
  },
  examples: [
    '--values values.yaml --out catalog.yaml',
    '--values values.yaml --out catalog.yaml --only-addon karpenter,keda',
  ],
})

export type CatalogFlags = FlagsOf<typeof generateCatalog>
