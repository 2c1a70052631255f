import type { Command } from './exec.ts'

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

/** A release on a cluster: its name, where it is, and how the cluster is reached. */
export interface ReleasePlace {
  readonly release: string
  readonly namespace: string
  readonly kubeconfig: string
  readonly context: string
}

function placeArgs({ namespace, kubeconfig, context }: ReleasePlace): string[] {
  return ['--namespace', namespace, '--kubeconfig', kubeconfig, '--kube-context', context]
}

export interface InstallFlags {
  /** Values files, the strongest last. */
  readonly values: readonly string[]
  /** Kept with the release, and shown by `helm history`. */
  readonly description: string
  readonly timeoutSeconds: number
  readonly skipSchema: boolean
}

/** `helm install`, or `helm upgrade` of what is there, of a local archive or folder. */
export function installCommand(
  helm: string,
  action: 'install' | 'upgrade',
  chart: string,
  place: ReleasePlace,
  { values, description, timeoutSeconds, skipSchema }: InstallFlags,
): Command {
  return {
    tool: helm,
    args: [
      action,
      place.release,
      chart,
      ...placeArgs(place),
      ...(action === 'install' ? ['--create-namespace'] : ['--reset-values']),
      ...values.flatMap((file) => ['--values', file]),
      '--description',
      description,
      '--timeout',
      `${timeoutSeconds}s`,
      ...(skipSchema ? ['--skip-schema-validation'] : []),
    ],
  }
}

/** `helm list` of one release, in whatever state it is. */
export function listCommand(helm: string, place: ReleasePlace): Command {
  const filter = `^${place.release.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}$`
  return {
    tool: helm,
    // Named one by one: helm 3 shows some of them only when asked, and by a flag that helm 4 does not have.
    args: [
      'list',
      '--filter',
      filter,
      '--deployed',
      '--failed',
      '--pending',
      '--uninstalled',
      '--uninstalling',
      ...placeArgs(place),
      '--output',
      'json',
    ],
  }
}

/** `helm get values`: what was given to the last revision. */
export function getValuesCommand(helm: string, place: ReleasePlace): Command {
  return {
    tool: helm,
    args: ['get', 'values', place.release, ...placeArgs(place), '--output', 'json'],
  }
}

/** `helm history` of one release; the last revision alone. */
export function historyCommand(helm: string, place: ReleasePlace): Command {
  return {
    tool: helm,
    args: ['history', place.release, ...placeArgs(place), '--max', '1', '--output', 'json'],
  }
}
