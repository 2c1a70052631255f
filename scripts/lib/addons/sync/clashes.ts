import { failure, type Problem } from '../../model/problem.ts'
import { formatReference } from '../../model/image/reference.ts'
import type { Attempted } from './options.ts'

/**
 * Rejects charts with an image that would be stored at the destination of another image of the run, such as two
 * versions of a chart whose images share name and tag but not their source. The first one continues.
 */
export function refuseClashes(attempted: readonly Attempted[]): Attempted[] {
  const owners = new Map<string, string>()
  return attempted.map((one) => {
    if (!one.result.ok) return one
    const images = one.result.value.images.map(({ reference, place }) => ({
      name: formatReference(reference),
      place: `${place.repository}:${place.tag}`,
    }))
    // Two images of one chart may also clash.
    const own = new Map<string, string>()
    for (const image of images) {
      const { name, place } = image
      const owner = owners.get(place) ?? own.get(place) ?? name
      own.set(place, name)
      if (owner === name) continue
      const { group } = one
      const problem = clashOf(`chart ${group.name} ${group.version}`, image, owner)
      return { ...one, result: failure(problem) }
    }
    for (const [place, name] of own) owners.set(place, name)
    return one
  })
}

function clashOf(
  chart: string,
  { name, place }: { readonly name: string; readonly place: string },
  other: string,
): Problem {
  return {
    kind: 'conflict',
    side: 'input',
    message: `${chart}: "${name}" would be stored at "${place}", which is also the destination of "${other}"`,
    next: 'use --layout mirrored, which gives every source its own destination, or sync the two in separate runs with different --target-prefix values',
  }
}
