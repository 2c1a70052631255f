import { defineCommand, type FlagsOf } from '../cli/command/command.ts'
import { group } from '../cli/command/flag.ts'
import { list, text, textOfKind, toggle } from '../cli/command/kinds.ts'
import { kubeVersionKind } from '../model/names/kubernetes.ts'
import { chart, manifest, operators, output, strict } from './flags/shared.ts'

export const regenerateManifest = defineCommand({
  script: 'scripts/regenerate-manifest.ts',
  summary:
    'Generates the version-locked manifest of images, charts and values from a chart list or an umbrella chart.',
  operands: {},
  flags: {
    ...group('Input', {
      list: text('file', 'chart list', { defaultText: 'manifests/charts.yaml' }),
      from: text('chart', 'umbrella chart (folder or archive) to use instead of a chart list', {
        conflicts: ['bump', 'chart'],
      }),
      values: list('file', 'values file that the umbrella chart is installed with', {
        short: 'f',
        requires: ['from'],
      }),
      kubeVersion: textOfKind(
        kubeVersionKind,
        'version',
        'Kubernetes version to render the umbrella chart for',
        { requires: ['from'] },
      ),
      operators,
      chart,
      bump: list('name=version', 'change a version in the chart list first'),
    }),
    ...group('Action', {
      manifest,
      digests: toggle('ask the registries for digests, and write them to private-ecr-lock.json'),
      check: toggle('change nothing; exit 1 if a generated file is out of date', {
        conflicts: ['bump', 'from', 'digests', 'chart'],
      }),
      render: toggle('also repeat the renders, except for charts that are not available', {
        requires: ['check'],
      }),
      outdated: toggle('list charts that have a newer version', {
        conflicts: ['check', 'bump', 'from', 'digests'],
      }),
      why: text('reference', 'explain where an image comes from: chart, document, path, leaf', {
        conflicts: ['check', 'outdated', 'bump'],
      }),
    }),
    ...group('Output', { output, strict }),
  },
  notes: [
    'Renders every chart of manifests/charts.yaml, finds its images, works out the values that move them into a private registry, proves these values by rendering again, and writes manifests/private-ecr-manifest.ts. Prints what has changed.',
  ],
  exitCodes: {
    0: 'everything is proven; without --strict, questions may be open',
    1: 'a reference stays public, a check found a difference, or, with --strict, a question is open',
    2: 'invalid usage or chart list',
    130: 'interrupted',
  },
  examples: [
    '',
    '--bump argo-workflows=1.0.5',
    '--from ./umbrella-chart -f values-eks.yaml --manifest ./manifest.ts',
    '--why kube-webhook-certgen',
  ],
})

export type RegenerateFlags = FlagsOf<typeof regenerateManifest>
