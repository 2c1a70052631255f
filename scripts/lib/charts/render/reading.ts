import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { failure, type Result, success } from '../../model/problem.ts'
import { readJson } from '../../model/tree/json.ts'
import { isTree, type ValuesNode, type ValuesTree } from '../../model/values/values.ts'
import type { Run } from '../../tools/process/exec.ts'
import { classifyRun } from '../../tools/process/failures.ts'
import { templateCommand } from '../../tools/process/helm.ts'
import type { Surroundings } from '../../tools/process/environment.ts'
import { withStageIn } from '../../tools/files/stage.ts'
import { writeChartFiles } from '../chart/write.ts'
import type { RenderedDocument } from './documents.ts'
import { withReadableSecrets } from './secrets.ts'

/** The requirements for running helm as a YAML reader. */
export interface ReadingDoors {
  readonly run: Run
  readonly helm: string
  readonly surroundings: Surroundings
  readonly signal: AbortSignal
  /** A private folder; created if missing. */
  readonly workFolder: string
}

/** Bytes per file; helm accepts at most 5 MiB in a chart. */
const maximumFile = 4 * 1024 * 1024

/** Milliseconds. */
const deadline = 60_000
/** Memory limit of helm in bytes. */
const maximumMemory = 2 * 1024 * 1024 * 1024

/** Returns documents as helm reads them: one that it reads differently has no content and cannot be part of a proof. */
export function asReadByHelm(
  documents: readonly RenderedDocument[],
  misread: ReadonlySet<number>,
): RenderedDocument[] {
  return documents.map((document, index) =>
    misread.has(index) ? { ...document, root: undefined } : withReadableSecrets(document),
  )
}

/**
 * Returns the numbers of the documents that helm reads differently. The built-in reader is fast and knows positions,
 * but a chart can contain text that the two read differently: duplicate anchors, tagged keys, `image:}` in a flow
 * mapping. helm reads the documents with `fromYaml`, which uses the same library (sigs.k8s.io/yaml) as an installation.
 */
export async function findMisread(
  documents: readonly RenderedDocument[],
  doors: ReadingDoors,
): Promise<Result<ReadonlySet<number>>> {
  const misread = new Set<number>()
  const batches: Batch[] = []
  for (const [index, { root, text }] of documents.entries()) {
    if (!isTree(root)) continue
    // Without a final line break, go-yaml removes one from a block scalar.
    const json = JSON.stringify(`${text}\n`)
    const size = Buffer.byteLength(json) + 1
    const last = batches.at(-1)
    if (last === undefined || last.size + size > maximumFile) {
      batches.push({ size, items: [{ index, root, json }] })
    } else {
      last.size += size
      last.items.push({ index, root, json })
    }
  }
  // One run per batch, so that memory and output do not grow with the render; a second is rarely needed.
  for (const { items } of batches) {
    const printed = await askHelm(items, doors)
    if (!printed.ok) return printed
    for (const [place, { index, root }] of items.entries()) {
      const text = printed.value.get(String(place))
      const read = text === undefined ? undefined : readJson(text)
      if (read === undefined || !isSame(root, read)) misread.add(index)
    }
  }
  return success(misread)
}

interface Item {
  /** The number of the document. */
  readonly index: number
  readonly root: ValuesTree
  /** Its text as a JSON string. */
  readonly json: string
}

/** Documents read in one run: those that fit in one file, or a single longer one. */
interface Batch {
  size: number
  readonly items: Item[]
}

/** In base64, because helm parses its own output as YAML again. */
const template = `{{- $json := "" }}
{{- range $number := until (int .Values.files) }}
{{- $json = print $json ($.Files.Get (printf "documents-%d.json" $number)) }}
{{- end }}
{{- range $place, $text := fromJsonArray $json }}
document{{ $place }}: {{ fromYaml $text | toJson | b64enc }}
{{- end }}
`

/** Lets helm read documents. Returns their JSON by index in the list. */
async function askHelm(
  items: readonly Item[],
  { run, helm, surroundings, signal, workFolder }: ReadingDoors,
): Promise<Result<ReadonlyMap<string, string>>> {
  await mkdir(workFolder, { recursive: true, mode: 0o700 })
  return withStageIn(workFolder, async (stage) => {
    const chart = join(stage, 'reading')
    const texts = cut(`[${items.map(({ json }) => json).join(',')}]`)
    const metadata = { apiVersion: 'v2', name: 'reading', version: '1.0.0' }
    await writeChartFiles(
      chart,
      new Map([
        ['Chart.yaml', Buffer.from(JSON.stringify(metadata))],
        ['values.yaml', Buffer.from(JSON.stringify({ files: texts.length }))],
        ['templates/read.yaml', Buffer.from(template)],
        ...texts.map((text, number) => [`documents-${number}.json`, text] as const),
      ]),
    )
    const command = templateCommand(helm, chart, {
      release: 'reading',
      namespace: 'default',
      apiVersions: [],
      values: [],
      skipSchema: true,
    })
    const limits = { deadline, memory: maximumMemory }
    const result = await run(command, { ...surroundings, signal, ...limits })
    if (!result.ok) return failure(classifyRun(result))
    const lines = result.stdout.matchAll(/^document(\d+): (\S*)$/gm)
    return success(
      new Map(
        Array.from(lines, ([, place = '', text = '']) => [
          place,
          Buffer.from(text, 'base64').toString('utf8'),
        ]),
      ),
    )
  })
}

/** Splits JSON into files. A byte order mark at the start of one would be lost. */
function cut(json: string): Buffer[] {
  const bytes = Buffer.from(json.replaceAll('\ufeff', String.raw`\ufeff`))
  const count = Math.ceil(bytes.length / maximumFile)
  return Array.from({ length: count }, (_, number) =>
    bytes.subarray(number * maximumFile, (number + 1) * maximumFile),
  )
}

/** True for two trees with the same content, in any key order. */
function isSame(one: ValuesNode | undefined, other: ValuesNode | undefined): boolean {
  if (Array.isArray(one)) {
    return (
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((item, index) => isSame(item, other[index]))
    )
  }
  if (isTree(one)) {
    if (!isTree(other)) return false
    const keys = Object.keys(one)
    return (
      keys.length === Object.keys(other).length &&
      keys.every((key) => Object.hasOwn(other, key) && isSame(one[key], other[key]))
    )
  }
  return one === other
}
