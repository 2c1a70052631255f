import { defineCommand, type FlagsOf } from '../cli/command/command.ts'
import { group } from '../cli/command/flag.ts'
import { list, listOfWhole, text, toggle } from '../cli/command/kinds.ts'
import { copyFlags } from './flags/copy.ts'
import { repositoryFlags } from './flags/repository.ts'
import { manifest, output, prefix, region, registryOperand, stateDir } from './flags/shared.ts'

export const mirrorToEcr = defineCommand({
  script: 'scripts/mirror-to-ecr.ts',
  summary: 'Copies every image and chart of a manifest into a private Amazon ECR registry.',
  operands: { registry: registryOperand },
  flags: {
    ...group('Selection', {
      manifest,
      only: list('glob', 'only these images, or these charts with their images'),
      exclude: list('glob', 'all but these charts or images'),
      imagesOnly: toggle('copy no charts', { conflicts: ['chartsOnly'] }),
      chartsOnly: toggle('copy no images'),
      group: text('name', 'only charts of this group, such as production'),
    }),
    ...group('Destination', { region, prefix }),
    ...group('Run', {
      plan: toggle('print the plan and change nothing'),
      stateDir,
      updateLock: toggle(
        'write the digests and layers of copied images to the lock beside the manifest',
      ),
    }),
    ...copyFlags,
    ...repositoryFlags,
    ...group('Output', {
      output,
      report: listOfWhole(
        'file',
        'write the report as JSON, or as HTML if the name ends in .html',
        { conflicts: ['plan'] },
      ),
    }),
  },
  notes: [
    'Environment: AWS credentials (AWS_PROFILE, AWS_ACCESS_KEY_ID, roles), DOCKERHUB_USERNAME and DOCKERHUB_TOKEN, HTTPS_PROXY, NO_PROXY and SSL_CERT_FILE.',
  ],
  exitCodes: {
    0: 'everything is mirrored',
    1: 'some items failed or differ',
    2: 'invalid usage or input',
    3: 'the preflight failed, and nothing was changed',
    130: 'interrupted; rerun the same command to finish',
  },
  examples: ['123456789012.dkr.ecr.us-east-2.amazonaws.com --region us-east-2'],
})

export type MirrorFlags = FlagsOf<typeof mirrorToEcr>
