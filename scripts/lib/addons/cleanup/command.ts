import pLimit from 'p-limit'
import type { Ecr, EcrRepository } from '../../aws/ecr/client.ts'
import { formatProblems } from '../../cli/errors.ts'
import type { Context } from '../../cli/main.ts'
import type { CleanupFlags } from '../../commands/cleanup-ecr.ts'
import { toJson } from '../../cli/text.ts'
import { repositoryPace } from '../../aws/ecr/pace.ts'
import { openTarget } from '../../aws/ecr/target.ts'
import { compareText } from '../../model/collections.ts'
import type { Manifest } from '../../model/manifest/manifest.ts'
import { type Problem, ProblemError, toResult, unwrap } from '../../model/problem.ts'
import { checkRegistry, parsePrefix } from '../../model/image/registry.ts'
import { ownTag, parseTag } from '../../model/repository/settings.ts'
import { loadManifest } from '../../sources/manifest/file.ts'
import { createGate } from '../../tools/pacing/gate.ts'
import { chooseRegistry } from '../sync/choose-registry.ts'
import { repositoriesInUse } from './in-use.ts'
import { describeJudged, type JudgedRepository, judgeRepository } from './judge.ts'
import { cleanupPlaces } from './places.ts'

/**
 * Runs `cleanup-ecr`: lists the repositories that have the tag or are in scope and, with `--confirm`, deletes those
 * that meet both conditions. Repositories used by a kept manifest stay. Can be interrupted and rerun at any time.
 * Returns the exit code.
 */
export async function runCleanup(flags: CleanupFlags, context: Context): Promise<number> {
  const { env, signal } = context
  const tag = readTag(flags.tag)
  const prefix = unwrap(parsePrefix(flags.prefix))
  const kept = await loadAll(flags.keep)
  const placeOf = cleanupPlaces({ manifests: await loadAll(flags.manifest), prefix })
  const registry = await chooseRegistry(flags, context)
  const { ecr, identity } = await openTarget(registry, env, signal)
  try {
    const { account } = await identity
    const conflicts = checkRegistry(registry, { account })
    if (conflicts.length > 0) throw new ProblemError(conflicts)
    const used = new Set(kept.flatMap((manifest) => repositoriesInUse(manifest, '')))
    const all = await readTags(ecr, tag, signal)
    const judged = all.flatMap(({ repository, hasTag }) => {
      const place = placeOf(repository)
      return judgeRepository({ repository, hasTag, place, isInUse: isUsed(repository, used) }) ?? []
    })
    const doomed = judged.filter(({ action }) => action === 'delete')
    const { deleted, problems } = flags.confirm
      ? await deleteAll(ecr, doomed, signal)
      : { deleted: undefined, problems: [] }
    context.log(formatProblems(problems, { verbose: flags.verbose }))
    const others = all.length - judged.length
    const named = `${tag.key}=${tag.value}`
    if (flags.output === 'json') {
      const { confirm = false } = flags
      const { host } = registry
      context.output(
        toJson({ registry: host, deleted: confirm, tag: named, repositories: judged, others }),
      )
    } else context.print(describeJudged(judged, { tag: named, others, deleted }))
    if (signal.aborted) return 130
    return problems.length > 0 ? 1 : 0
  } finally {
    ecr.close()
  }
}

/** True for a repository of a kept manifest, whatever prefix it was mirrored with. */
function isUsed(repository: string, used: ReadonlySet<string>): boolean {
  const parts = repository.split('/')
  return parts.some((_, index) => used.has(parts.slice(index).join('/')))
}

async function loadAll(files: readonly string[] = []): Promise<Manifest[]> {
  const manifests: Manifest[] = []
  for (const file of files) manifests.push(await loadManifest(file))
  return manifests
}

function readTag(text: string | undefined): { readonly key: string; readonly value: string } {
  if (text === undefined) return ownTag
  const [key, value] = parseTag(text) ?? []
  if (key !== undefined && value !== undefined) return { key, value }
  throw new ProblemError({
    kind: 'usage',
    side: 'input',
    message: `invalid --tag "${text}"`,
    next: 'use the form key=value',
  })
}

/** Returns every repository of the registry, sorted by name, and whether it has the tag. */
async function readTags(
  ecr: Ecr,
  { key, value }: { readonly key: string; readonly value: string },
  signal: AbortSignal,
): Promise<{ readonly repository: string; readonly hasTag: boolean }[]> {
  const gate = createGate(repositoryPace, signal)
  const read = async ({ name, arn }: EcrRepository) => {
    const { tags = {} } = await gate.enter(() =>
      ecr.readDetails({ name, arn }, { tags: { [key]: value } }),
    )
    return { repository: name, hasTag: Object.hasOwn(tags, key) && tags[key] === value }
  }
  const all = await Promise.all((await ecr.listRepositories()).map(read))
  return all.toSorted((a, b) => compareText(a.repository, b.repository))
}

async function deleteAll(
  ecr: Ecr,
  doomed: readonly JudgedRepository[],
  signal: AbortSignal,
): Promise<{ readonly deleted: number; readonly problems: readonly Problem[] }> {
  const limit = pLimit(repositoryPace.concurrency)
  const results = await Promise.all(
    doomed.map(({ repository }) =>
      limit(async () => (signal.aborted ? undefined : toResult(ecr.deleteRepository(repository)))),
    ),
  )
  const problems = results.flatMap((result) =>
    result === undefined || result.ok ? [] : [result.problem],
  )
  const deleted = results.filter((result) => result?.ok).length
  return { deleted, problems: problems.filter(({ kind }) => kind !== 'interrupted') }
}
