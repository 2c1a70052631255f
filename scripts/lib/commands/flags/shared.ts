import type { LayoutName } from '../../model/image/layout.ts'
import { apiVersionKind, kubeVersionKind, nodeSystemKind } from '../../model/names/kubernetes.ts'
import { withDefault } from '../../cli/command/flag.ts'
import { choice, list, listOfKind, text, textOfKind, toggle } from '../../cli/command/kinds.ts'

/** The operand of every command for one registry. */
export const registryOperand = {
  about: 'registry host: <account>.dkr.ecr.<region>.amazonaws.com',
}

export const region = text('region', "region of the registry; must match the registry's host", {
  defaultText: "the host's",
})

/** For commands that find the registry by the credentials when none is given. */
export const targetRegistry = text('host', 'registry host', {
  defaultText: "the caller's own registry",
})

export const targetRegion = text('region', "region of the registry; must match the registry's host")

export const manifest = text('file', 'manifest module, or the same data as JSON or YAML', {
  defaultText: 'manifests/private-ecr-manifest.ts',
})

export const prefix = withDefault(
  text('path', 'path in the registry under which everything is stored, up to 63 characters'),
  '',
  'none',
)

export const output = withDefault(
  choice(['text', 'json'], 'format', 'format of the result on stdout'),
  'text',
)

export const chart = list('name', 'only this chart')

export const values = list('file', 'helm values file', { short: 'f' })

export const kubeVersion = textOfKind(
  kubeVersionKind,
  'version',
  'Kubernetes version to render for',
  { defaultText: '1.31.0' },
)

export const apiVersions = listOfKind(apiVersionKind, 'version', 'API version that the cluster has')

export const layout = withDefault(
  choice<LayoutName>(
    ['mirrored', 'by-chart'],
    'name',
    'naming scheme for repositories in the registry',
  ),
  'mirrored',
)

export const allowUnproven = toggle(
  'report references that stay public and unproven charts as warnings, not errors',
)

export const strict = toggle('exit 1 when a proof leaves questions open')

export const operators = text(
  'file',
  'catalog of images that operators pull at run time, or "none"',
  { defaultText: 'manifests/operators.yaml' },
)

export const nodeOs = listOfKind(
  nodeSystemKind,
  'system',
  'operating system of your nodes, as in tags of driver images (ubuntu24.04)',
)

export const stateDir = text('dir', 'folder for the run lock and the last report')
