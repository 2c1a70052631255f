import type { LocalChart } from '../charts/fetch/acquire.ts'
import { locateChart } from '../charts/fetch/locate.ts'
import type { Delivery } from '../charts/find/delivery/delivery.ts'
import { isChartVersion } from '../model/chart/chart.ts'
import type { NestedObstacle } from '../model/chart/nested.ts'
import { type Reach, reachOfHost, reachWords } from '../model/internet/address.ts'
import { hasUserInfo, showAddress, userInfoProblem } from '../model/internet/url.ts'
import { failure, type Problem, type Result, sentenceOf, success } from '../model/problem.ts'
import type { Session } from '../session/session.ts'
import { forbiddenReach } from '../tools/internet/resolve.ts'
import type { Http } from '../tools/http/types.ts'

/** Problems that every further chart of a repository would also have, after as many retries. */
const lasting: ReadonlySet<Problem['kind']> = new Set(['network', 'timeout', 'tls'])

/**
 * Fetches a chart that a rendered object names. Fails with the obstacle; nothing is requested for a refused address.
 *
 * @param unreachable obstacles of repositories that could not be reached; a new one is added
 */
export async function fetchNested(
  { chart, version, repository }: Pick<Delivery, 'chart' | 'version' | 'repository'>,
  session: Session,
  unreachable: Map<string, NestedObstacle>,
): Promise<Result<LocalChart, NestedObstacle>> {
  if (!isChartVersion(version)) return failure({ kind: 'version' })
  if (!/^(?:https|oci):\/\//.test(repository)) return failure({ kind: 'address' })
  const refusal = refuseAddress(chart, repository)
  if (refusal !== undefined) return failure(failureOf(refusal))
  const { env } = session.surroundings.helm
  const inside = URL.canParse(repository) ? await forbiddenReach(repository, env) : undefined
  if (inside !== undefined) return failure(failureOf(notAllowed(chart, repository, inside)))
  const known = unreachable.get(repository)
  if (known !== undefined) return failure(known)
  const isOci = repository.startsWith('oci://')
  const query = isOci ? { chart: repository, version } : { chart, repo: repository, version }
  const local = await locateChart(query, session)
  if (local.ok) return success(local.value)
  const obstacle = failureOf(local.problem)
  if (lasting.has(local.problem.kind)) unreachable.set(repository, obstacle)
  return failure(obstacle)
}

/**
 * Returns a session in which a chart, not the user, names repositories: their names must not resolve to addresses on a
 * private network unless the chart itself comes from one. Each index is fetched once.
 *
 * @param namedBy the repository of that chart, if it has one
 */
export function sessionNamedBy(session: Session, namedBy: string | undefined): Session {
  const base = (namedBy ?? '').replace(/^oci:/, 'https:')
  const address = URL.canParse(base) ? base : 'https://chart.invalid/'
  // One index is kept, because they may be large; most charts name one repository.
  let last: { readonly url: string; readonly answer: ReturnType<Http['get']> } | undefined
  const http: Http = {
    ...session.http,
    async get(url, options = {}) {
      const answer =
        last?.url === url ? last.answer : session.http.get(url, { namedBy: address, ...options })
      last = { url, answer }
      const { ok } = await answer
      if (!ok) last = undefined
      return answer
    },
    call: (method, url, options) => session.http.call(method, url, options),
    download: (url, file, options) => session.http.download(url, file, options),
  }
  return { ...session, http }
}

export function failureOf(problem: Problem): NestedObstacle {
  return { kind: 'failed', reason: sentenceOf(problem) }
}

/** Refuses an address that is not on the internet, by its text. */
function refuseAddress(chart: string, repository: string): Problem | undefined {
  const what = `the repository of nested chart "${chart}"`
  if (hasUserInfo(repository)) return userInfoProblem(what, repository)
  const [authority = ''] = repository.replace(/^[a-z]+:\/\//, '').split(/[/?#]/)
  const reach = reachOfHost(authority)
  if (reach === 'global') return undefined
  return notAllowed(chart, repository, reach)
}

function notAllowed(chart: string, repository: string, reach: Exclude<Reach, 'global'>): Problem {
  return {
    kind: 'unsafe-address',
    side: 'source',
    message: `the repository of nested chart "${chart}" is "${showAddress(repository)}" on ${reachWords[reach]}, which is not allowed`,
    next: 'if you trust it, relocate that chart on its own',
  }
}
