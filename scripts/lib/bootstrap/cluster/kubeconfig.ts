import { type Document, isMap, isScalar, isSeq } from 'yaml'
import { invalidInput, type Result, success } from '../../model/problem.ts'
import { treeOf } from '../../model/values/values.ts'
import { parseBounded } from '../../sources/yaml/bounded.ts'
import { kitDialect } from '../../sources/yaml/dialect.ts'
import { printYaml } from '../../sources/yaml/print.ts'

export interface ClusterEntry {
  /** The name of cluster, context and user. */
  readonly name: string
  readonly endpoint: string
  /** PEM. */
  readonly authority: string
  readonly namespace: string
  readonly user: UserEntry
}

/** A file with a token that is renewed, or a command that prints one. */
type UserEntry =
  | { readonly tokenFile: string }
  | {
      readonly exec: {
        readonly command: string
        readonly args: readonly string[]
        readonly env: Readonly<Record<string, string>>
      }
    }

/** Returns the three parts of a cluster in a kubeconfig. */
function partsOf({ name, endpoint, authority, namespace, user }: ClusterEntry) {
  const data = Buffer.from(authority).toString('base64')
  return {
    clusters: { name, cluster: { server: endpoint, 'certificate-authority-data': data } },
    contexts: { name, context: { cluster: name, user: name, namespace } },
    users: { name, user: 'tokenFile' in user ? user : { exec: execOf(user.exec) } },
  }
}

function execOf({ command, args, env }: Extract<UserEntry, { exec: unknown }>['exec']) {
  return {
    apiVersion: 'client.authentication.k8s.io/v1',
    interactiveMode: 'Never',
    command,
    args: [...args],
    env: Object.entries(env).map(([name, value]) => ({ name, value })),
  }
}

/** Renders a kubeconfig with this cluster only. */
export function renderKubeconfig(entry: ClusterEntry): string {
  const { clusters, contexts, users } = partsOf(entry)
  return printYaml(
    treeOf({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [clusters],
      contexts: [contexts],
      users: [users],
      'current-context': entry.name,
    }),
  )
}

/**
 * Adds a cluster to the text of a user's kubeconfig, replacing an entry of the same name. Everything else stays
 * unchanged; the current context is only set if there was none.
 */
export function mergeKubeconfig(file: string, text: string, entry: ClusterEntry): Result<string> {
  if (text.trim() === '') return success(renderKubeconfig(entry))
  const { document, faults } = parseBounded(text, kitDialect)
  const [fault] = faults
  if (fault !== undefined || document === undefined || !isMap(document.contents)) {
    return invalidInput(
      `"${file}" is not a kubeconfig: ${fault?.message.split('\n')[0] ?? 'it is not a mapping'}`,
      'fix the file, or choose another one with --write-kubeconfig',
    )
  }
  for (const [list, item] of Object.entries(partsOf(entry))) {
    if (putItem(document, list, item)) continue
    return invalidInput(
      `cannot update "${file}": its "${list}" is not a list`,
      'make it a list, without aliases, or choose another file with --write-kubeconfig',
    )
  }
  if (!document.get('current-context')) document.set('current-context', entry.name)
  return success(document.toString({ lineWidth: 0 }))
}

/** Returns false, and changes nothing, for a value that is not a list: its content would be lost. */
function putItem(document: Document, list: string, item: { readonly name: string }): boolean {
  const items = document.get(list, true)
  if (items === undefined || (isScalar(items) && items.value === null)) {
    document.set(list, document.createNode([item]))
    return true
  }
  if (!isSeq(items)) return false
  const index = items.items.findIndex((one) => isMap(one) && one.get('name') === item.name)
  if (index === -1) items.add(document.createNode(item))
  else items.set(index, document.createNode(item))
  return true
}
