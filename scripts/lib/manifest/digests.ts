import type { Lock, LockedImage } from '../model/manifest/lock.ts'
import { chartVersionOf, type Manifest } from '../model/manifest/manifest.ts'
import { about, failure, type Problem, type Result, success, unwrap } from '../model/problem.ts'
import {
  dockerHub,
  identifierOf,
  parseReference,
  type Reference,
} from '../model/image/reference.ts'
import { recordFrom } from '../model/tree/tree.ts'
import { createGates, type Gate } from '../tools/pacing/gate.ts'
import { readContent } from '../tools/registry/content.ts'
import { withRetry } from '../tools/pacing/retry.ts'
import { createAcquirer } from '../charts/fetch/acquire.ts'
import { readArchive } from '../charts/chart/archive.ts'
import type { Session } from '../session/session.ts'

/**
 * Returns the rate limits of a host. ECR Public allows one anonymous read per second (its quota page); others allow a
 * few in parallel.
 */
function gateRules(host: string) {
  return host === 'public.ecr.aws'
    ? { concurrency: 1, interval: 1_000 }
    : { concurrency: 4, interval: 0 }
}

/**
 * Resolves the digest of every image and chart of a manifest. Docker Hub gets only HEAD requests, which cost no pulls;
 * from other registries, also fetches the manifests, to read children and layers.
 */
export async function resolveDigests(
  manifest: Manifest,
  session: Session,
): Promise<{ readonly lock: Lock; readonly problems: Problem[] }> {
  const gates = createGates(gateRules, session.signal)
  const problems: Problem[] = []
  const images = await Promise.all(
    manifest.images.map(async ({ reference }) => {
      const parsed = unwrap(parseReference(reference))
      const resolved = await resolveImage(parsed, gates(parsed.registry), session)
      if (resolved.ok) return [[reference, resolved.value] as const]
      problems.push(resolved.problem)
      return []
    }),
  )
  const acquirer = createAcquirer(session)
  const charts = await Promise.all(
    manifest.charts.map(async (entry) => {
      const chart = chartVersionOf(entry)
      // A chart's archive is a layer in a registry, with the same digest.
      const local = await acquirer.published(chart)
      const archive = local.ok ? await readArchive(local.value.path) : local
      if (!archive.ok) {
        problems.push(archive.problem)
        return []
      }
      const digest = `sha256:${archive.value.sha256}`
      return [[`${chart.repository} ${chart.name} ${chart.version}`, { digest }] as const]
    }),
  )
  return {
    lock: {
      images: recordFrom(images.flat()),
      charts: recordFrom(charts.flat()),
    },
    problems,
  }
}

async function resolveImage(
  reference: Reference,
  gate: Gate,
  { registries, signal }: Session,
): Promise<Result<LockedImage>> {
  const by = identifierOf(reference)
  const resolved = await gate.enter(() =>
    withRetry<LockedImage>(signal, async () => {
      const head = await registries.head(reference, by)
      if (!head.ok) return head
      const { digest } = head.value
      if (reference.registry === dockerHub) return success({ digest })
      const content = await readContent(registries, reference, digest)
      return content.ok ? success({ digest, ...content.value }) : content
    }),
  )
  if (resolved.ok) return resolved
  const { problem } = resolved
  return failure(about(`image "${reference.text}"`, problem))
}
