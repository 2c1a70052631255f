import type { RunResult } from '../../../../scripts/lib/tools/process/exec.ts'
import type { BootstrapWorld } from './bootstrap.ts'
import { writeKubeconfig } from './cluster.ts'
import { imagesIn } from '../charts/render.ts'
import { helm } from '../tools.ts'

/** Values of the umbrella chart, limited to those that tests read. */
export interface GivenValues {
  readonly images: Readonly<Record<string, { readonly repository: string; readonly tag: string }>>
  readonly charts: Readonly<
    Record<
      string,
      { readonly repository: string; readonly version?: string; readonly values: object }
    >
  >
  readonly extra?: unknown
}

/** The release of a world, as helm reports it. */
export interface ReleaseView {
  /** Runs helm on the cluster, in the namespace of the release. */
  readonly helm: (...words: readonly string[]) => Promise<RunResult>
  /** The values of the last revision. */
  readonly values: () => Promise<GivenValues>
  /** `deployed`, `failed`…, or `none`. */
  readonly status: () => Promise<string>
  /** Everything that was sent to the cluster, including hooks. */
  readonly rendered: () => Promise<string>
  readonly images: () => Promise<string[]>
  readonly uninstall: () => Promise<void>
}

export function viewRelease({ world, cluster }: BootstrapWorld, name = 'ma'): ReleaseView {
  const onCluster: ReleaseView['helm'] = async (...words) => {
    const kubeconfig = await writeKubeconfig(world, cluster)
    return world.tool(helm, ...words, '--kubeconfig', kubeconfig, '--namespace', name)
  }
  const read = async (...words: readonly string[]) => {
    const { ok, stdout, stderr } = await onCluster(...words)
    if (!ok) throw new Error(stderr)
    return stdout
  }
  const rendered = async () => {
    const parts = [await read('get', 'manifest', name), await read('get', 'hooks', name)]
    return parts.join('\n---\n')
  }
  return {
    helm: onCluster,
    values: async () => JSON.parse(await read('get', 'values', name, '-o', 'json')),
    async status() {
      const shown = await onCluster('status', name, '-o', 'json')
      return shown.ok ? JSON.parse(shown.stdout).info.status : 'none'
    },
    rendered,
    images: async () => imagesIn(await rendered()),
    async uninstall() {
      await read('uninstall', name, '--ignore-not-found', '--no-hooks')
    },
  }
}
