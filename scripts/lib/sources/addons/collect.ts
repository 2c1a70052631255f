import { append } from '../../model/collections.ts'
import type { LocatedFault } from '../located/faults.ts'
import type { LocatedMap, LocatedNode } from '../located/node.ts'
import type { Steps } from '../../steps/steps.ts'
import { spend } from './allowance.ts'
import { type AddonsFile, entriesOf, fieldOf, listAt, mapAt } from './fields.ts'
import { valuesKeys } from './own-values.ts'
import { fillParameters, maximumSets, parameterSets } from './parameter-sets.ts'
import { type AddonPlace, type FoundAddon, readAddon } from './read-addon.ts'

interface Context {
  readonly file: AddonsFile
  readonly report: (found: FoundAddon) => void
  /** Faults of the file itself: duplicate keys. */
  readonly faults: LocatedFault[]
}

interface Place extends Omit<AddonPlace, 'path'> {
  readonly path: readonly string[]
}

/** Reports the add-ons in the documents of a file. Returns faults of the file itself. */
export function* collectAddons(
  documents: readonly LocatedNode[],
  file: AddonsFile,
  report: Context['report'],
): Steps<readonly LocatedFault[]> {
  const context: Context = { file, report, faults: [] }
  for (const [index, document] of documents.entries()) {
    const path = documents.length === 1 ? [] : [titleOf(document, index, file)]
    yield* visit(document, { path }, context)
  }
  const { fault } = file.allowance
  return fault === undefined ? context.faults : [...context.faults, fault]
}

function titleOf(document: LocatedNode, index: number, file: AddonsFile): string {
  const number = `document ${index + 1}`
  if (document.kind !== 'map') return number
  const kind = fieldOf(document, ['kind'], file)?.text
  const metadata = mapAt(document, 'metadata')
  const name = metadata && fieldOf(metadata, ['name'], file)?.text
  return kind === undefined || name === undefined ? number : `${kind}/${name}`
}

function* visit(node: LocatedNode, place: Place, context: Context): Steps<void> {
  yield
  if (node.kind === 'map') return yield* visitMap(node, place, context)
  if (node.kind === 'scalar') return
  const { key: _, ...rest } = place
  for (const [index, item] of node.items.entries()) {
    yield* visit(item, { ...rest, path: [...place.path, `[${index}]`] }, context)
  }
}

function* visitMap(map: LocatedMap, place: Place, context: Context): Steps<void> {
  append(context.faults, repeatedKeys(map, context.file))
  if (fieldOf(map, ['kind'], context.file)?.text === 'ApplicationSet') {
    return yield* visitApplicationSet(map, place, context)
  }
  const here = withApplication(map, place, context.file)
  const found = yield* readAddon(map, { ...here, path: formatPath(here.path) }, context.file)
  for (const one of found ?? []) context.report(one)
  if (found?.every((one) => 'reason' in one || 'refused' in one)) return
  // Every entry is visited, including those in other branches of a template.
  const others = map.replaced.map(({ key, value }) => [key, value] as const)
  for (const [key, child] of [...others, ...entriesOf(map)]) {
    if (found !== undefined && (valuesKeys.has(key) || key === 'environments')) continue
    yield* visit(child, { ...here, key, path: [...here.path, key] }, context)
  }
}

function repeatedKeys(map: LocatedMap, { isBranched }: AddonsFile): LocatedFault[] {
  return map.replaced.flatMap(({ key, keyAt }) => {
    const last = map.entries.get(key)
    if (last === undefined || isBranched(keyAt, last.keyAt)) return []
    const message = `duplicate key "${key}": it is already defined on line ${keyAt.line}`
    return [{ at: last.keyAt, message }]
  })
}

/** Adds the release name and namespace that an Argo CD application sets for its sources. */
function withApplication(map: LocatedMap, place: Place, file: AddonsFile): Place {
  const isApplication = ['source', 'sources'].some((key) => map.entries.has(key))
  const spec = isApplication ? map : mapAt(map, 'spec')
  if (spec === undefined) return place
  const metadata = mapAt(map, 'metadata') ?? map
  const name = fieldOf(metadata, ['name'], file)
  const isNamed = place.key !== undefined && place.key !== 'spec'
  const application =
    name === undefined
      ? isNamed
        ? place.key
        : undefined
      : name.isTemplated
        ? undefined
        : name.text
  const destination = mapAt(spec, 'destination')
  const namespace = destination && fieldOf(destination, ['namespace'], file)
  return {
    ...place,
    ...(application !== undefined && { application }),
    ...(namespace !== undefined && !namespace.isTemplated && { namespace: namespace.text }),
  }
}

/**
 * Reads the template of an ApplicationSet once for each parameter set of its generators; identical results are one
 * add-on. Generators that name a chart themselves count if no template uses it.
 */
function* visitApplicationSet(map: LocatedMap, place: Place, context: Context): Steps<void> {
  const spec = mapAt(map, 'spec')
  const template = spec?.entries.get('template')?.value
  const { allowance } = context.file
  const listed = spec === undefined ? [] : listAt(spec, 'generators')
  const { sets, isCut } = parameterSets(listed, allowance)
  if (isCut) {
    const path = formatPath([...place.path, 'spec', 'generators'])
    const reason = `it produces more than ${maximumSets} parameter sets; only the first ${maximumSets} were read`
    context.report({ path, reason })
  }
  const found: FoundAddon[] = []
  const known = new Set<string>()
  for (const set of template === undefined ? [] : sets) {
    const collect = (one: FoundAddon) => {
      const text = JSON.stringify(one)
      if (!known.has(text)) found.push(one)
      known.add(text)
    }
    const path = [...place.path, 'spec', 'template']
    const written = template ?? map
    if (!spend(allowance, { values: written.size }, written.at)) break
    const filled = fillParameters(written, set, allowance)
    yield* visit(filled, { path }, { ...context, report: collect })
  }
  for (const one of found) context.report(one)
  const generators = spec?.entries.get('generators')?.value
  if (generators === undefined || found.some((one) => !('reason' in one))) return
  const isUnknown = found.length === 0
  yield* visit(
    generators,
    { path: [...place.path, 'spec', 'generators'] },
    {
      ...context,
      report: (one) => {
        if (isUnknown || !('reason' in one)) context.report(one)
      },
    },
  )
}

function formatPath(path: readonly string[]): string {
  return path.join('.').replaceAll('.[', '[') || 'the file itself'
}
