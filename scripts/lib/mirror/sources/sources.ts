import {
  type ChartIndex,
  findVersion,
  type IndexEntry,
  loadIndex,
} from '../../charts/fetch/index-file.ts'
import { chartTag } from '../../model/chart/chart.ts'
import { inOrigin, type Origin } from '../../model/origin.ts'
import { about, failure, type Problem, type Result, success } from '../../model/problem.ts'
import type { Selected } from '../../model/image/platform.ts'
import { parseEcrRegistry } from '../../model/image/registry.ts'
import { dockerHub, identifierOf, type Reference } from '../../model/image/reference.ts'
import { withArchive } from './archive.ts'
import {
  archiveOf,
  type ChartStep,
  chartReference,
  decide,
  type ImageStep,
  type PlanSettings,
  type MirrorStep,
} from '../plan/plan.ts'
import { decideUnreadable } from '../plan/decide-unreadable.ts'
import { pickPlatforms } from './pick.ts'
import { sourceRoutesOf } from './routes.ts'
import type { OpenRun } from '../session/doors.ts'
import { persist } from '../session/persist.ts'

/** A source's answer about an item: what to copy, and for a chart of an index the place of its archive. */
export interface Resolved {
  /** The expected digest at the target (for a chart of an index, of its layer); absent when the index has none. */
  readonly digest?: string
  /** The digest at the source, of the whole image even when platforms were picked. */
  readonly root?: string
  readonly selected?: Selected
  /** True when Docker Hub announced no pull limit for it: reading it costs nothing. */
  readonly isUnlimited?: boolean
  readonly entry?: IndexEntry
}

/** Asks sources about items, once per item and run. */
export interface Sources {
  readonly resolve: (step: MirrorStep) => Promise<Result<Resolved>>
  /** Returns an answer that was already given. */
  readonly known: (step: MirrorStep) => Resolved | undefined
}

export function openSources(run: OpenRun): Sources {
  const { doors, request } = run
  const answers = new Map<string, Promise<Result<Resolved>>>()
  const values = new Map<string, Resolved>()
  const indexes = new Map<string, Promise<Result<ChartIndex>>>()

  const indexOf = (repository: string) => {
    const index =
      indexes.get(repository) ?? loadIndex(doors.http, repository, doors.signal, request.origin)
    indexes.set(repository, index)
    return index
  }
  const lookUp = async (step: ChartStep): Promise<Result<Resolved>> => {
    const { chart } = step
    const index = await indexOf(chart.repository)
    if (!index.ok) {
      // Not cached, so that the next attempt asks again.
      indexes.delete(chart.repository)
      const next = sourceAdvice(step, index.problem, request.origin)
      return failure({ next, ...index.problem })
    }
    const found = findVersion(index.value, chart, request.origin)
    if (!found.ok) return failure(found.problem)
    const entry = found.value
    if (entry.sha256 !== undefined) return success({ entry, digest: `sha256:${entry.sha256}` })
    if (step.action !== 'compare') return success({ entry })
    // The index has no digest, so that of the archive itself is computed.
    return withArchive(run, step, entry, async ({ sha256 }) =>
      success({ entry, digest: `sha256:${sha256}` }),
    )
  }
  const ask = async (step: MirrorStep): Promise<Result<Resolved>> => {
    if (step.kind === 'chart' && step.file !== undefined) {
      return success(step.archive === undefined ? {} : { digest: step.archive })
    }
    const reference = referenceToCopy(step)
    const effort = await doors
      .gate(step.host)
      .enter(() =>
        persist(doors, step, () =>
          reference === undefined && step.kind === 'chart' ? lookUp(step) : askSource(run, step),
        ),
      )
    if (effort.result.ok) values.set(step.name, effort.result.value)
    return effort.result
  }
  return {
    resolve: (step) => {
      const answer = answers.get(step.name) ?? ask(step)
      answers.set(step.name, answer)
      return answer
    },
    known: ({ name }) => values.get(name),
  }
}

/** Returns the reference that crane copies for a step; nothing for a chart of an HTTP repository, which helm pulls. */
export function referenceToCopy(step: MirrorStep): Reference | undefined {
  if (step.kind === 'image') return step.reference
  // A local archive is pushed by helm, wherever it came from.
  if (step.file !== undefined) return undefined
  return chartReference(step.chart, chartTag(step.chart.version))
}

/** Asks a source for the digest, and decides which part of the image is copied. */
async function askSource(
  { request, doors, state }: OpenRun,
  step: MirrorStep,
): Promise<Result<Resolved>> {
  const reference = referenceToCopy(step)
  if (reference === undefined) throw new Error(`${step.name} has nothing to copy from`)
  const known = step.kind === 'image' ? step.digest : undefined
  const by = known ?? identifierOf(reference)
  const [first, ...others] = orderForAsking(
    reference,
    sourceRoutesOf(reference, request.copying.mirrors),
  )
  let described = await doors.registries.head(first, by)
  // Docker Hub's page on usage and limits: "Pulling that image won't count" where no limit is announced.
  const isUnlimited =
    reference.registry === dockerHub && described.ok && described.value.pullsLeft === undefined
  // A mirror may be asked whether it has a digest, never which digest a tag points to.
  for (const route of known === undefined ? [] : others) {
    if (described.ok) break
    const mirrored = await doors.registries.head(route, by)
    if (mirrored.ok) described = mirrored
  }
  if (!described.ok) return failure(explainSource(step, described.problem, request.origin))
  const { digest, pullsLeft } = described.value
  if (pullsLeft !== undefined && reference.registry === dockerHub)
    state.pulls.left = Math.min(pullsLeft, state.pulls.left ?? Infinity)
  const pulls = isUnlimited ? { isUnlimited } : {}
  if (step.kind !== 'image' || step.platforms === undefined)
    return success({ digest, root: digest, ...pulls })
  const picked = await pickPlatforms({ request, doors, state }, step, digest, step.platforms)
  return picked.ok
    ? success({ ...picked.value, ...pulls })
    : failure(explainSource(step, picked.problem, request.origin))
}

/** Returns the routes with the registry itself first: only it decides what a tag points to. */
function orderForAsking(
  reference: Reference,
  routes: readonly Reference[],
): readonly [Reference, ...Reference[]] {
  const isOwn = (route: Reference) =>
    route.registry === reference.registry && route.path === reference.path
  return [reference, ...routes.filter((route) => !isOwn(route))]
}

/** Adds the item and advice to a problem. */
function explainSource(step: MirrorStep, problem: Problem, origin: Origin): Problem {
  const subject = step.kind === 'image' ? `image "${step.name}"` : step.name
  if (problem.kind === 'interrupted') return problem
  return about(subject, {
    ...problem,
    side: problem.side === 'unknown' ? 'source' : problem.side,
    ...(problem.kind === 'not-found' && { message: 'not found at the source' }),
    next: problem.next ?? sourceAdvice(step, problem, origin),
  })
}

/** Returns advice for a source that does not serve an item. */
export function sourceAdvice({ host, kind }: MirrorStep, problem: Problem, origin: Origin): string {
  switch (problem.kind) {
    case 'not-found':
      return kind === 'image'
        ? `check the reference ${inOrigin(origin)}; publishers sometimes remove tags`
        : `check its name, version and repository ${inOrigin(origin)}`
    case 'unauthorized':
    case 'access-denied':
      if (host === 'docker.io') {
        return 'check the name, or set DOCKERHUB_USERNAME and DOCKERHUB_TOKEN: Docker Hub also denies access to names that do not exist'
      }
      return parseEcrRegistry(host).ok
        ? 'check the name, and that your AWS credentials may read it: the repository policy in that account must allow ecr:BatchGetImage and ecr:GetDownloadUrlForLayer'
        : `check that the name exists on "${host}", or provide credentials for it`
    case 'quota':
    case 'rate-limited':
      return host === 'docker.io'
        ? 'set DOCKERHUB_USERNAME and DOCKERHUB_TOKEN for a higher limit, or wait up to six hours'
        : `wait until "${host}" stops throttling, or lower --concurrency`
    case 'tls':
      return 'set SSL_CERT_FILE to the CA certificate of your proxy'
    default:
      return `check that "${host}" can be reached from here (HTTPS_PROXY, firewall), then rerun`
  }
}

/**
 * Completes a step's decision once its source has answered: an equal digest is skipped, a different one follows the
 * policy. Steps that are already decided stay unchanged.
 */
export function settle(
  step: MirrorStep,
  resolved: Resolved,
  { registry, existing }: Pick<PlanSettings, 'registry' | 'existing'>,
): MirrorStep {
  if (step.action !== 'compare') return step
  const decision = decide(existing, comparable(step), resolved.digest)
  const { unreadable, onArchived = 'report', place } = step
  if (unreadable === undefined) return { ...step, ...decision }
  const tag = { ...step, registry, unreadable, tag: place.tag }
  return { ...step, ...decideUnreadable(tag, decision, onArchived, true) }
}

/** Returns the stored digest that a source can confirm: of the manifest, or for a chart of an index of its layer. */
function comparable(step: ImageStep | ChartStep): string | undefined {
  if (step.stored === undefined) return undefined
  return referenceToCopy(step) === undefined ? archiveOf(step.stored) : step.stored.digest
}
