import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Cluster, Clusters } from '../../aws/cluster/clusters.ts'
import type { ClusterToken, ClusterTokens } from '../../aws/cluster/token.ts'
import {
  firstProblemOf,
  ProblemError,
  type Result,
  toResult,
  sentenceOf,
  success,
  unwrap,
} from '../../model/problem.ts'
import { replaceFile, replaceOwnFile } from '../../tools/files/files.ts'
import type { ReleasePlace } from '../../tools/process/helm.ts'
import { readOptionalFile } from '../../sources/text-file.ts'
import { type ClusterEntry, mergeKubeconfig, renderKubeconfig } from './kubeconfig.ts'
import type { Step } from '../checklist.ts'
import { type WaitLimits, waitFor } from '../wait.ts'

/** The connection to a cluster, for this run only. */
export interface ClusterConnection {
  readonly kubeconfig: string
  readonly context: string
  readonly token: () => Promise<Result<string>>
  /** Stops the renewal of the token. */
  readonly close: () => void
}

/** Returns where helm finds the release, which has the name of its namespace. */
export function kubeconfigPlace(
  { kubeconfig, context }: ClusterConnection,
  namespace: string,
): ReleasePlace {
  return { release: namespace, namespace, kubeconfig, context }
}

/** Reads a cluster and waits until it can be used. Throws `ProblemError` when there is none. */
export async function readCluster(
  clusters: Clusters,
  name: string,
  region: string,
  step: Pick<Step, 'wait'>,
  patience: WaitLimits,
): Promise<Cluster> {
  const options = {
    what: `cluster "${name}"`,
    ...patience,
    tell: step.wait,
    next: 'check it in the console, and rerun the same command when it is ACTIVE',
  }
  return waitFor(options, async () => {
    const cluster = await clusters.read(name)
    if (cluster === undefined) {
      throw new ProblemError({
        kind: 'not-found',
        side: 'target',
        message: `cluster "${name}" from the stack's export does not exist in region "${region}"`,
        next: 'redeploy the stack, or choose another --stage or --region',
      })
    }
    // A cluster can be used during an update.
    if (['ACTIVE', 'UPDATING'].includes(cluster.status)) return { done: cluster }
    if (isLost(cluster)) {
      throw new ProblemError({
        kind: 'conflict',
        side: 'target',
        message: `cluster "${name}" is in state ${cluster.status}`,
        next: 'redeploy the stack: nothing can be installed on this cluster',
      })
    }
    return { state: `cluster ${cluster.status}` }
  })
}

/** Returns true for a cluster that cannot become usable again. */
export function isLost({ status }: Pick<Cluster, 'status'>): boolean {
  return status === 'FAILED' || status === 'DELETING'
}

/** Renewal margin before a token expires: a helm that reads it just before still has time for its work. */
const reserveMilliseconds = 4 * 60_000
const retryMilliseconds = 15_000

/**
 * Writes a kubeconfig to a private folder, with a token in a file beside it. helm rereads that file, so the token is
 * renewed there during the run. The user's own files and contexts are not touched.
 */
export async function connectToCluster(
  cluster: Cluster,
  region: string,
  tokens: ClusterTokens,
  folder: string,
  namespace: string,
  note: (text: string) => void,
): Promise<ClusterConnection> {
  const tokenFile = join(folder, 'cluster-token')
  const kubeconfig = join(folder, 'kubeconfig')
  let current: ClusterToken | undefined
  let timer: NodeJS.Timeout | undefined
  let isClosed = false
  const issue = async (): Promise<string> => {
    const issued = await tokens.issue(cluster.name)
    // Its folder may have been removed by now, and must not be re-created.
    if (isClosed) return issued.token
    await replaceOwnFile(tokenFile, issued.token)
    current = issued
    return issued.token
  }
  const renew = () => toResult(issue(), firstProblemOf)
  const schedule = (milliseconds: number) => {
    if (isClosed) return
    timer = setTimeout(() => {
      void renew().then((renewed) => {
        if (renewed.ok) return schedule(untilRenewal(current))
        note(`could not renew the cluster token: ${sentenceOf(renewed.problem)}`)
        return schedule(retryMilliseconds)
      })
    }, milliseconds)
    timer.unref()
  }
  unwrap(await renew())
  const entry: ClusterEntry = { ...addressOf(cluster, region), namespace, user: { tokenFile } }
  await replaceOwnFile(kubeconfig, renderKubeconfig(entry))
  schedule(untilRenewal(current))
  return {
    kubeconfig,
    context: entry.name,
    token: async () =>
      current !== undefined && current.expiresAt.getTime() > Date.now()
        ? success(current.token)
        : renew(),
    close: () => {
      isClosed = true
      clearTimeout(timer)
    },
  }
}

function untilRenewal(token: ClusterToken | undefined): number {
  const left = (token?.expiresAt.getTime() ?? 0) - Date.now()
  return Math.max(retryMilliseconds, left - reserveMilliseconds)
}

function addressOf({ name, endpoint, authority }: Cluster, region: string) {
  return { name: `${name}.${region}`, endpoint, authority }
}

/**
 * Adds the cluster to the user's kubeconfig: the given file, that of KUBECONFIG, or `~/.kube/config`. Its user is a
 * command of this kit that prints tokens. Returns the file and the context.
 */
export async function writeUserKubeconfig(
  cluster: Cluster,
  region: string,
  namespace: string,
  { file: named, env }: { readonly file: string | true; readonly env: NodeJS.ProcessEnv },
): Promise<{ readonly file: string; readonly context: string }> {
  const [first] = (env['KUBECONFIG'] ?? '').split(':').filter((path) => path !== '')
  const usual = first ?? join(env['HOME'] ?? homedir(), '.kube', 'config')
  const file = resolve(named === true ? usual : named)
  const text = (await readOptionalFile(file)) ?? ''
  const entry: ClusterEntry = {
    ...addressOf(cluster, region),
    namespace,
    user: { exec: tokenCommand(cluster.name, region, env) },
  }
  await replaceFile(file, unwrap(mergeKubeconfig(file, text, entry)), 0o600)
  return { file, context: entry.name }
}

const root = resolve(import.meta.dirname, '../../../..')

function tokenCommand(cluster: string, region: string, env: NodeJS.ProcessEnv) {
  const profile = env['AWS_PROFILE']
  return {
    command: process.execPath,
    args: [
      '--import',
      import.meta.resolve('tsx'),
      join(root, 'scripts/cluster-token.ts'),
      `--region=${region}`,
      '--',
      cluster,
    ],
    env: {
      ...(profile !== undefined && { AWS_PROFILE: profile }),
      // kubectl runs it in its own working folder, where tsx would follow the `paths` of any tsconfig.json.
      TSX_TSCONFIG_PATH: join(root, 'tsconfig.json'),
      // With the cache, tsx could run code that another user put into /tmp/tsx-<uid>.
      TSX_DISABLE_CACHE: '1',
    },
  }
}
