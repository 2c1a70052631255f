import { defineCommand, type FlagsOf } from '../cli/command/command.ts'
import { group, withDefault } from '../cli/command/flag.ts'
import { choice, list, text, toggle } from '../cli/command/kinds.ts'
import { copyFlags } from './flags/copy.ts'
import { repositoryFlags } from './flags/repository.ts'
import {
  allowUnproven,
  apiVersions,
  kubeVersion,
  nodeOs,
  operators,
  output,
  stateDir,
  strict,
  targetRegion,
  targetRegistry,
} from './flags/shared.ts'

const secretFlags = group('Credentials (prefer the environment variable in brackets)', {
  publicEcrPassword: text('token', 'token for public.ecr.aws [ECR_PUBLIC_PASSWORD]'),
  privateEcrPassword: text('token', 'token for the registry [ECR_PRIVATE_PASSWORD]'),
  dockerhubUsername: text('name', 'Docker Hub user name [DOCKERHUB_USERNAME]'),
  dockerhubToken: text('token', 'Docker Hub access token [DOCKERHUB_TOKEN]'),
})

export const syncAddons = defineCommand({
  script: 'scripts/sync-addons.ts',
  summary:
    'Mirrors the charts of an add-ons file and their images into a private Amazon ECR registry, and gives the charts private defaults.',
  operands: {},
  flags: {
    ...group('Selection', {
      values: text('file', 'values file that names the add-ons', { defaultText: './values.yaml' }),
      catalog: list('files', 'catalogs to use instead of a values file', {
        conflicts: ['values'],
      }),
      onlyAddon: list('names', 'only these: charts in a values file, or releases in a catalog'),
      excludeAddons: list('names', 'all but these'),
      enabledOnly: toggle('leave out add-ons that the file disables'),
      latest: toggle('use the latest stable version of every chart'),
      includeDependencies: withDefault(toggle('also find images in dependencies'), true, 'on'),
      excludeDependencies: toggle('leave dependencies unchanged, with their public images'),
      chartOverrides: text('file', 'values that charts need', {
        defaultText: './chart-overrides.yaml',
      }),
      kubeVersion,
      apiVersions,
      operators,
      nodeOs,
    }),
    ...group('Destination', {
      targetRegistry,
      targetPrefix: withDefault(
        text('path', 'path in the registry under which images are stored'),
        '',
        'none',
      ),
      region: targetRegion,
      layout: withDefault(
        choice(['by-chart', 'mirrored'], 'name', 'naming scheme for repositories in the registry'),
        'by-chart',
      ),
      out: withDefault(text('folder', 'folder for repacked charts and values'), './helm-charts'),
    }),
    ...group('Run', {
      pushImages: toggle('push images and charts (the default)'),
      scanOnly: toggle('write files and push nothing', { conflicts: ['pushImages'] }),
      allowUnproven,
      strict,
      stateDir,
    }),
    ...copyFlags,
    ...repositoryFlags,
    ...secretFlags,
    ...group('Output', { output }),
  },
  exitCodes: {
    0: 'all add-ons are synced; without --strict, questions may be open',
    1: 'some add-ons failed, differ or are not proven, or, with --strict, a question is open',
    2: 'invalid usage or input',
    3: 'the preflight failed, and nothing was pushed',
    130: 'interrupted; rerun the same command to finish',
  },
  examples: [
    '--values values.yaml --latest --push-images',
    '--values values.yaml --scan-only --target-registry $REGISTRY',
    '--catalog catalog.yaml --only-addon argocd,karpenter --target-prefix team/x',
  ],
})

export type SyncFlags = FlagsOf<typeof syncAddons>
