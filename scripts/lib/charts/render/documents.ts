import {
  formatLeafPath,
  type LeafPath,
  lengthOfStep,
  pathLimits,
} from '../../model/values/leaf-path.ts'
import { isTree, scalarsOf, type ValuesNode } from '../../model/values/values.ts'
import { finish, type Steps } from '../../steps/steps.ts'
import { loadYaml } from '../chart/metadata.ts'
import { isPlainDefinition } from './definition.ts'
import { separator, withLineEnds } from './verbatim.ts'

/** One Kubernetes document of a render. */
export interface RenderedDocument {
  /** The template that it comes from, as helm names it: `chart/charts/sub/templates/x.yaml`. */
  readonly source: string
  /**
   * Its number among the documents of its template, from 0. With `source`, identifies the document in every render of a
   * chart.
   */
  readonly ordinal: number
  readonly kind: string
  readonly name: string
  readonly text: string
  /** Its content; undefined for resource definitions and for text that is not YAML, which are read as text only. */
  readonly root: ValuesNode | undefined
}

/** Definitions are long and contain images only in defaults; parsing them would take most of the time. */
const definition = 'CustomResourceDefinition'

/** True for a kind whose content is text for programs. */
export function isTextKind(kind: unknown): boolean {
  return kind === 'ConfigMap' || kind === 'Secret'
}

/** True for a definition that was not parsed, because its text is unambiguous. */
export function isDefinition({ kind, root }: RenderedDocument): boolean {
  return kind === definition && root === undefined
}

/** True for a resource definition, whether or not it was parsed. */
export function definesResource(document: RenderedDocument): boolean {
  const { kind, root } = document
  if (kind !== definition || root === undefined) return isDefinition(document)
  const version = isTree(root) ? root['apiVersion'] : undefined
  return typeof version === 'string' && version.startsWith('apiextensions.k8s.io/')
}

/**
 * True for a document that was searched as text only and is not a resource definition: how helm reads it is not known.
 */
export function isUnread(document: RenderedDocument): boolean {
  return document.root === undefined && !isDefinition(document)
}

/** Why an unread document proves nothing; follows its name. */
export const unreadWords =
  'is not valid YAML, or helm reads it differently, so its images are not known'

/** Splits the output of `helm template` into its non-empty documents. */
export function splitDocuments(render: string): RenderedDocument[] {
  return finish(splitInSteps(render))
}

/** Maximum length of a template name; longer ones are cut. */
const maximumSource = 512

/** Maximum length of a kind or name; Kubernetes accepts none that is longer, and each place in a document repeats it. */
const maximumName = 253

/**
 * Splits like `splitDocuments`, in steps.
 *
 * @param countVerbatim how many documents follow the first one of a file that helm prints verbatim
 */
export function* splitInSteps(
  render: string,
  countVerbatim: (source: string) => number = () => 0,
): Steps<RenderedDocument[]> {
  const counts = new Map<string, number>()
  const documents: RenderedDocument[] = []
  let source = ''
  let verbatim = 0
  let start = 0
  let parts = 0
  for (const part of partsOf(withLineEnds(render))) {
    parts += 1
    if (parts % partsAtOnce === 0) yield
    // Only the line after the separator comes from helm, which ends lines with line feeds and splits templates there.
    // Anywhere else it comes from the chart, possibly within text.
    const isOwn =
      verbatim > 0 ||
      (start > 0 && !/(?:^|\n)---$/.test(render.slice(Math.max(0, start - 4), start)))
    const [head = '', line] = isOwn
      ? []
      : (/^[ \t]*\r?\n# Source: (.+)(?:\n|$)/.exec(render.slice(start, start + part.length)) ?? [])
    start += part.length + 3
    verbatim = Math.max(0, verbatim - 1)
    if (line !== undefined) {
      verbatim = countVerbatim(line.trim())
      source = line.trim().slice(0, maximumSource)
    }
    // The first line keeps its indentation: without it, the others would be read differently.
    const text = part
      .slice(head.length)
      .replace(/^\s*\n/, '')
      .trimEnd()
    // Comments only are not a document.
    if (!/^[ \t]*[^# \t\r\n]/m.test(text)) continue
    const ordinal = counts.get(source) ?? 0
    counts.set(source, ordinal + 1)
    documents.push({ source, ordinal, text, ...readHead(text) })
    yield
  }
  return documents
}

/** Parts after which the search pauses: most may be empty. */
const partsAtOnce = 1_000

/** Yields the parts of a text between separators, one at a time: a text can have millions of them. */
function* partsOf(text: string): Generator<string> {
  let start = 0
  for (const { index } of text.matchAll(new RegExp(separator, 'gm'))) {
    yield text.slice(start, index)
    start = index + 3
  }
  yield text.slice(start)
}

function readHead(text: string): Pick<RenderedDocument, 'kind' | 'name' | 'root'> {
  if (isPlainDefinition(text)) {
    const name = /^ {2}name:\s*["']?([^\s"']+)/m.exec(text)?.[1] ?? ''
    return { kind: definition, name: name.slice(0, maximumName), root: undefined }
  }
  const root = parseLoosely(text)
  // Text that only seems to be a definition is searched as a whole.
  const [, word = ''] = /^kind:\s*["']?(\w+)/m.exec(text) ?? []
  const kind = word === definition ? '' : word
  const metadata = isTree(root) ? root['metadata'] : undefined
  const name = isTree(metadata) ? metadata['name'] : undefined
  const read = isTree(root) && typeof root['kind'] === 'string' ? root['kind'] : kind
  return {
    kind: read.slice(0, maximumName),
    name: typeof name === 'string' ? name.slice(0, maximumName) : '',
    root,
  }
}

/** Maximum length of a parsed document. No cluster stores more than about 3 MiB. */
const maximumParsed = 16 * 1024 * 1024

function parseLoosely(text: string): ValuesNode | undefined {
  // YAML readers stop at the end of a document; Kubernetes looks for the next one.
  if (text.length > maximumParsed || hasMoreBehindEnd(text)) return undefined
  try {
    const root = loadYaml(text)
    // Every resource is a mapping. Kubernetes may split anything else in other places.
    const isContent = root === null || isTree(root)
    return isContent && isShallow(root, 0, 0) ? root : undefined
  } catch {
    // helm accepted what this parser rejects: it is searched as text, so nothing in it is lost.
    return undefined
  }
}

/** True when anything but blanks and comments follows `...`. */
function hasMoreBehindEnd(text: string): boolean {
  const end = /^\.\.\.(?=\s|$)/m.exec(text)
  return end !== null && /^[ \t]*[^# \t\r\n]/m.test(text.slice(end.index + 3))
}

/**
 * True when every scalar has a reasonably short path. No real field has a path of kilobytes, and a thousand scalars at
 * the end of one would each repeat all of it.
 */
function isShallow(node: ValuesNode, steps: number, characters: number): boolean {
  if (steps > pathLimits.steps || characters > pathLimits.characters) return false
  if (Array.isArray(node)) {
    return node.every((item, index) => isShallow(item, steps + 1, characters + lengthOfStep(index)))
  }
  if (!isTree(node)) return true
  return Object.entries(node).every(([key, child]) =>
    isShallow(child, steps + 1, characters + lengthOfStep(key)),
  )
}

/** A scalar of a document; a text document has one, at the empty path. */
export interface DocumentScalar {
  readonly path: LeafPath
  readonly value: string | number | boolean | null
}

export function scalarsOfDocument(document: RenderedDocument): Iterable<DocumentScalar> {
  return document.root === undefined
    ? [{ path: [], value: document.text }]
    : scalarsOf(document.root)
}

/** Returns a key that identifies a document in every render of a chart. */
export function documentKey({ source, ordinal }: RenderedDocument): string {
  return `${source}#${ordinal}`
}

/** Returns a readable title: `Deployment/cert-manager`. */
export function documentTitle({ kind, name, source }: RenderedDocument): string {
  return kind === '' ? source : `${kind}/${name}`
}

export function formatPlace(path: LeafPath): string {
  return path.length === 0 ? 'text' : formatLeafPath(path)
}
