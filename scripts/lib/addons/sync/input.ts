import type { SyncFlags } from '../../commands/sync-addons.ts'
import type { Context } from '../../cli/main.ts'
import type { AddonList } from '../../model/chart/addon.ts'
import { ProblemError, type Result, unwrap } from '../../model/problem.ts'
import { parseCatalog } from '../../sources/catalog.ts'
import { explainIncompleteAddon, readAddonsText, readAddonsValues } from '../catalog-command.ts'
import { filterAddons } from '../filter.ts'

/** The default file of add-ons. */
export const defaultValuesFile = './values.yaml'

/**
 * Reads the add-ons of a values file or of catalogs, and selects the requested ones. Throws `ProblemError` for invalid
 * files, and when no add-on is left.
 */
export async function readInput(flags: SyncFlags, { log, signal }: Context): Promise<AddonList> {
  const { catalog } = flags
  const lists =
    catalog === undefined
      ? [unwrap(await readAddonsValues(flags.values ?? defaultValuesFile, signal))]
      : (await Promise.all(catalog.map(readCatalog))).map(unwrap)
  const filtered = filterAddons(
    lists.flatMap(({ addons }) => addons),
    {
      only: flags.onlyAddon ?? [],
      exclude: flags.excludeAddons ?? [],
      by: catalog === undefined ? 'chart' : 'release',
      enabledOnly: flags.enabledOnly ?? false,
    },
  )
  const incomplete = lists.flatMap((list) => list.incomplete)
  if (!flags.quiet) {
    for (const warning of [...filtered.warnings, ...incomplete.map(explainIncompleteAddon)]) {
      log(`! ${warning}`)
    }
  }
  if (filtered.addons.length === 0) {
    throw new ProblemError({
      kind: 'usage',
      side: 'input',
      message: 'no add-ons to sync',
      next: 'check --only-addon, --exclude-addons, --enabled-only and the messages above',
    })
  }
  return { addons: filtered.addons, incomplete }
}

async function readCatalog(file: string): Promise<Result<AddonList>> {
  const text = await readAddonsText(file)
  return text.ok ? parseCatalog({ file, text: text.value }) : text
}
