import { stringify } from 'yaml'
import { z } from 'zod'
import type { Addon, AddonList } from '../model/chart/addon.ts'
import { isOciRepository } from '../model/chart/chart.ts'
import { compareText } from '../model/collections.ts'
import { namespaceKind, releaseKind, releaseNameOf } from '../model/names/kubernetes.ts'
import { describeTextFault, isOfKind, type TextKind } from '../model/names/text-kind.ts'
import { failure, type Result, success, withAdvice } from '../model/problem.ts'
import { emptyTree } from '../model/values/values.ts'
import { readSource } from './addons/chart-source.ts'
import { listMessages } from './located/faults.ts'
import { parseYamlSource, type SourceText } from './yaml-source.ts'

const text = z.string().min(1)
const version = z.string({
  error:
    'a version must be a string; quote it, for example "1.10": YAML reads it as a number otherwise',
})

/** Creates a schema for an optional name. */
function named(kind: TextKind) {
  return z
    .string()
    .refine((name) => name === '' || isOfKind(kind, name), {
      error: ({ input }) => describeTextFault(kind, String(input)),
    })
    .nullish()
}

const catalogSchema = z.strictObject({
  addons: z.array(
    z.strictObject({
      chart: text,
      repository: text,
      oci_namespace: z.string().nullish(),
      version: version.nullish(),
      release: named(releaseKind),
      namespace: named(namespaceKind),
    }),
  ),
})

/** Parses a catalog: a flat list of charts. Fails with every error at once, each with `file:line:column`. */
export function parseCatalog(source: SourceText): Result<AddonList> {
  const read = parseYamlSource(source, catalogSchema)
  if (!read.ok) return read
  const faults: string[] = []
  const addons = read.value.addons.flatMap((entry, index): Addon[] => {
    const path = `addons[${index}]`
    const chart = readSource(entry.chart, entry.repository, entry.oci_namespace ?? '')
    if (!chart.ok) {
      faults.push(`${source.file}: ${path}: ${withAdvice(chart.problem)}`)
      return []
    }
    return [
      {
        ...chart.value,
        release: entry.release || releaseNameOf(chart.value.name),
        ...(entry.version && { version: entry.version }),
        ...(entry.namespace && { namespace: entry.namespace }),
        values: emptyTree(),
        path,
        file: source.file,
      },
    ]
  })
  if (faults.length === 0) return success({ addons, incomplete: [] })
  return failure({ kind: 'invalid-input', side: 'input', message: listMessages(faults) })
}

/** Returns a catalog as text, sorted by release, so that the same add-ons give the same file. */
export function renderCatalog(addons: readonly Addon[]): string {
  const entries = addons
    .toSorted((a, b) => compareText(a.release, b.release) || compareText(a.name, b.name))
    .map(({ name, repository, version: pinned, release, namespace }) => {
      const [host = '', ...folders] = repository.replace(/^oci:\/\//, '').split('/')
      const isOci = isOciRepository(repository)
      return {
        chart: name,
        repository: isOci ? `oci://${host}` : repository,
        oci_namespace: isOci && folders.length > 0 ? folders.join('/') : null,
        version: pinned ?? null,
        release,
        // Templates can read it.
        ...(namespace !== undefined && { namespace }),
      }
    })
  return stringify(
    { addons: entries },
    { lineWidth: 0, singleQuote: false, defaultStringType: 'PLAIN' },
  )
}
