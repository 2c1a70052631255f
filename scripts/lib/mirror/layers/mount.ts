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

/** Mounts of one image at a time; each is one short request. */
const mountsAtOnce = 8

/** After so many refusals without a single success, ECR does not mount for this account. */
const patience = 12

/** Mounts layers of one run, and gives up when ECR never does. */
export interface Mounter {
  readonly holders: BlobHolders
  readonly isOn: () => boolean
  /**
   * Mounts what siblings hold into a repository, so that crane finds it there. A refusal costs nothing but time.
   * Returns the digests that were mounted.
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
    // The repository may hold the blob and yet not give it: an image that refers to it may have been deleted.
    holders.forget(blob, sibling)
    refusals += 1
    if (isOn && successes === 0 && refusals >= patience) {
      isOn = false
      doors.notify({
        kind: 'notice',
        text: `ECR refuses to mount layers (${count(refusals, 'try', 'tries')}); every layer is sent instead`,
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

/** Decides whether this run mounts layers, and says what it would save where it is off. */
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
    const text = `whether layers may be mounted cannot be read (allow ecr:GetAccountSetting, or say --mount on): ${sentenceOf(asked.problem)}`
    notify({ kind: 'notice', text })
    return false
  }
  const { all, unique } = weigh(contents)
  const saving =
    all > unique
      ? `${formatBytes(all - unique)} of ${formatBytes(all)}`
      : 'what they have in common'
  notify({
    kind: 'notice',
    text: `the account lets no repository take layers over from another; that would save ${saving}: aws ecr put-account-setting --name BLOB_MOUNTING --value ENABLED --region ${registry.region}`,
  })
  return false
}
