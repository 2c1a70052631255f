import { defineCommand, type FlagsOf } from '../cli/command/command.ts'
import { group, withDefault } from '../cli/command/flag.ts'
import { list, listOfWhole, text, textOfKind, toggle } from '../cli/command/kinds.ts'
import { namespaceKind, releaseKind } from '../model/names/kubernetes.ts'
import {
  allowUnproven,
  apiVersions,
  kubeVersion,
  layout,
  nodeOs,
  operators,
  output,
  prefix,
  registryOperand,
  strict,
  values,
} from './flags/shared.ts'

export const relocateChartCommand = defineCommand({
  script: 'scripts/relocate-chart.ts',
  summary:
    'Finds every image of a chart, and prints proven values that make it pull from a private Amazon ECR registry.',
  operands: {
    registry: registryOperand,
    chart: {
      about:
        'folder, archive, oci://host/path/name, or a name with --repo; or manifests: file, folder, or - for stdin',
    },
  },
  flags: {
    ...group('Chart', {
      repo: text('url', 'chart repository to look up the name in'),
      version: text('version', 'chart version', { defaultText: 'the latest stable version' }),
      values,
      set: listOfWhole('values', "values to set, in helm's --set syntax"),
      setString: listOfWhole('values', "string values to set, in helm's --set-string syntax"),
      setJson: listOfWhole('values', "JSON values to set, in helm's --set-json syntax"),
      kubeVersion,
      apiVersions,
      releaseName: textOfKind(releaseKind, 'name', 'release name to render for', {
        defaultText: "the chart's name",
      }),
      namespace: withDefault(
        textOfKind(namespaceKind, 'name', 'namespace to render for'),
        'default',
      ),
    }),
    ...group('Destination', { layout, prefix }),
    ...group('References', {
      mirror: list('reference', 'treat this text as an image reference'),
      ignore: list(
        'reference',
        'do not treat this text as an image reference, or settle the open question about it',
      ),
      askRegistries: toggle('where a text can be two images, ask the registries which one exists'),
      operators,
      nodeOs,
    }),
    ...group('Nested charts', {
      nested: toggle(
        'also relocate the charts that Argo CD, Flux and k3s objects install, with the values that these give',
        { conflicts: ['graph', 'repack', 'postRenderer'] },
      ),
    }),
    ...group('Output', {
      output,
      images: toggle('print only the source references, one per line'),
      graph: toggle('print only the dependency graph'),
      repack: text('dir', 'also write a patched chart with private defaults'),
      postRenderer: text(
        'dir',
        'also write a post-renderer for images that values cannot move; for manifests, only write it',
      ),
      allowUnproven,
      strict,
    }),
  },
  exitCodes: {
    0: 'the result is proven; without --strict, questions may be open',
    1: 'a reference stays public, the chart does not render, or, with --strict, a question is open',
    2: 'invalid usage or input',
    130: 'interrupted',
  },
  examples: [
    '$REGISTRY grafana --repo https://grafana.github.io/helm-charts > values.yaml',
    '$REGISTRY oci://public.ecr.aws/karpenter/karpenter --set settings.clusterName=c',
    '$REGISTRY ./my-chart -f values.yaml --output json',
    '$REGISTRY ./my-chart --repack patched/',
    '$REGISTRY ./app-of-apps --nested',
    '$REGISTRY ./deploy > private.yaml',
  ],
})

export type RelocateFlags = FlagsOf<typeof relocateChartCommand>
