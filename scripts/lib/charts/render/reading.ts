import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { failure, type Result, success } from '../../model/problem.ts'
import { readJson } from '../../model/tree/json.ts'
import { isTree, type ValuesNode, type ValuesTree } from '../../model/values.ts'
import type { Run } from '../../tools/exec.ts'
import { classifyRun } from '../../tools/failures.ts'
import { templateCommand } from '../../tools/helm.ts'
import type { Surroundings } from '../../tools/process/environment.ts'
import type { RenderedDocument } from '../documents.ts'

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

/** Characters of a piece of a document: in JSON, each takes at most six bytes. */
const maximumPiece = 512 * 1024

/** Milliseconds. */
const deadline = 60_000

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
  const asked: { readonly index: number; readonly root: ValuesTree }[] = []
  const batches: Batch[] = []
  for (const [index, { root, text }] of documents.entries()) {
    if (!isTree(root)) continue
    // Without the end of the line, go-yaml takes one off a block scalar.
    for (const piece of cut(`${text}\n`)) {
      const json = JSON.stringify(piece)
      const size = Buffer.byteLength(json) + 1
      const last = batches.at(-1)
      if (last === undefined || last.size + size > maximumFile)
        batches.push({ size, pieces: [json] })
      else {
        last.size += size
        last.pieces.push(json)
      }
    }
    asked.push({ index, root })
  }
  if (asked.length === 0) return success(misread)
  const printed = await askHelm(batches, doors)
  if (!printed.ok) return printed
  for (const [place, { index, root }] of asked.entries()) {
    const text = printed.value.get(String(place))
    const read = text === undefined ? undefined : readJson(text)
    if (read === undefined || !isSame(root, read)) misread.add(index)
  }
  return success(misread)
}

/** What becomes one file: pieces of documents, as JSON. */
interface Batch {
  size: number
  readonly pieces: string[]
}

/** Cuts a text into pieces, and marks whether more of it follows: a document may be longer than a file of a chart. */
function cut(text: string): string[] {
  const pieces: string[] = []
  let start = 0
  while (text.length - start > maximumPiece) {
    // Both halves of a surrogate pair stay together.
    const isPair = (text.codePointAt(start + maximumPiece - 1) ?? 0) > 0xffff
    const end = start + maximumPiece - (isPair ? 1 : 0)
    pieces.push(`+${text.slice(start, end)}`)
    start = end
  }
  return [...pieces, `.${text.slice(start)}`]
}

/** In base64, because helm reads what it renders as YAML once more. */
const template = `{{- $number := 0 }}
{{- $begun := "" }}
{{- range $batch := until (int .Values.batches) }}
{{- range $piece := $.Files.Get (printf "documents-%d.json" $batch) | fromJsonArray }}
{{- $text := print $begun (substr 1 -1 $piece) }}
{{- if hasPrefix "+" $piece }}
{{- $begun = $text }}
{{- else }}
r{{ $number }}: {{ fromYaml $text | toJson | b64enc }}
{{- $number = add1 $number }}
{{- $begun = "" }}
{{- end }}
{{- end }}
{{- end }}
`

/** Has helm read documents. Returns their JSON by number. */
async function askHelm(
  batches: readonly Batch[],
  { run, helm, surroundings, signal, workFolder }: ReadingDoors,
): Promise<Result<ReadonlyMap<string, string>>> {
  await mkdir(workFolder, { recursive: true, mode: 0o700 })
  const chart = await mkdtemp(join(workFolder, 'reading-'))
  try {
    await mkdir(join(chart, 'templates'))
    const write = (name: string, text: string) => writeFile(join(chart, name), text)
    await write(
      'Chart.yaml',
      JSON.stringify({ apiVersion: 'v2', name: 'reading', version: '1.0.0' }),
    )
    await write('values.yaml', JSON.stringify({ batches: batches.length }))
    await write('templates/read.yaml', template)
    for (const [number, { pieces }] of batches.entries()) {
      await write(`documents-${number}.json`, `[${pieces.join(',')}]`)
    }
    const command = templateCommand(helm, chart, {
      release: 'reading',
      namespace: 'default',
      apiVersions: [],
      values: [],
      skipSchema: true,
    })
    const result = await run(command, { ...surroundings, signal, deadline })
    if (!result.ok) return failure(classifyRun(result))
    const lines = result.stdout.matchAll(/^r(\d+): (\S*)$/gm)
    return success(
      new Map(
        Array.from(lines, ([, name = '', text = '']) => [
          name,
          Buffer.from(text, 'base64').toString('utf8'),
        ]),
      ),
    )
  } finally {
    await rm(chart, { recursive: true, force: true })
  }
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
