/** API groups of Kubernetes itself, as far as the client library of helm knows them (helm v4.2.4 lists its APIs). */
const ownGroups: ReadonlySet<string> = new Set([
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apps',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'extensions',
  'flowcontrol.apiserver.k8s.io',
  'internal.apiserver.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
  'storagemigration.k8s.io',
])

/** Stable, but only since Kubernetes 1.34. */
const recentApis: ReadonlySet<string> = new Set(['resource.k8s.io/v1'])

/**
 * Returns the APIs of a list that a cluster may not serve, although helm assumes them: `helm template` answers for every
 * API of its client library, including those that Kubernetes removed years ago, or added in its latest versions.
 *
 * @param served APIs that the cluster is known to serve
 */
export function uncertainApis(apis: readonly string[], served: readonly string[] = []): string[] {
  return apis.filter((api) => {
    if (served.includes(api)) return false
    const [group = '', version = ''] = api.split('/')
    if (!ownGroups.has(group)) return false
    return /^v\d+(?:alpha|beta)\d+$/.test(version) || recentApis.has(`${group}/${version}`)
  })
}

/** A name that no cluster serves, in place of an API. */
const unserved = 'unserved.ecr-airlift.invalid/v1'

/**
 * Returns the content of a chart's file in which templates ask for an API that no cluster serves instead of one of
 * these. helm has no flag that takes an API away.
 */
export function hideApis(path: string, content: Buffer, apis: readonly string[]): Buffer {
  return mayAsk(path, content) ? hide(content, apis) : content
}

/** True for templates, and for other files with text that a template may run. */
function mayAsk(path: string, content: Buffer): boolean {
  return /(?:^|\/)templates\//.test(path) || content.includes('APIVersions')
}

function hide(content: Buffer, apis: readonly string[]): Buffer {
  const text = content.toString('latin1')
  const hidden = apis.reduce(
    (rest, api) =>
      rest
        .replaceAll(`"${api}"`, `"${unserved}"`)
        .replaceAll(`\\"${api}\\"`, `\\"${unserved}\\"`)
        .replaceAll(`\`${api}\``, `\`${unserved}\``),
    text,
  )
  return hidden === text ? content : Buffer.from(hidden, 'latin1')
}
