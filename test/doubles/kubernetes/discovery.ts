import { apiVersionOf, type Kind } from './objects/object.ts'

const verbs = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch']

/** Returns the list of kinds, in the format that the client requests; `undefined` for any other path. */
export function discover(
  path: string,
  accept: string,
  kinds: readonly Kind[],
): { readonly type: string; readonly body: object } | undefined {
  const form = /g=apidiscovery\.k8s\.io;v=(v2(?:beta1)?);as=APIGroupDiscoveryList/.exec(accept)?.[1]
  const type = 'application/json'
  switch (path) {
    case '/api':
      if (form !== undefined) return aggregate(form, kinds, (group) => group === '')
      return { type, body: { kind: 'APIVersions', versions: ['v1'] } }
    case '/apis':
      if (form !== undefined) return aggregate(form, kinds, (group) => group !== '')
      return { type, body: { kind: 'APIGroupList', apiVersion: 'v1', groups: groupList(kinds) } }
    default: {
      const groupVersion = /^\/(?:api|apis)\/(?<name>v1|[^/]+\/[^/]+)$/.exec(path)?.groups?.['name']
      const found = kinds.filter((kind) => apiVersionOf(kind) === groupVersion)
      if (groupVersion === undefined || found.length === 0) return undefined
      const resources = found.flatMap(legacyResources)
      return { type, body: { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources } }
    }
  }
}

function groupList(kinds: readonly Kind[]): object[] {
  return groupsOf(kinds.filter(({ group }) => group !== '')).map(([name, versions]) => {
    const list = versions.map((version) => ({ version, groupVersion: `${name}/${version}` }))
    return { name, versions: list, preferredVersion: list[0] }
  })
}

function legacyResources(kind: Kind): object[] {
  const { plural, namespaced } = kind
  const entry = {
    name: plural,
    singularName: kind.kind.toLowerCase(),
    namespaced,
    kind: kind.kind,
    verbs,
    shortNames: kind.shortNames ?? [],
    categories: kind.categories ?? [],
  }
  const parts = (kind.subresources ?? []).map((part) => ({
    name: `${plural}/${part}`,
    singularName: '',
    namespaced,
    kind: kind.kind,
    verbs: ['get'],
  }))
  return [entry, ...parts]
}

/** Returns all groups in one response. */
function aggregate(form: string, kinds: readonly Kind[], wanted: (group: string) => boolean) {
  const items = groupsOf(kinds.filter(({ group }) => wanted(group))).map(([name, versions]) => ({
    metadata: { name },
    versions: versions.map((version) => ({
      version,
      freshness: 'Current',
      resources: kinds
        .filter((kind) => kind.group === name && kind.version === version)
        .map(aggregatedResource),
    })),
  }))
  const type = `application/json;g=apidiscovery.k8s.io;v=${form};as=APIGroupDiscoveryList`
  const apiVersion = `apidiscovery.k8s.io/${form}`
  return { type, body: { kind: 'APIGroupDiscoveryList', apiVersion, metadata: {}, items } }
}

function aggregatedResource(kind: Kind): object {
  const { group, version } = kind
  const responseKind = { group, version, kind: kind.kind }
  return {
    resource: kind.plural,
    responseKind,
    scope: kind.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: kind.kind.toLowerCase(),
    verbs,
    shortNames: kind.shortNames ?? [],
    categories: kind.categories ?? [],
    subresources: (kind.subresources ?? []).map((subresource) => ({
      subresource,
      responseKind,
      verbs: ['get'],
    })),
  }
}

/** Returns the groups with their versions, in order of appearance. */
function groupsOf(kinds: readonly Kind[]): [string, string[]][] {
  const groups = new Map<string, Set<string>>()
  for (const { group, version } of kinds) {
    groups.set(group, (groups.get(group) ?? new Set()).add(version))
  }
  return [...groups].map(([group, versions]) => [group, [...versions]])
}
