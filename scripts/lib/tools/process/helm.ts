import type { Command } from './command.ts'
import { absolutePath } from './absolute.ts'

// No text of a chart, a list or a user is ever read as a flag: a flag and its value are one word, and operands follow
// `--`. helm parses its arguments with cobra; checked with 4.2.4 and 3.21.4.

/** Returns `helm pull` of a chart in an OCI registry; its version is the tag, verbatim. */
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

/** Returns `helm pull` of a chart by its digest, which helm checks: `oci://host/path/name@sha256:…`. */
export function pullPinnedCommand(helm: string, url: string, folder: string): Command {
  return { tool: helm, args: ['pull', `--destination=${absolutePath(folder)}`, '--', url] }
}

/** Returns `helm push`; helm appends the chart's own name and version. */
export function pushCommand(helm: string, archive: string, target: string): Command {
  return { tool: helm, args: ['push', '--', absolutePath(archive), `oci://${target}`] }
}

export interface TemplateFlags {
  readonly release: string
  readonly namespace: string
  /** Default: helm's own. */
  readonly kubeVersion?: string
  readonly apiVersions: readonly string[]
  /** Values files, in increasing precedence. Absolute. */
  readonly values: readonly string[]
  /** Set after the values files. */
  readonly wholeNumbers?: readonly WholeNumber[]
  readonly skipSchema: boolean
  readonly isUpgrade?: boolean
  /** A plugin's name, or, for Helm 3, a path. */
  readonly postRenderer?: string
}

/** A number that helm reads as a whole one only from `--set`. */
export interface WholeNumber {
  readonly path: readonly (string | number)[]
  readonly text: string
}

/** Returns `helm template` of a local archive or folder, with everything that an install creates, such as CRDs. */
export function templateCommand(helm: string, chart: string, flags: TemplateFlags): Command {
  const { release, namespace, kubeVersion, apiVersions, skipSchema, isUpgrade } = flags
  const { values, wholeNumbers = [], postRenderer } = flags
  return {
    tool: helm,
    args: [
      'template',
      '--include-crds',
      `--namespace=${namespace}`,
      ...(kubeVersion === undefined ? [] : [`--kube-version=${kubeVersion}`]),
      ...apiVersions.map((version) => `--api-versions=${listItem(version)}`),
      ...valuesFlags(values),
      ...wholeNumbers.map(({ path, text }) => `--set=${setPath(path)}=${text}`),
      ...(skipSchema ? ['--skip-schema-validation'] : []),
      ...(isUpgrade ? ['--is-upgrade'] : []),
      ...(postRenderer === undefined ? [] : [`--post-renderer=${postRenderer}`]),
      '--',
      release,
      absolutePath(chart),
    ],
  }
}

/** Values for helm's command line. */
export interface HelmValuesFlags {
  /** Absolute. */
  readonly files: readonly string[]
  readonly sets: readonly (readonly [flag: SetFlag, text: string])[]
}

export type SetFlag = '--set' | '--set-string' | '--set-json'

/** Returns `helm template` of a chart that prints its values. */
export function valuesCommand(
  helm: string,
  chart: string,
  { files, sets }: HelmValuesFlags,
): Command {
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

/** Returns `helm dependency build` for a chart folder with a lock, or `update` for one without. */
export function dependencyCommand(
  helm: string,
  action: 'build' | 'update',
  folder: string,
): Command {
  return { tool: helm, args: ['dependency', action, '--', absolutePath(folder)] }
}

/** A release on a cluster: its name, its namespace, and the connection to the cluster. */
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

export interface HelmInstallFlags {
  /** Values files, in increasing precedence. Absolute. */
  readonly values: readonly string[]
  /** Stored with the release, and shown by `helm history`. */
  readonly description: string
  readonly timeoutSeconds: number
  readonly skipSchema: boolean
}

/** Returns `helm install` or `helm upgrade` of a local archive or folder. */
export function installCommand(
  helm: string,
  action: 'install' | 'upgrade',
  chart: string,
  place: ReleasePlace,
  { values, description, timeoutSeconds, skipSchema }: HelmInstallFlags,
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

/** Returns `helm list` of one release, in any state. */
export function listCommand(helm: string, place: ReleasePlace): Command {
  const filter = `^${place.release.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}$`
  return {
    tool: helm,
    // Listed individually: helm 3 shows some states only with a flag that helm 4 does not have.
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

/** Returns `helm get values`, which prints the values given to the last revision. */
export function getValuesCommand(helm: string, place: ReleasePlace): Command {
  return {
    tool: helm,
    args: ['get', 'values', ...placeFlags(place), '--output=json', '--', place.release],
  }
}

/** Returns `helm history` of one release, for the last revision only. */
export function historyCommand(helm: string, place: ReleasePlace): Command {
  return {
    tool: helm,
    args: ['history', ...placeFlags(place), '--max=1', '--output=json', '--', place.release],
  }
}

function valuesFlags(files: readonly string[]): string[] {
  return files.map((file) => `--values=${listItem(absolutePath(file))}`)
}

/** Writes a path as `--set` reads it, with its special characters escaped (helm's pkg/strvals). */
function setPath(path: WholeNumber['path']): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`
      return (index > 0 ? '.' : '') + step.replaceAll(/[\\.,=[\]{}]/g, String.raw`\$&`)
    })
    .join('')
}

/** Quotes an item of a flag that takes several, separated by commas, as in CSV (pflag's StringSlice). */
function listItem(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
