import { mkdtemp } from 'node:fs/promises'
import { basename, join, resolve, sep } from 'node:path'
import { chartNameKind } from '../../model/chart/chart.ts'
import { describeTextFault, isOfKind } from '../../model/names/text-kind.ts'
import { type Reach, reachOfHost, reachWords } from '../../model/internet/address.ts'
import { hasUserInfo, redactUrl, userInfoProblem } from '../../model/internet/url.ts'
import { failure, type Problem, ProblemError, type Result, success } from '../../model/problem.ts'
import { isTree } from '../../model/values/values.ts'
import { forbiddenReach, type ResolveName, resolveName } from '../../tools/internet/resolve.ts'
import type { Environment } from '../../tools/process/environment.ts'
import { classifyRun } from '../../tools/process/failures.ts'
import { dependencyCommand } from '../../tools/process/helm.ts'
import { withoutPlainHttp } from '../../tools/internet/plain-http.ts'
import { type ChartDependency, loadYaml, refuseOtherSpelling } from '../chart/metadata.ts'
import type { Session } from '../../session/session.ts'
import { readFolder } from '../chart/folder.ts'
import { writeChartFiles } from '../chart/write.ts'

/** Milliseconds. */
const deadline = 5 * 60_000

/** The files from which helm reads dependencies, those of the old format first. */
const lists = ['requirements.yaml', 'requirements.lock', 'Chart.yaml', 'Chart.lock']

/**
 * Fetches the dependencies of a chart folder into a copy of it and returns the copy's path. The copy has no links, so
 * helm cannot write elsewhere. Fails when a dependency is outside the folder or not available.
 */
export async function vendor(
  path: string,
  missing: readonly ChartDependency[],
  session: Session,
  resolveHost: ResolveName = resolveName,
): Promise<Result<string>> {
  const { run, helm, signal, folder } = session
  const name = basename(path)
  const files = await readFolder(path)
  // Everything that helm reads, from any of the files.
  const listed = listedDependencies(files)
  const [refusal] = [...missing, ...listed].flatMap(refuseRepository)
  if (refusal !== undefined) return failure(refusal)
  const isPlain = listed.some(({ repository }) => /^http:/i.test(repository))
  const surroundings = isPlain
    ? session.surroundings.helm
    : withoutPlainHttp(session.surroundings.helm, [])
  const copy = join(await mkdtemp(join(folder, 'vendor-')), 'chart')
  const stray = findStrayDependency(listed, copy)
  if (stray !== undefined) {
    return failure({
      kind: 'invalid-input',
      side: 'input',
      message: `the dependency "${stray.name}" of "${name}" is at "${stray.repository}", outside the chart folder`,
      next: 'copy it into the charts folder, or specify an archive created by "helm package --dependency-update"',
    })
  }
  const inside = await refuseResolved(listed, surroundings.env, resolveHost)
  if (inside !== undefined) return failure(inside)
  await writeChartFiles(copy, files)
  session.notice(`${name}: fetching its dependencies ${namesOf(missing)}`)
  let words = ''
  // A lock is used if present; dependencies that it cannot provide are resolved again from Chart.yaml.
  for (const action of ['build', 'update'] as const) {
    const command = dependencyCommand(helm.path, action, copy)
    const result = await run(command, { ...surroundings, signal, deadline })
    if (result.ok) return success(copy)
    words = classifyRun(result).message
  }
  return failure({
    kind: 'not-found',
    side: 'source',
    message: `could not fetch the dependencies of "${name}" (${namesOf(missing)}): ${words}`,
    next: 'check their repositories in its Chart.yaml, or copy them into its charts folder',
  })
}

interface Listed {
  readonly name: string
  readonly repository: string
}

/**
 * Returns every dependency of every list that helm may read. Throws `ProblemError` for keys that helm reads as others.
 */
function listedDependencies(files: ReadonlyMap<string, Buffer>): Listed[] {
  return lists.flatMap((list) => {
    const tree = loadYaml(files.get(list)?.toString('utf8') ?? '', list)
    if (!isTree(tree)) return []
    const entries = Array.isArray(tree['dependencies']) ? tree['dependencies'].filter(isTree) : []
    try {
      for (const one of [tree, ...entries]) refuseOtherSpelling(one, list)
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      throw new ProblemError({ kind: 'invalid-input', side: 'input', message })
    }
    // helm also opens the path that a name without a repository points to.
    return entries.map(({ name, repository }) => ({
      name: typeof name === 'string' ? name : '',
      repository: typeof repository === 'string' ? repository : '',
    }))
  })
}

/** Finds a dependency whose `file://` repository is outside the chart: helm would package whatever chart is there. */
function findStrayDependency(listed: readonly Listed[], root: string): Listed | undefined {
  return listed.find(({ repository }) => {
    if (!repository.startsWith('file://')) return false
    return !resolve(root, repository.slice('file://'.length)).startsWith(root + sep)
  })
}

/** Returns why helm must not access a dependency's repository: it writes credentials into its caches and messages. */
function refuseRepository({ name, repository }: Listed): Problem[] {
  // helm joins it with paths and would read any chart found there.
  if (!isOfKind(chartNameKind, name)) {
    return [
      {
        kind: 'invalid-input',
        side: 'input',
        message: `the dependency ${describeTextFault(chartNameKind, name)}`,
        next: 'fix it in the Chart.yaml, or copy the dependency into the charts folder',
      },
    ]
  }
  if (hasUserInfo(repository)) {
    return [userInfoProblem(`the repository of dependency "${name}"`, repository)]
  }
  return refuseReach({ name, repository })
}

/** A repository that helm finds on this machine: in its configuration, or in a folder. */
const localRepository = /^(?:$|@|alias:|file:\/\/)/

/** Refuses addresses that the chart names, not the user: helm would request them from this machine. */
function refuseReach({ name, repository }: Listed): Problem[] {
  if (localRepository.test(repository)) return []
  // Go reads addresses that are not valid here, such as an IPv6 address with a zone.
  if (!URL.canParse(repository)) {
    return [
      {
        kind: 'unsafe-address',
        side: 'input',
        message: `the repository of dependency "${name}" is "${repository}", which is not a valid address`,
        next: 'fix it in the Chart.yaml, or copy the dependency into the charts folder',
      },
    ]
  }
  const { host } = new URL(repository)
  if (host === '') return []
  const reach = reachOfHost(host)
  return reach === 'global' ? [] : [notAllowed({ name, repository }, reach)]
}

/**
 * Returns the first repository whose name resolves to this machine or a metadata service. Companies give names to the
 * servers of their private networks, so that these are accepted. A proxy resolves names itself, and helm reports those
 * that do not resolve.
 */
async function refuseResolved(
  listed: readonly Listed[],
  env: Environment,
  resolveHost: ResolveName,
): Promise<Problem | undefined> {
  for (const one of listed) {
    if (localRepository.test(one.repository)) continue
    const reach = await forbiddenReach(one.repository, env, resolveHost)
    if (reach !== undefined) return notAllowed(one, reach)
  }
  return undefined
}

function notAllowed({ name, repository }: Listed, reach: Exclude<Reach, 'global'>): Problem {
  return {
    kind: 'unsafe-address',
    side: 'input',
    message: `the repository of dependency "${name}" is "${redactUrl(new URL(repository))}" on ${reachWords[reach]}, which is not allowed`,
    next: 'if you trust it, copy the dependency into the charts folder, as helm dependency build does',
  }
}

export function namesOf(dependencies: readonly ChartDependency[]): string {
  return dependencies.map(({ name }) => name).join(', ')
}
