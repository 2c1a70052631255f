import picomatch from 'picomatch'

export const mutabilities = [
  'MUTABLE',
  'IMMUTABLE',
  'MUTABLE_WITH_EXCLUSION',
  'IMMUTABLE_WITH_EXCLUSION',
] as const

export interface Mutability {
  readonly imageTagMutability: (typeof mutabilities)[number]
  readonly imageTagMutabilityExclusionFilters?:
    readonly { readonly filterType: string; readonly filter: string }[] | undefined
}

/** Returns true if a tag cannot be moved. Exclusion filters invert the setting for the tags that they match. */
export function isImmutable(settings: Mutability, tag: string): boolean {
  const filters = settings.imageTagMutabilityExclusionFilters ?? []
  const excluded = filters.some(({ filter }) => picomatch.isMatch(tag, filter))
  switch (settings.imageTagMutability) {
    case 'MUTABLE':
      return false
    case 'IMMUTABLE':
      return true
    case 'MUTABLE_WITH_EXCLUSION':
      return excluded
    case 'IMMUTABLE_WITH_EXCLUSION':
      return !excluded
  }
}
