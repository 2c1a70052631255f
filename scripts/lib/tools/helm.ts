import type { Command } from './exec.ts'

/**
 * `helm pull` of one archive by its address, with its provenance file where there is one, into an empty folder.
 * The address is absolute, so that helm does not load the repository's index a second time.
 */
export function pullCommand(helm: string, url: string, folder: string): Command {
  return { tool: helm, args: ['pull', url, '--prov', '--destination', folder] }
}

/** `helm pull` of a chart in an OCI registry; its version is the tag, verbatim. */
export function pullOciCommand(
  helm: string,
  url: string,
  version: string,
  folder: string,
): Command {
  return { tool: helm, args: ['pull', url, '--version', version, '--destination', folder] }
}

/** `helm push`: the chart's own name and version are appended by helm. */
export function pushCommand(helm: string, archive: string, target: string): Command {
  return { tool: helm, args: ['push', archive, `oci://${target}`] }
}

export interface TemplateFlags {
  readonly release: string
  readonly namespace: string
  readonly kubeVersion: string
  readonly apiVersions: readonly string[]
  /** Values files, the strongest last. */
  readonly values: readonly string[]
  readonly skipSchema: boolean
  readonly isUpgrade?: boolean
}

/** `helm template` of a local archive or folder, with everything that an install would make: CRDs, hooks and tests. */
export function templateCommand(helm: string, chart: string, flags: TemplateFlags): Command {
  const { release, namespace, kubeVersion, apiVersions, values, skipSchema, isUpgrade } = flags
  return {
    tool: helm,
    args: [
      'template',
      release,
      chart,
      '--include-crds',
      '--namespace',
      namespace,
      '--kube-version',
      kubeVersion,
      ...apiVersions.flatMap((version) => ['--api-versions', version]),
      ...values.flatMap((file) => ['--values', file]),
      ...(skipSchema ? ['--skip-schema-validation'] : []),
      ...(isUpgrade ? ['--is-upgrade'] : []),
    ],
  }
}

/** `helm template` of a chart that prints its values, with flags such as `--set`. */
export function valuesCommand(helm: string, chart: string, flags: readonly string[]): Command {
  return { tool: helm, args: ['template', 'values', chart, ...flags] }
}

/** `helm dependency build` for a chart folder with a lock, or `update` for one without. */
export function dependencyCommand(
  helm: string,
  action: 'build' | 'update',
  folder: string,
): Command {
  return { tool: helm, args: ['dependency', action, folder] }
}
