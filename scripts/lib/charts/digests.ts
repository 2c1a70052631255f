import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Lock, LockedImage } from '../model/lock.ts'
import { chartVersionOf, type Manifest } from '../model/manifest.ts'
import { failure, type Problem, type Result, success, unwrap } from '../model/problem.ts'
import {
  dockerHub,
  isDigest,
  parseReference,
  pinnedReference,
  type Reference,
} from '../model/reference.ts'
import { digestCommand, manifestCommand } from '../tools/crane.ts'
import { classifyRun } from '../tools/failures.ts'
import { createGates, type Gate } from '../tools/gate.ts'
import { withRetry } from '../tools/retry.ts'
import { createAcquirer } from './acquire.ts'
import { readArchive } from './archive.ts'
import type { Workshop } from './workshop.ts'

/** Asking a registry takes no longer than this. */
const deadline = 60_000

/** ECR Public admits one anonymous read a second (its quota page); the others take a few at a time. */
function gateRules(host: string) {
  return host === 'public.ecr.aws'
    ? { concurrency: 1, interval: 1_000 }
    : { concurrency: 4, interval: 0 }
}

/**
 * Resolves the digest of every image and chart of a manifest. Docker Hub is asked by HEAD alone, which costs no pull;
 * other registries also give the manifest, from which an index's children are read.
 */
export async function resolveDigests(
  manifest: Manifest,
  workshop: Workshop,
): Promise<{ readonly lock: Lock; readonly problems: Problem[] }> {
  const gates = createGates(gateRules, workshop.signal)
  const problems: Problem[] = []
  const images = await Promise.all(
    manifest.images.map(async ({ reference }) => {
      const parsed = unwrap(parseReference(reference))
      const resolved = await resolveImage(parsed, gates(parsed.registry), workshop)
      if (resolved.ok) return [[reference, resolved.value] as const]
      problems.push(resolved.problem)
      return []
    }),
  )
  const acquirer = createAcquirer(workshop)
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
      images: Object.fromEntries(images.flat()),
      charts: Object.fromEntries(charts.flat()),
    },
    problems,
  }
}

async function resolveImage(
  reference: Reference,
  gate: Gate,
  workshop: Workshop,
): Promise<Result<LockedImage>> {
  return gate.enter(() =>
    withRetry(workshop.signal, async () => {
      const head = await ask(workshop, reference, digestCommand)
      if (!head.ok) return head
      const digest = head.value.trim()
      if (!isDigest(digest)) {
        return failure({
          kind: 'unknown',
          side: 'local',
          message: `crane answered "${digest}" for "${reference.text}", which is not a digest`,
        })
      }
      if (reference.registry === dockerHub) return success({ digest })
      const pinned = { ...reference, text: pinnedReference(reference, digest) }
      const body = await ask(workshop, pinned, manifestCommand)
      if (!body.ok) return body
      return success({ digest, ...childrenOf(body.value, digest) })
    }),
  )
}

async function ask(
  workshop: Workshop,
  reference: Reference,
  command: (crane: string, text: string) => { tool: string; args: readonly string[] },
): Promise<Result<string>> {
  const crane = await workshop.crane()
  const { run, env, signal } = workshop
  const result = await run(command(crane.path, reference.text), { env, signal, deadline })
  if (result.ok) return success(result.stdout)
  const problem = classifyRun(result, { sourceHost: reference.registry })
  return failure({ ...problem, message: `image "${reference.text}": ${problem.message}` })
}

const indexShape = z.object({ manifests: z.array(z.object({ digest: z.string() })) })

/** Children of an index; none for a single manifest, and none for text that is not what its digest says. */
function childrenOf(body: string, digest: string): Pick<LockedImage, 'children'> {
  const isWhole = `sha256:${createHash('sha256').update(body).digest('hex')}` === digest
  const index = isWhole ? indexShape.safeParse(JSON.parse(body)) : undefined
  return index?.success ? { children: index.data.manifests.map((child) => child.digest) } : {}
}
