import { nodeAt, type ValuesTree } from '../../../model/values/values.ts'
import type { NamedChart } from './named.ts'
import { groupAndKind, relativeFolder } from './objects.ts'

interface SyncFields {
  readonly address: readonly string[]
  readonly folder: readonly string[]
  readonly version: readonly string[]
}

const configSync: SyncFields = {
  address: ['spec', 'git', 'repo'],
  folder: ['spec', 'git', 'dir'],
  version: ['spec', 'git', 'revision'],
}

/** Fields of objects that name a repository, by group and kind. Sources: Rancher Fleet and Config Sync. */
const syncedKinds: ReadonlyMap<string, SyncFields> = new Map([
  [
    'fleet.cattle.io GitRepo',
    { address: ['spec', 'repo'], folder: ['spec', 'paths'], version: ['spec', 'revision'] },
  ],
  ['configsync.gke.io RootSync', configSync],
  ['configsync.gke.io RepoSync', configSync],
])

/** Returns the folder that an object of another controller than Argo CD and Flux keeps applied. */
export function syncedFolders(object: ValuesTree): NamedChart[] {
  const fields = syncedKinds.get(groupAndKind(object))
  const repository = fields === undefined ? '' : textAt(object, fields.address)
  if (fields === undefined || repository === '') return []
  const chart = relativeFolder(textAt(object, fields.folder) || '.')
  const version = textAt(object, fields.version)
  return [{ chart, version, repository, path: fields.address }]
}

/** Returns the text at a path; the first one of a list. */
function textAt(object: ValuesTree, path: readonly string[]): string {
  const node = nodeAt(object, path)
  const value = Array.isArray(node) ? node[0] : node
  return typeof value === 'string' ? value : ''
}
