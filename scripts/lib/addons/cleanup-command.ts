import pLimit from 'p-limit'
import type { Ecr, EcrRepository } from '../aws/ecr.ts'
import { formatProblems } from '../cli/errors.ts'
import type { Context } from '../cli/main.ts'
import { columns, count, toJson } from '../cli/text.ts'
import { check } from '../mirror/attempt.ts'
import { repositoryPace } from '../mirror/repositories.ts'
import { openTarget } from '../mirror/target.ts'
import { compareText } from '../model/collections.ts'
import type { Manifest } from '../model/manifest.ts'
import { type Problem, ProblemError, unwrap } from '../model/problem.ts'
import { parsePrefix } from '../model/registry.ts'
import { ownTag, parseTag } from '../model/repository-settings.ts'
import { loadManifest } from '../sources/manifest-file.ts'
import { createGate } from '../tools/gate.ts'
import { chooseRegistry } from './choose-registry.ts'
import { repositoriesInUse } from './in-use.ts'

/** The flags of `cleanup-ecr`, as commander gives them. */
export interface CleanupFlags {
  readonly targetRegistry?: string
  readonly region?: string
  readonly tag?: string
  readonly keep?: readonly string[]
  readonly prefix: string
  readonly confirm?: boolean
  readonly output: 'text' | 'json'
  readonly quiet?: boolean
  readonly verbose?: boolean
}

/** What becomes of a repository that bears the tag. */
interface Judged {
  readonly repository: string
  readonly action: 'delete' | 'keep'
  readonly reason: string
}

/**
 * Runs `cleanup-ecr`: lists the repositories that bear the tag, and deletes them with `--confirm`. One that a kept
 * manifest uses stays. It can be interrupted and run again at any time. Returns the exit code.
 */
export async function runCleanup(flags: CleanupFlags, context: Context): Promise<number> {
  const { env, signal } = context
  const tag = readTag(flags.tag)
  const prefix = unwrap(parsePrefix(flags.prefix))
  const manifests: Manifest[] = []
  for (const file of flags.keep ?? []) manifests.push(await loadManifest(file))
  const registry = await chooseRegistry(flags, context)
  const { ecr, identity } = await openTarget(registry, env, signal)
  try {
    await identity
    const used = new Set(manifests.flatMap((manifest) => repositoriesInUse(manifest, prefix)))
    const tagged = await findTagged(ecr, tag, signal)
    const judged = tagged.map((repository): Judged =>
      used.has(repository)
        ? { repository, action: 'keep', reason: 'a kept manifest uses it' }
        : { repository, action: 'delete', reason: `it bears ${tag.key}=${tag.value}` },
    )
    const doomed = judged.filter(({ action }) => action === 'delete')
    const { deleted, problems } = flags.confirm
      ? await deleteAll(ecr, doomed, signal)
      : { deleted: 0, problems: [] }
    context.log(formatProblems(problems, { verbose: flags.verbose }))
    if (flags.output === 'json') {
      const { confirm = false } = flags
      context.output(toJson({ registry: registry.host, deleted: confirm, repositories: judged }))
    } else context.print(describe(judged, flags, deleted))
    if (signal.aborted) return 130
    return problems.length > 0 ? 1 : 0
  } finally {
    ecr.close()
  }
}

function readTag(text: string | undefined): { readonly key: string; readonly value: string } {
  if (text === undefined) return ownTag
  const [key, value] = parseTag(text) ?? []
  if (key !== undefined && value !== undefined) return { key, value }
  throw new ProblemError({
    kind: 'usage',
    side: 'input',
    message: `--tag "${text}" is no tag`,
    next: 'write it as key=value',
  })
}

async function findTagged(
  ecr: Ecr,
  { key, value }: { readonly key: string; readonly value: string },
  signal: AbortSignal,
): Promise<string[]> {
  const gate = createGate(repositoryPace, signal)
  const bears = async ({ name, arn }: EcrRepository): Promise<string[]> => {
    const { tags = {} } = await gate.enter(() =>
      ecr.readDetails({ name, arn }, { tags: { [key]: value } }),
    )
    return tags[key] === value ? [name] : []
  }
  const all = await ecr.listRepositories()
  return (await Promise.all(all.map(bears))).flat().toSorted(compareText)
}

async function deleteAll(
  ecr: Ecr,
  doomed: readonly Judged[],
  signal: AbortSignal,
): Promise<{ readonly deleted: number; readonly problems: readonly Problem[] }> {
  const limit = pLimit(repositoryPace.concurrency)
  const results = await Promise.all(
    doomed.map(({ repository }) =>
      limit(async () => (signal.aborted ? undefined : check(ecr.deleteRepository(repository)))),
    ),
  )
  const problems = results.flatMap((result) =>
    result !== undefined && 'problems' in result ? [...result.problems] : [],
  )
  const deleted = results.filter((result) => result !== undefined && 'value' in result).length
  return { deleted, problems: problems.filter(({ kind }) => kind !== 'interrupted') }
}

function describe(judged: readonly Judged[], flags: CleanupFlags, deleted: number): string[] {
  if (judged.length === 0) return ['no repository bears the tag']
  const rows = columns(judged.map(({ action, repository, reason }) => [action, repository, reason]))
  const doomed = judged.filter(({ action }) => action === 'delete').length
  const end = flags.confirm
    ? `${count(deleted, 'repository', 'repositories')} deleted`
    : `nothing was deleted; --confirm deletes ${count(doomed, 'repository', 'repositories')} with all images in them`
  return [...rows, end]
}
