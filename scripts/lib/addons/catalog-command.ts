import { resolve } from 'node:path'
import type { Context } from '../cli/main.ts'
import type { CatalogFlags } from '../commands/generate-catalog.ts'
import { formatProblems } from '../cli/errors.ts'
import { count } from '../cli/text.ts'
import type { AddonList, IncompleteAddon } from '../model/chart/addon.ts'
import { ProblemError, type Result, unwrap } from '../model/problem.ts'
import { parseAddonsValues } from '../sources/values/addons-values.ts'
import { renderCatalog } from '../sources/catalog.ts'
import { interruptible } from '../steps/interruptible.ts'
import { checkPlace, replaceFile } from '../tools/files/files.ts'
import { filterAddons } from './filter.ts'
import { readTextFile } from '../sources/text-file.ts'

/**
 * Runs `generate-catalog`: the add-ons of a values file as a flat, stable list. Returns 0, even if nothing is left
 * after filtering, and 1 for invalid input.
 */
export async function runCatalog(flags: CatalogFlags, context: Context): Promise<number> {
  const { out } = flags
  if (out === undefined) {
    throw new ProblemError({
      kind: 'usage',
      side: 'input',
      message: 'missing --out',
      next: 'specify the catalog file to write, for example --out catalog.yaml',
    })
  }
  try {
    await checkPlace(resolve(out), '--out')
    const { addons, incomplete } = unwrap(await readAddonsValues(flags.values, context.signal))
    const filtered = filterAddons(addons, {
      only: flags.onlyAddon ?? [],
      exclude: flags.excludeAddons ?? [],
      by: 'chart',
      enabledOnly: false,
    })
    await replaceFile(resolve(out), renderCatalog(filtered.addons))
    if (flags.quiet) return 0
    for (const warning of [...filtered.warnings, ...incomplete.map(explainIncompleteAddon)]) {
      context.log(`! ${warning}`)
    }
    context.log(`${count(filtered.addons.length, 'add-on')} written to ${out}`)
    return 0
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    context.log(formatProblems(error.problems, { verbose: flags.verbose }))
    return 1
  }
}

export function explainIncompleteAddon({ path, reason }: IncompleteAddon): string {
  return `skipped ${path}: ${reason}`
}

/** Reads a values file of add-ons. Throws `ProblemError` when the signal is aborted. */
export async function readAddonsValues(
  file: string,
  signal: AbortSignal,
): Promise<Result<AddonList>> {
  const text = await readAddonsText(file)
  return text.ok ? interruptible(parseAddonsValues({ file, text: text.value }), signal) : text
}

/** Reads the text of a file of add-ons. */
export function readAddonsText(file: string): Promise<Result<string>> {
  const next = 'specify a values file with --values, or a catalog with --catalog'
  return readTextFile(file, { name: `"${file}"`, next })
}
