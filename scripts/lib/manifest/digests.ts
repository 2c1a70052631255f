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

/** ECR Public admits one anonymous read a second (its quota page); the others take a few at a time. */
function gateRules(host: string) {
  return host === 'public.ecr.aws'
    ? { concurrency: 1, interval: 1_000 }
    : { concurrency: 4, interval: 0 }
}

/**
 * Resolves the digest of every image and chart of a manifest. Docker Hub is asked by HEAD alone, which costs no pull;
 * other registries also give the manifests, from which children and layers are read.
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
      // The archive of a chart in a registry is a layer there, with the same digest.
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
