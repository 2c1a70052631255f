import { type PulledImage, pulledKey } from '../../../model/chart/operator.ts'
import type { LeafAssignment } from '../../../model/chart/relocation.ts'
import { placeImages } from '../../../model/image/layout.ts'
import { formatLeafPath, overlaps } from '../../../model/values/leaf-path.ts'
import { type LeafRole, patternFor } from '../../../model/values/leaf-role.ts'
import type { PlaceName } from '../destinations.ts'

/** The values for images of operators, and the images that they do not move. */
export interface PulledValues {
  readonly assignments: readonly LeafAssignment[]
  readonly fixed: readonly PulledImage[]
  /** There are no assignments for the others, because the render with them was not understood. */
  readonly unproven?: boolean
}

const placeStart = '<registry>/<prefix>'

/**
 * Assigns the leaves of images that operators pull. Values for rendered images come first: an image that needs another
 * value in one of their leaves is not moved.
 */
export function assignPulled(
  images: readonly PulledImage[],
  solved: readonly LeafAssignment[],
  placeName: PlaceName,
): PulledValues {
  const references = images.map(({ reference }) => reference)
  const places = placeImages(references, (reference) =>
    placeName(reference).slice(placeStart.length),
  )
  const assignments: LeafAssignment[] = []
  const fixed: PulledImage[] = []
  for (const image of images) {
    const place = places.get(pulledKey(image))
    const wanted =
      place === undefined
        ? []
        : image.leaves
            // A tag stays what it is.
            .filter(({ role }) => role !== 'tag')
            .map(({ path, role }) => ({
              path,
              value: patternFor(role, place, image.reference.digest),
            }))
    const rivals = [...solved, ...assignments]
    const isMoved =
      place !== undefined &&
      movesWhole(image.leaves.map(({ role }) => role)) &&
      image.leaves.every(({ role }) => leavesRest(role, image, place.repository)) &&
      wanted.every((one) => !rivals.some((other) => excludes(other, one)))
    if (!isMoved) fixed.push(image)
    else {
      assignments.push(
        ...wanted.filter(({ path }) => !rivals.some((other) => overlaps(other.path, path))),
      )
    }
  }
  return { assignments, fixed }
}

/** True when leaves of these roles decide about the registry and the path of an image, apart from its name. */
function movesWhole(roles: readonly LeafRole[]): boolean {
  const has = (...some: readonly LeafRole[]) => some.some((role) => roles.includes(role))
  return (
    has('reference', 'repository', 'source', 'folder') || (has('registry') && has('path', 'parent'))
  )
}

/** True when what an operator appends to a leaf is also the end of the destination. */
function leavesRest(role: LeafRole, { reference }: PulledImage, repository: string): boolean {
  const { path } = reference
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (role === 'parent' || role === 'folder') return repository.endsWith(`/${name}`)
  return role !== 'source' || repository.split('/').slice(2).join('/') === path
}

function excludes(a: LeafAssignment, b: LeafAssignment): boolean {
  if (!overlaps(a.path, b.path)) return false
  return formatLeafPath(a.path) !== formatLeafPath(b.path) || a.value !== b.value
}
