import type { Command } from './command.ts'
import { absolutePath } from './absolute.ts'

// No text of a chart, a list or a person is ever read as a flag: a flag and its value are one word, and what is not a
// flag stands behind `--`. helm reads its arguments with cobra; seen with 4.2.4 and 3.21.4.

/** `helm pull` of a chart in an OCI registry; its version is the tag, verbatim. */
export function pullOciCommand(
  helm: string,
  url: string,
  version: string,
  folder: string,
): Command {
  return {
    tool: helm,
    args: ['pull', `--version=${version}`, `--destination=${absolutePath(folder)}`, '--', url],
  }
}

/** `helm push`: the chart's own name and version are appended by helm. */
export function pushCommand(helm: string, archive: string, target: string): Command {
  return { tool: helm, args: ['push', '--', absolutePath(archive), `oci://${target}`] }
}

export interface TemplateFlags {
  readonly release: string
  readonly namespace: string
  /** That of helm when left out. */
  readonly kubeVersion?: string
  readonly apiVersions: readonly string[]
  /** Values files, the strongest last. Absolute. */
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
      '--include-crds',
      `--namespace=${namespace}`,
      ...(kubeVersion === undefined ? [] : [`--kube-version=${kubeVersion}`]),
      ...apiVersions.map((version) => `--api-versions=${listItem(version)}`),
      ...valuesFlags(values),
      ...(skipSchema ? ['--skip-schema-validation'] : []),
      ...(isUpgrade ? ['--is-upgrade'] : []),
      '--',
      release,
      absolutePath(chart),
    ],
  }
}

/** Values as helm takes them on its command line. */
export interface ValuesFlags {
  /** Absolute. */
  readonly files: readonly string[]
  readonly sets: readonly (readonly [flag: SetFlag, text: string])[]
}

export type SetFlag = '--set' | '--set-string' | '--set-json'

/** `helm template` of a chart that prints its values. */
export function valuesCommand(helm: string, chart: string, { files, sets }: ValuesFlags): Command {
  return {
    tool: helm,
    args: [
      'template',
      ...valuesFlags(files),
      ...sets.map(([flag, text]) => `${flag}=${text}`),
      '--',
      'values',
      absolutePath(chart),
    ],
  }
}

/** `helm dependency build` for a chart folder with a lock, or `update` for one without. */
export function dependencyCommand(
  helm: string,
  action: 'build' | 'update',
  folder: string,
): Command {
  return { tool: helm, args: ['dependency', action, '--', absolutePath(folder)] }
}

/** A release on a cluster: its name, where it is, and how the cluster is reached. */
export interface ReleasePlace {
  readonly release: string
  readonly namespace: string
  readonly kubeconfig: string
  readonly context: string
}

function placeFlags({ namespace, kubeconfig, context }: ReleasePlace): string[] {
  return [
    `--namespace=${namespace}`,
    `--kubeconfig=${absolutePath(kubeconfig)}`,
    `--kube-context=${context}`,
  ]
}

export interface InstallFlags {
  /** Values files, the strongest last. Absolute. */
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
      ...placeFlags(place),
      ...(action === 'install' ? ['--create-namespace'] : ['--reset-values']),
      ...valuesFlags(values),
      `--description=${description}`,
      `--timeout=${timeoutSeconds}s`,
      ...(skipSchema ? ['--skip-schema-validation'] : []),
      '--',
      place.release,
      absolutePath(chart),
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
      `--filter=${filter}`,
      '--deployed',
      '--failed',
      '--pending',
      '--uninstalled',
      '--uninstalling',
      ...placeFlags(place),
      '--output=json',
    ],
  }
}

/** `helm get values`: what was given to the last revision. */
export function getValuesCommand(helm: string, place: ReleasePlace): Command {
  return {
    tool: helm,
    args: ['get', 'values', ...placeFlags(place), '--output=json', '--', place.release],
  }
}

/** `helm history` of one release; the last revision alone. */
export function historyCommand(helm: string, place: ReleasePlace): Command {
  return {
    tool: helm,
    args: ['history', ...placeFlags(place), '--max=1', '--output=json', '--', place.release],
  }
}

function valuesFlags(files: readonly string[]): string[] {
  return files.map((file) => `--values=${listItem(absolutePath(file))}`)
}

/** An item for a flag that takes several in one word, with commas, and quotes as in CSV (pflag's StringSlice). */
function listItem(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
