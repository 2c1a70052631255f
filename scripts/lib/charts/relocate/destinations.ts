import {
  byChartRepositories,
  type LayoutName,
  mirroredRepository,
} from '../../model/image/layout.ts'
import { type Reference, repositoryOf } from '../../model/image/reference.ts'

/**
 * Returns the name that a reference must have in a layout, with `<registry>` and `<prefix>`, without tag and digest;
 * empty for an unknown reference.
 */
export type PlaceName = (reference: Reference) => string

/**
 * Creates a function that names destinations in a layout.
 *
 * @param references all references of the chart: in `by-chart` a name depends on its neighbours
 * @param further images that the chart only names in its values
 */
export function placeNames(
  layout: LayoutName,
  chart: string,
  references: readonly Reference[],
  further: readonly Reference[] = [],
): PlaceName {
  if (layout === 'mirrored') {
    return (reference) => `<registry>/<prefix>${mirroredRepository(reference)}`
  }
  const repositories = byChartRepositories(chart, references, further)
  return (reference) => {
    const repository = repositories.get(repositoryOf(reference))
    return repository === undefined ? '' : `<registry>/<prefix>${repository}`
  }
}

/** Returns what follows the name in a rendered reference: `:tag`, `@digest`, both, or nothing. It never changes. */
export function suffixOf(text: string): string {
  const at = text.indexOf('@')
  const named = at === -1 ? text : text.slice(0, at)
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1)
  return text.slice(colon === -1 ? named.length : colon)
}
