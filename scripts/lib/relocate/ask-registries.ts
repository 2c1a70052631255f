import { formatReference, type Reference } from '../model/image/reference.ts'
import { reachOfHost } from '../model/internet/address.ts'
import type { Session } from '../session/session.ts'
import { forbiddenReach, type ResolveName, resolveName } from '../tools/internet/resolve.ts'
import type { Environment } from '../tools/process/environment.ts'
import { createHeads } from '../tools/registry/heads.ts'
import type { RelocateRequest } from './request.ts'

/** What a registry says about an image. Some deny access to images that they do not have. */
type Presence = 'present' | 'absent' | 'unknown'

/**
 * Asks registries which image of each group exists, with HEAD requests, and decides: the only one that does is an image,
 * and the others are none. Groups of which several or none exist, or which cannot be asked about, stay undecided. A chart
 * names these hosts, so this machine, metadata services and addresses of private networks are not asked.
 */
export async function decideByRegistries(
  groups: readonly (readonly Reference[])[],
  { registries, surroundings, signal }: Pick<Session, 'registries' | 'surroundings' | 'signal'>,
  resolveHost: ResolveName = resolveName,
): Promise<RelocateRequest['decisions']> {
  const reaches = new Map<string, Promise<boolean>>()
  const mayAsk = (registry: string): Promise<boolean> => {
    const known = reaches.get(registry) ?? isOutside(registry, surroundings.helm.env, resolveHost)
    reaches.set(registry, known)
    return known
  }
  const head = createHeads(registries, signal)
  const asked = new Map(groups.flat().map((one) => [formatReference(one), one]))
  const answers = new Map(
    await Promise.all(
      [...asked].map(async ([name, reference]): Promise<[string, Presence]> => {
        if (!(await mayAsk(reference.registry))) return [name, 'unknown']
        const answer = await head(reference)
        if (answer.ok) return [name, 'present']
        const { kind } = answer.problem
        const isAbsent = ['not-found', 'unauthorized', 'access-denied'].includes(kind)
        return [name, isAbsent ? 'absent' : 'unknown']
      }),
    ),
  )
  const [mirror, ignore] = [new Set<string>(), new Set<string>()]
  for (const group of groups) {
    const names = group.map(formatReference)
    const present = names.filter((name) => answers.get(name) === 'present')
    const isClear = names.every((name) => answers.get(name) !== 'unknown')
    if (present.length !== 1 || !isClear) continue
    for (const name of names) (present.includes(name) ? mirror : ignore).add(name)
  }
  // An image of one group may be another reading in the next one.
  return { mirror: [...mirror], ignore: [...ignore].filter((name) => !mirror.has(name)) }
}

/** True for a registry on the internet; names may also be those of a private network, as companies have them. */
async function isOutside(
  registry: string,
  env: Environment,
  resolveHost: ResolveName,
): Promise<boolean> {
  if (reachOfHost(registry) !== 'global') return false
  return (await forbiddenReach(`https://${registry}`, env, resolveHost)) === undefined
}
