import { unreadableProblem, type UnreadableTag } from '../aws/ecr/unreadable.ts'
import { groupBy } from '../model/collections.ts'
import { readInventory } from '../aws/ecr/inventory.ts'
import { openTarget } from '../aws/ecr/target.ts'
import type { Lock } from '../model/manifest/lock.ts'
import { parseReference, type Reference } from '../model/image/reference.ts'
import type { Problem } from '../model/problem.ts'
import type { EcrRegistry } from '../model/image/registry.ts'
import type { CheckedReference } from './check.ts'
import type { Presence } from './presence.ts'

/** What the registry has for one reference, and why it cannot be pulled, if so. */
export interface RegistryAnswer {
  readonly presence: Presence
  readonly problem?: Problem
}

/** Queries ECR for every private reference: one paged listing, one batched read per repository. */
export async function askRegistry(
  checked: readonly CheckedReference[],
  registry: EcrRegistry,
  lock: Lock,
  { env, signal }: { readonly env: NodeJS.ProcessEnv; readonly signal: AbortSignal },
): Promise<Map<string, RegistryAnswer>> {
  const wanted = new Map<string, { readonly parsed: Reference; readonly source?: string }>()
  for (const { verdict, reference, source } of checked) {
    const parsed = parseReference(reference)
    if (verdict !== 'private' || !parsed.ok) continue
    wanted.set(reference, { parsed: parsed.value, ...(source !== undefined && { source }) })
  }
  const byPath = groupBy(wanted.values(), ({ parsed }) => parsed.path)
  const tags = new Map(
    [...byPath].map(([path, own]) => [path, own.map(({ parsed }) => keyOf(parsed))]),
  )
  const target = await openTarget(registry, env, signal)
  try {
    const reading = readInventory(target.ecr, tags)
    // A credentials problem is reported first when both fail.
    reading.catch(() => undefined)
    await target.identity
    const { stored, unreadable } = await reading
    return new Map(
      [...wanted].map(([reference, { parsed, source }]): readonly [string, RegistryAnswer] => {
        const tag = keyOf(parsed)
        const kept = unreadable?.get(`${parsed.path}:${tag}`)
        if (kept !== undefined) {
          const place = { registry, destination: reference, repository: parsed.path, tag }
          return [reference, explainKept({ ...place, unreadable: kept })]
        }
        const digest = stored.get(`${parsed.path}:${tag}`)?.digest
        const expected =
          parsed.digest ?? (source === undefined ? undefined : lock.images[source]?.digest)
        return [reference, { presence: compare(digest, expected) }]
      }),
    )
  } finally {
    target.ecr.close()
  }
}

function explainKept(image: UnreadableTag): RegistryAnswer {
  const { state } = image.unreadable
  const presence = state === 'inaccessible' ? 'unreadable' : state
  return { presence, problem: unreadableProblem(image) }
}

/** Returns the tag to query; for a reference pinned by digest, the tag it is stored under. */
function keyOf({ tag, digest }: Reference): string {
  if (digest === undefined) return tag ?? 'latest'
  return tag ?? `digest-${digest.slice(digest.indexOf(':') + 1).slice(0, 12)}`
}

function compare(digest: string | undefined, expected: string | undefined): Presence {
  if (digest === undefined) return 'missing'
  if (expected === undefined) return 'not-compared'
  return digest === expected ? 'matches' : 'differs'
}
