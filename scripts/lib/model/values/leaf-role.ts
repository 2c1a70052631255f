import type { LeafPath } from './leaf-path.ts'
import type { Place } from '../image/layout.ts'

/** The part of an image that a values leaf holds. */
export const leafRoles = [
  'reference',
  'repository',
  'registry',
  'path',
  'source',
  'parent',
  'folder',
  'tag',
] as const
export type LeafRole = (typeof leafRoles)[number]

export interface ListedLeaf {
  readonly path: LeafPath
  readonly role: LeafRole
}

/**
 * Returns the pattern that a leaf must contain so that its image is pulled from a place. `repository` is registry and
 * path together, `source` ends at the source registry, `parent` is the path and `folder` the repository without the
 * name. A pinned reference stays pinned.
 */
export function patternFor(role: LeafRole, place: Place, digest?: string): string {
  const { repository, tag } = place
  switch (role) {
    case 'registry':
      return '<registry>'
    case 'path':
      return `<prefix>${repository}`
    case 'repository':
      return `<registry>/<prefix>${repository}`
    case 'source':
      return `<registry>/<prefix>${repository.split('/').slice(0, 2).join('/')}`
    case 'parent':
      return `<prefix>${withoutName(repository)}`
    case 'folder':
      return `<registry>/<prefix>${withoutName(repository)}`
    case 'reference':
      return `<registry>/<prefix>${repository}:${tag}${digest === undefined ? '' : `@${digest}`}`
    case 'tag':
      return tag
  }
}

function withoutName(repository: string): string {
  return repository.slice(0, repository.lastIndexOf('/'))
}
