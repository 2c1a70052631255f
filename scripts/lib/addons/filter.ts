import type { Addon } from '../model/chart/addon.ts'
import { similarNames } from '../model/text/similar.ts'

/** Which add-ons to select, by name; case-insensitive. */
export interface AddonFilter {
  readonly only: readonly string[]
  readonly exclude: readonly string[]
  /** Whether names are chart names or release names. */
  readonly by: 'chart' | 'release'
  /** Skip add-ons that the file itself disables. */
  readonly enabledOnly: boolean
}

/**
 * Selects the requested add-ons that are not excluded. Returns a warning with similar names for each name that matches
 * nothing.
 */
export function filterAddons(
  addons: readonly Addon[],
  { only, exclude, by, enabledOnly }: AddonFilter,
): { readonly addons: Addon[]; readonly warnings: string[] } {
  const nameOf = ({ name, release }: Addon) => (by === 'chart' ? name : release)
  const isIn = (names: readonly string[]) => {
    const folded = new Set(names.map((name) => name.toLowerCase()))
    return (addon: Addon) => folded.has(nameOf(addon).toLowerCase())
  }
  const isWanted = isIn(only)
  const isExcluded = isIn(exclude)
  const warnings = [
    ...only.map((name) => ['--only-addon', name] as const),
    ...exclude.map((name) => ['--exclude-addons', name] as const),
  ].flatMap(([flag, name]) => {
    if (addons.some(isIn([name]))) return []
    const similar = similarNames(name, addons.map(nameOf))
    const hint = similar.length > 0 ? `; did you mean ${similar.join(' or ')}?` : ''
    return [`${flag} "${name}" matches no ${by === 'chart' ? 'chart' : 'release'}${hint}`]
  })
  return {
    addons: addons
      .filter((addon) => only.length === 0 || isWanted(addon))
      .filter((addon) => !isExcluded(addon))
      .filter(({ enabled }) => !enabledOnly || enabled !== false),
    warnings,
  }
}
