import type { TextKind } from './text-kind.ts'

/** A DNS-1123 subdomain, as helm requires (4.2.4, pkg/chart/v2/util/validate_name.go), with its limit. */
export const releaseKind: TextKind = {
  what: 'a release name',
  longest: 53,
  pattern: /^[a-z0-9]+(?:-+[a-z0-9]+)*(?:\.[a-z0-9]+(?:-+[a-z0-9]+)*)*$/,
  rule: 'at most 53 lowercase letters, digits, "-" and ".", starting and ending with a letter or digit',
  example: 'argo-cd',
}

/** A DNS-1123 label. */
export const namespaceKind: TextKind = {
  what: 'a namespace',
  longest: 63,
  pattern: /^[a-z0-9]+(?:-+[a-z0-9]+)*$/,
  rule: 'at most 63 lowercase letters, digits and "-", starting and ending with a letter or digit',
  example: 'kube-system',
}

/** What helm parses (k8s.io/apimachinery, `version.ParseGeneric`), plus the suffixes that clusters add. */
export const kubeVersionKind: TextKind = {
  what: 'a Kubernetes version',
  longest: 64,
  pattern: /^v?\d+\.\d+(?:\.\d+(?:[-+][0-9A-Za-z.+-]+)?)?$/,
  rule: 'two or three numbers',
  example: '"1.31.0"',
}

/** In the form that charts pass to `.Capabilities.APIVersions.Has`. */
export const apiVersionKind: TextKind = {
  what: 'an API version',
  longest: 381,
  pattern:
    /^(?:[a-z0-9]+(?:[-.]+[a-z0-9]+)*\/)?[a-z][a-z0-9]*(?:-+[a-z0-9]+)*(?:\/[A-Za-z][A-Za-z0-9]*)?$/,
  rule: 'group/version or group/version/Kind',
  example: '"monitoring.coreos.com/v1"',
}

/** The operating system of a node as tags of driver images name it. */
export const nodeSystemKind: TextKind = {
  what: 'an operating system of nodes',
  longest: 40,
  pattern: /^[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*$/,
  rule: 'a lowercase name with its version',
  example: 'ubuntu24.04',
}

/** Returns the default release name of a chart: the chart's name, adapted to the rules of release names. */
export function releaseNameOf(chart: string): string {
  const folded = chart
    .slice(0, releaseKind.longest)
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/g, '-')
    .replaceAll(/-*\.[-.]*/g, '.')
  return folded.replaceAll(/^[-.]+|[-.]+$/g, '') || 'release'
}
