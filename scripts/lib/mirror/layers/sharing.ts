import pLimit from 'p-limit'
import { isComplete } from '../../model/image/content.ts'
import { toResult } from '../../model/problem.ts'
import { readContent } from '../../tools/registry/content.ts'
import { createHolders } from './holders.ts'
import { isCountedByHub, sufficesForLearning } from '../sources/hub-budget.ts'
import type { Inventory } from '../../aws/ecr/inventory.ts'
import { learnFromEcr } from './learn.ts'
import { createMounter, decideMounting, type Mounter } from './mount.ts'
import { placesToRead } from '../plan/placement.ts'
import { type ImageStep, mayCopy, type Plan } from '../plan/plan.ts'
import { sourceRoutesOf } from '../sources/routes.ts'
import type { Sources } from '../sources/sources.ts'
import type { OpenRun } from '../session/doors.ts'

/** Concurrent reads of ECR. */
const readsAtOnce = 16

/**
 * Prepares blob mounting: decides whether it is on and, if so, reads what the target already has and what the images to
 * be copied consist of. Spends Docker Hub's quota on that only where it also suffices for the copies.
 */
export async function openMounter(
  plan: Plan,
  inventory: Inventory,
  run: OpenRun,
  sources: Sources,
): Promise<Mounter> {
  const { doors, state } = run
  const { registry, siblings, copying } = run.request
  const { type = 'AES256', key } = plan.repositories?.settings.encryption ?? {}
  const encryptionOfNew = key === undefined ? type : `${type} ${key}`
  const encryptionOf = (name: string) => inventory.all.get(name)?.encryption ?? encryptionOfNew
  const holders = createHolders(encryptionOf)
  const images = plan.steps.filter((step) => step.kind === 'image')
  const wanted = images.filter((step) => mayCopy(step) && step.refused === undefined)
  // A single image can only share layers with images that are already present.
  const isPointless = wanted.length === 0 || (wanted.length === 1 && inventory.all.size === 0)
  if (copying.mount === 'off' || isPointless) return createMounter(registry, doors, holders, false)
  const known = wanted.flatMap((step) => state.contents.get(rootOf(step, sources) ?? '') ?? [])
  const isOn = await decideMounting(copying.mount, doors.ecr, registry, known, doors.notify)
  if (!isOn) return createMounter(registry, doors, holders, false)

  doors.notify({ kind: 'phase', text: 'looking for layers that the target already has' })
  const limit = pLimit(readsAtOnce)
  const holds = async (repository: string, digest: string, text: string): Promise<void> => {
    const content = state.contents.get(digest) ?? (await learnFromEcr(doors.ecr, repository, text))
    if (content !== undefined) holders.add(repository, content)
  }
  // Nothing can be mounted from an archived image.
  const readStored = async ({ repository, stored, unreadable }: ImageStep) => {
    if (stored === undefined || unreadable !== undefined) return
    await holds(repository, stored.digest, inventory.texts.get(stored.digest) ?? '')
  }
  const readSibling = async ([repository, tags]: readonly [string, readonly string[]]) => {
    const read = await toResult(doors.ecr.readImages(repository, tags))
    // This only saves time: nothing is mounted from a repository that cannot be read.
    const found = !read.ok ? [] : read.value.images
    await Promise.all(found.map(({ digest, manifest }) => holds(repository, digest, manifest)))
  }
  const isOther = ([name]: readonly [string, readonly string[]]) =>
    inventory.all.has(name) && !inventory.repositories.has(name)
  await Promise.all([
    ...images.map((step) => limit(() => readStored(step))),
    ...[...placesToRead(siblings(), plan.target)]
      .filter(isOther)
      .map((sibling) => limit(() => readSibling(sibling))),
    ...freeToRead(wanted, run, sources).map((step) => learnWanted(step, run, sources)),
  ])
  return createMounter(registry, doors, holders, true)
}

/** Returns the digest at the source, from the lock or from the source's answer. */
function rootOf(step: ImageStep, sources: Sources): string | undefined {
  return sources.known(step)?.root ?? step.digest
}

/** Returns the images whose manifests can be read ahead without using up quota that the copies need. */
function freeToRead(
  wanted: readonly ImageStep[],
  { request, doors, state }: OpenRun,
  sources: Sources,
): ImageStep[] {
  const { mirrors } = request.copying
  const counted = new Set(
    wanted.filter((step) => isCountedByHub(step, mirrors, sources.known(step))),
  )
  const suffices = sufficesForLearning(state.pulls.left, counted.size)
  return wanted.filter((step) => {
    if (counted.has(step)) return suffices
    const { registry } = sourceRoutesOf(step.reference, mirrors)[0]
    return doors.gate(registry).interval === 0
  })
}

async function learnWanted(
  step: ImageStep,
  { request, doors, state }: OpenRun,
  sources: Sources,
): Promise<void> {
  const root = rootOf(step, sources)
  const known = root === undefined ? undefined : state.contents.get(root)
  if (root === undefined || (known !== undefined && isComplete(known))) return
  const [route] = sourceRoutesOf(step.reference, request.copying.mirrors)
  const gate = doors.gate(route.registry)
  const content = await readContent(doors.registries, route, root, gate.enter)
  // This only saves time; the copy itself will report the problem.
  if (content.ok) state.contents.set(root, content.value)
  else if (content.problem.kind === 'rate-limited') {
    gate.pause(content.problem.retryAfter ?? doors.backoff.first)
  }
}
