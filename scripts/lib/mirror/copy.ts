import type { IndexEntry } from '../charts/index-file.ts'
import type { PulledChart } from '../charts/pull.ts'
import { withArchive } from './archive.ts'
import type { Problem } from '../model/problem.ts'
import { pinnedReference, type Reference } from '../model/reference.ts'
import { copyCommand, pushedBlob } from '../tools/crane.ts'
import { classifyRun } from '../tools/failures.ts'
import { pushCommand } from '../tools/helm.ts'
import { readManifest } from './inventory.ts'
import { limitsOf } from './deadline.ts'
import type { ChartStep, Step } from './plan.ts'
import { sourceAdvice } from './sources.ts'
import { type Attempt, attempt } from './attempt.ts'
import type { World } from './world.ts'

/** What was stored: the digest that the target gives it. */
export interface Copied {
  readonly digest: string
}

/** One try to copy a reference by its digest with crane, children included, and to find it there afterwards. */
export async function copyReference(
  world: World,
  step: Step,
  reference: Reference,
  digest: string,
  onBlob: () => void,
): Promise<Attempt<Copied>> {
  const source = pinnedReference(reference, digest)
  const result = await world.run(copyCommand(world.crane, source, step.destination), {
    env: world.logins.env,
    signal: world.signal,
    ...limitsOf(step, world.deadline),
    onLine: (line) => {
      if (pushedBlob(line) !== undefined) onBlob()
    },
  })
  if (!result.ok) {
    const endpoints = { sourceHost: step.host, targetHost: world.registry.host }
    return { problem: explainCopy(step, classifyRun(result, endpoints)) }
  }
  return checkStored(world, step, (stored) => stored.digest, digest)
}

/** One try to pull a chart of an HTTP repository and to push it with helm. */
export async function copyArchive(
  world: World,
  step: ChartStep,
  entry: IndexEntry,
): Promise<Attempt<Copied>> {
  const result = await withArchive(world, step, entry, (pulled) => pushArchive(world, step, pulled))
  return 'problem' in result ? { problem: explainCopy(step, result.problem) } : result
}

async function pushArchive(
  world: World,
  step: ChartStep,
  pulled: PulledChart,
): Promise<Attempt<Copied>> {
  // helm appends the chart's own name to the target, so the last part of the repository is left to it.
  const parent = step.repository.slice(0, -step.chart.name.length).replace(/\/$/, '')
  const target = parent === '' ? world.registry.host : `${world.registry.host}/${parent}`
  const result = await world.run(pushCommand(world.helm, pulled.file, target), {
    env: world.logins.env,
    signal: world.signal,
    ...limitsOf(step, world.deadline),
  })
  if (!result.ok) {
    const problem = classifyRun(result, { targetHost: world.registry.host })
    return { problem: { ...problem, side: 'target' } }
  }
  return checkStored(world, step, (stored) => stored.layer, `sha256:${pulled.sha256}`)
}

/** Reads back what the tag holds now: a copy counts only when the target itself names the expected digest. */
async function checkStored(
  world: World,
  step: Step,
  part: (stored: { digest: string; layer?: string }) => string | undefined,
  expected: string,
): Promise<Attempt<Copied>> {
  const read = await attempt(world.ecr.readImages(step.repository, [step.place.tag]))
  if ('problem' in read) return read
  const [image] = read.value
  const found = image && part({ digest: image.digest, ...readManifest(image.manifest) })
  if (image !== undefined && found === expected) return { value: { digest: image.digest } }
  return {
    problem: {
      kind: 'digest-mismatch',
      side: 'target',
      message: `"${step.destination}" holds ${found ?? 'nothing'} after the copy, not ${expected}`,
      next: 'somebody else may be writing to this tag; find out who, then run again',
    },
  }
}

function explainCopy(step: Step, problem: Problem): Problem {
  if (problem.kind === 'interrupted' || problem.kind === 'checksum-mismatch') return problem
  const next = problem.next ?? adviceFor(step, problem)
  return { ...problem, message: `${step.name}: ${problem.message}`, next }
}

function adviceFor(step: Step, problem: Problem): string {
  const { kind, side } = problem
  switch (kind) {
    case 'tag-immutable':
      return immutableAdvice
    case 'quota':
    case 'rate-limited':
      return side === 'target'
        ? 'lower --concurrency, or wait for ECR to admit more, then run again'
        : sourceAdvice(step, problem)
    case 'repository-missing':
      return `the repository "${step.repository}" was deleted while this ran; run again`
    case 'access-denied':
    case 'unauthorized':
      return side === 'target'
        ? `allow ecr:InitiateLayerUpload, UploadLayerPart, CompleteLayerUpload, PutImage, BatchCheckLayerAvailability and BatchGetImage on "${step.repository}"`
        : `"${step.host}" refuses this image; give credentials for it`
    case 'timeout':
      return 'raise --deadline if the image is large and the network slow, then run again'
    default:
      return 'run the same command again; what is finished is not copied twice'
  }
}

/** What can be done about an immutable tag with other content. */
export const immutableAdvice =
  'mirror under another --prefix, or delete the tag in ECR if nothing uses it any more, then run again'
