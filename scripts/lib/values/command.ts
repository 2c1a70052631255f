import { stateOf } from '../model/chart/verdict.ts'
import { resolve } from 'node:path'
import type { Context } from '../cli/main.ts'
import type { ValuesFlags } from '../commands/generate-private-ecr-values.ts'
import type { LayoutName, Target } from '../model/image/layout.ts'
import type { Manifest, ManifestChart, ManifestUmbrella } from '../model/manifest/manifest.ts'
import { type Problem, ProblemError, sentenceOf, unwrap } from '../model/problem.ts'
import { variantName } from '../model/chart/relocation.ts'
import { parseEcrRegistry, parsePrefix } from '../model/image/registry.ts'
import { loadManifest } from '../sources/manifest/file.ts'
import { makeFolder, replaceFile } from '../tools/files/files.ts'
import { refuseLinks } from '../tools/files/links.ts'
import { joinNames } from '../tools/files/name.ts'
import { type OverrideOptions, renderChartValues, renderOverride } from './override.ts'

/**
 * Prints the values for a registry, or writes them to files. Needs neither network nor tools. Returns 1 when a
 * reference would stay public.
 */
export async function runValues(
  registryText: string,
  flags: ValuesFlags,
  context: Context,
): Promise<number> {
  const registry = unwrap(parseEcrRegistry(registryText)).host
  const target: Target = { registry, prefix: unwrap(parsePrefix(flags.prefix)) }
  const { layout, variant } = flags
  const manifest = selectCharts(await loadManifest(flags.manifest), flags)
  const options: OverrideOptions = { layout, ...(variant !== undefined && { variant }) }
  if (flags.out !== undefined)
    await writeFiles(manifest, target, options, flags, flags.out, context)
  else if (flags.format === 'umbrella') {
    context.output(await renderOverride(manifest, target, options))
  } else {
    const [chart, ...others] = manifest.charts
    if (chart === undefined || others.length > 0) {
      throw new ProblemError({
        kind: 'usage',
        side: 'input',
        message: `--format chart writes one file per chart, and the manifest has ${manifest.charts.length} charts`,
        next:
          chart === undefined
            ? 'omit --format: the manifest has no charts'
            : 'specify a folder with --out, or one chart with --chart',
      })
    }
    context.output(await renderChartValues(manifest, chart, target, options))
  }
  return report(manifest, options, flags, context)
}

function selectCharts(manifest: Manifest, { chart: names, variant }: ValuesFlags): Manifest {
  const known = manifest.charts.map(({ name }) => name)
  const stranger = names?.find((name) => !known.includes(name))
  if (stranger !== undefined) {
    throw new ProblemError({
      kind: 'usage',
      side: 'input',
      message: `chart "${stranger}" is not in the manifest`,
      next: known.length === 0 ? 'it has no charts' : `its charts are ${known.join(', ')}`,
    })
  }
  const variants = new Set(manifest.charts.flatMap((chart) => chart.variants))
  if (variant !== undefined && !variants.has(variant)) {
    throw new ProblemError({
      kind: 'usage',
      side: 'input',
      message: `variant "${variant}" is not in the manifest`,
      next:
        variants.size === 0
          ? 'it has no charts and therefore no variants'
          : `its variants are ${[...variants].join(', ')}`,
    })
  }
  if (names === undefined) return manifest
  return { ...manifest, charts: manifest.charts.filter(({ name }) => names.includes(name)) }
}

async function writeFiles(
  manifest: Manifest,
  target: Target,
  options: OverrideOptions,
  { format }: ValuesFlags,
  folder: string,
  { print }: Context,
): Promise<void> {
  await makeFolder(resolve(folder), '--out')
  const files =
    format === 'umbrella'
      ? [['private-ecr-values', await renderOverride(manifest, target, options)] as const]
      : await Promise.all(
          manifest.charts.map(
            async (chart) =>
              [chart.name, await renderChartValues(manifest, chart, target, options)] as const,
          ),
        )
  const written = files.map(([name, text]) => ({ file: joinNames(folder, `${name}.yaml`), text }))
  await refuseLinks(folder, ...written.map(({ file }) => file))
  for (const { file, text } of written) {
    await replaceFile(resolve(file), text)
    print(file)
  }
}

/** Reports the references that would stay public with these values, and returns the exit code. */
function report(
  { charts, umbrella }: Manifest,
  { layout, variant }: OverrideOptions,
  { allowUnproven }: ValuesFlags,
  { log }: Context,
): number {
  const owners = [...charts, ...(umbrella === undefined ? [] : [umbrella])]
  const problems = owners.flatMap((owner) => problemsOf(owner, layout, variant))
  if (problems.length === 0) return 0
  if (!allowUnproven) throw new ProblemError(problems)
  for (const problem of problems) log(`! ${sentenceOf(problem)}`)
  return 0
}

function problemsOf(
  owner: ManifestChart | ManifestUmbrella,
  layout: LayoutName,
  variant: string | undefined,
): Problem[] {
  const result = owner.relocation[layout]
  const base = {
    kind: 'unproven',
    side: 'source',
    next: 'use a patched chart (relocate-chart.ts --repack), or continue with --allow-unproven',
  } as const
  if (result === undefined) {
    const message = `${owner.name}: the manifest has no values for layout "${layout}"`
    return [{ ...base, message, next: 'regenerate the manifest with "npm run regenerate"' }]
  }
  const isWanted = (one: { readonly variant: string }) =>
    variant === undefined || variantName(one.variant) === variant
  const unreached = result.unreached.filter(isWanted)
  if (unreached.length > 0) {
    const places = new Map(
      unreached.map(({ reference, document, path }) => [
        `${reference} at ${document} ${path}`,
        true,
      ]),
    )
    return [...places.keys()].map((place) => ({
      ...base,
      message: `${owner.name}: no value can redirect ${place}; it stays public`,
    }))
  }
  return result.proofs
    .filter((proof) => isWanted(proof) && stateOf([proof]) !== 'proven')
    .map((proof) => ({
      ...base,
      message: `${owner.name} is not proven in variant "${proof.variant}": ${proof.faults.join('; ')}`,
    }))
}
