import { defineCommand, type FlagsOf } from '../cli/command/command.ts'
import { toggle } from '../cli/command/kinds.ts'
import { output } from './flags/shared.ts'

export const installTools = defineCommand({
  script: 'scripts/install-tools.ts',
  summary:
    "Finds crane and helm. Installs the pinned version into the user's cache if one is missing or too old.",
  operands: {},
  flags: { check: toggle('install nothing; exit 1 if a tool is missing'), output },
  notes: [
    'Environment: ECR_AIRLIFT_CACHE sets another cache folder; HTTPS_PROXY and NO_PROXY apply.',
  ],
  exitCodes: {
    0: 'both tools are present',
    1: 'a tool is missing or could not be installed',
    2: 'invalid usage',
  },
  examples: ['', '--check --output json'],
})

export type InstallFlags = FlagsOf<typeof installTools>
