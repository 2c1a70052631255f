import { toResult, sentenceOf } from '../../model/problem.ts'
import pLimit from 'p-limit'
import { count, formatBytes } from '../../cli/text.ts'
import { blobsOf, type Content } from '../../model/image/content.ts'
import type { Notify } from '../../model/events.ts'
import { weigh } from '../../model/manifest/lock.ts'
import type { Ecr } from '../../aws/ecr/client.ts'
import type { EcrRegistry } from '../../model/image/registry.ts'
import type { BlobHolders } from './holders.ts'
import type { RunDoors } from '../session/doors.ts'
import type { MountPolicy } from '../session/request.ts'

/** Concurrent mounts for one image; each is one short request. */
const mountsAtOnce = 8

/** Number of refusals, without a single success, after which mounting is given up for this account. */
const patience = 12

/** Mounts the layers of one run, and gives up when ECR refuses every mount. */
export interface Mounter {
  readonly holders: BlobHolders
  readonly isOn: () => boolean
  /**
   * Mounts blobs from other repositories, so that crane finds them present. A refusal only costs time.
   * Returns the digests of the mounted blobs.
   */
  readonly mount: (repository: string, content: Content) => Promise<readonly string[]>
}

export function createMounter(
  registry: EcrRegistry,
  doors: Pick<RunDoors, 'registries' | 'notify'>,
  holders: BlobHolders,
  isWanted: boolean,
): Mounter {
  let isOn = isWanted
  let successes = 0
  let refusals = 0
  const mountOne = async (repository: string, blob: string): Promise<boolean> => {
    const sibling = isOn ? holders.siblingWith(blob, repository) : undefined
    if (sibling === undefined) return false
    const place = { registry: registry.host, path: repository }
    const mounted = await doors.registries.mount(place, blob, sibling)
    if (mounted.ok && mounted.value) {
      successes += 1
      return true
    }
    // The repository may have the blob and still refuse: an image that refers to it may have been deleted.
    holders.forget(blob, sibling)
    refusals += 1
    if (isOn && successes === 0 && refusals >= patience) {
      isOn = false
      doors.notify({
        kind: 'notice',
        text: `ECR refused to mount layers (${count(refusals, 'attempt')}); sending every layer instead`,
      })
    }
    return false
  }
  return {
    holders,
    isOn: () => isOn,
    async mount(repository, content) {
      const limit = pLimit(mountsAtOnce)
      const mounted = await Promise.all(
        [...blobsOf(content).keys()].map((blob) =>
          limit(async () => ((await mountOne(repository, blob)) ? [blob] : [])),
        ),
      )
      return mounted.flat()
    },
  }
}

/** Decides whether this run mounts layers, and reports the possible savings where mounting is off. */
export async function decideMounting(
  policy: MountPolicy,
  ecr: Ecr,
  registry: EcrRegistry,
  contents: Iterable<Content>,
  notify: Notify,
): Promise<boolean> {
  if (policy !== 'auto') return policy === 'on'
  const asked = await toResult(ecr.mayMount())
  if (asked.ok && asked.value) return true
  if (!asked.ok) {
    const text = `cannot read whether blob mounting is enabled (allow ecr:GetAccountSetting, or set --mount on): ${sentenceOf(asked.problem)}`
    notify({ kind: 'notice', text })
    return false
  }
  const { all, unique } = weigh(contents)
  const saving =
    all > unique
      ? `${formatBytes(all - unique)} of ${formatBytes(all)}`
      : 'repeated uploads of shared layers'
  notify({
    kind: 'notice',
    text: `blob mounting between repositories is disabled in this account; enabling it would save ${saving}: aws ecr put-account-setting --name BLOB_MOUNTING --value ENABLED --region ${registry.region}`,
  })
  return false
}
