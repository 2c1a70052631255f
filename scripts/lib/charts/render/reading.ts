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

/** What helm is asked with. */
export interface ReadingDoors {
  readonly run: Run
  readonly helm: string
  readonly surroundings: Surroundings
  readonly signal: AbortSignal
  /** A private folder; made when it is not there. */
  readonly workFolder: string
}

/** Bytes of a file; helm takes none of more than 5 MiB into a chart. */
const maximumFile = 4 * 1024 * 1024

/** Milliseconds. */
const deadline = 60_000
/** Bytes that helm may take for it. */
const maximumMemory = 2 * 1024 * 1024 * 1024

/**
 * Returns the numbers of the documents that helm reads otherwise than they were read here. The kit has a reader of its
 * own, which is fast and knows places; what a chart writes may be made so that the two differ: anchors that are given
 * twice, tagged keys, `image:}` in a flow mapping. helm reads the documents by `fromYaml`, with the same library
 * (sigs.k8s.io/yaml) as for an installation.
 */
export async function findMisread(
  documents: readonly RenderedDocument[],
  doors: ReadingDoors,
): Promise<Result<ReadonlySet<number>>> {
  const misread = new Set<number>()
  const batches: Batch[] = []
  for (const [index, { root, text }] of documents.entries()) {
    if (!isTree(root)) continue
    // Without the end of the line, go-yaml takes one off a block scalar.
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
  // One run for each, so that neither memory nor output grow with the render; hardly one needs a second.
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
  /** Number of the document. */
  readonly index: number
  readonly root: ValuesTree
  /** Its text as a JSON string. */
  readonly json: string
}

/** Documents that are read in one run: those of one file, or one that is longer. */
interface Batch {
  size: number
  readonly items: Item[]
}

/** In base64, because helm reads what it renders as YAML once more. */
const template = `{{- $json := "" }}
{{- range $number := until (int .Values.files) }}
{{- $json = print $json ($.Files.Get (printf "documents-%d.json" $number)) }}
{{- end }}
{{- range $place, $text := fromJsonArray $json }}
document{{ $place }}: {{ fromYaml $text | toJson | b64enc }}
{{- end }}
`

/** Has helm read documents. Returns their JSON by their place in the list. */
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

/** Cuts JSON into files. A byte order mark at the beginning of one would be lost. */
function cut(json: string): Buffer[] {
  const bytes = Buffer.from(json.replaceAll('\ufeff', String.raw`\ufeff`))
  const count = Math.ceil(bytes.length / maximumFile)
  return Array.from({ length: count }, (_, number) =>
    bytes.subarray(number * maximumFile, (number + 1) * maximumFile),
  )
}

/** Two trees with the same content; the order of keys is none. */
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
