import type { ServedCluster } from '../../model/chart/served-cluster.ts'
import { apiVersionKind, kubeVersionKind } from '../../model/names/kubernetes.ts'
import { isOfKind } from '../../model/names/text-kind.ts'
import { failure, type Result, success } from '../../model/problem.ts'
import type { ValuesTree } from '../../model/values/values.ts'
import { mapsAt, shapeOf, textAt } from './answer.ts'

/** Discovery in one answer (Kubernetes 1.27 and later; beta since 1.26), or else the list of groups. */
const discovery = [
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList',
  'application/json',
].join(',')

type Read = (path: string, accept?: string) => Promise<Result<string>>

/**
 * Reads the version and the APIs of a cluster, in the form in which helm passes them to templates (helm 4.2.4,
 * pkg/action/action.go, `GetVersionSet`). Fails when the cluster does not answer, or reports no version.
 */
export async function readServed(read: Read): Promise<Result<ServedCluster>> {
  const version = await read('/version')
  if (!version.ok) return version
  const kubeVersion = textAt(shapeOf(version.value), 'gitVersion')
  if (!isOfKind(kubeVersionKind, kubeVersion)) {
    return failure({
      kind: 'unknown',
      side: 'target',
      message: 'the cluster does not report its Kubernetes version',
      next: "check that the endpoint is that of the cluster's API server",
    })
  }
  const names: string[] = []
  for (const root of ['/api', '/apis']) {
    const groups = await read(root, discovery)
    if (!groups.ok) return groups
    const listed = await apisOf(shapeOf(groups.value), root, read)
    if (!listed.ok) return listed
    for (const name of listed.value) names.push(name)
  }
  const apiVersions = [...new Set(names)].filter((name) => isOfKind(apiVersionKind, name))
  return success({ kubeVersion, apiVersions })
}

async function apisOf(answer: ValuesTree, root: string, read: Read): Promise<Result<string[]>> {
  if (textAt(answer, 'kind') === 'APIGroupDiscoveryList') return success(discovered(answer))
  const versions =
    root === '/api'
      ? ['v1']
      : mapsAt(answer, 'groups').flatMap((group) =>
          mapsAt(group, 'versions').map((version) => textAt(version, 'groupVersion')),
        )
  const names: string[] = []
  for (const version of versions.filter((one) => isOfKind(apiVersionKind, one))) {
    const resources = await read(`${root}/${version}`)
    if (!resources.ok) return resources
    names.push(version)
    for (const resource of mapsAt(shapeOf(resources.value), 'resources')) {
      names.push(`${version}/${textAt(resource, 'kind')}`)
    }
  }
  return success(names)
}

function discovered(answer: ValuesTree): string[] {
  return mapsAt(answer, 'items').flatMap((group) => {
    const name = textAt(group, 'metadata', 'name')
    return mapsAt(group, 'versions').flatMap((served) => {
      const version = (name === '' ? '' : `${name}/`) + textAt(served, 'version')
      const kinds = mapsAt(served, 'resources').map((one) => textAt(one, 'responseKind', 'kind'))
      return [version, ...kinds.map((kind) => `${version}/${kind}`)]
    })
  })
}
