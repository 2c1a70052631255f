import { isDefinition, type RenderedDocument } from '../../scripts/lib/charts/render/documents.ts'
import {
  dockerHub,
  formatReference,
  parseReference,
} from '../../scripts/lib/model/image/reference.ts'

/** A host with a path and a tag or digest, anywhere in a text. */
const named =
  /(?<![\w.@/-])(?:[a-z\d][a-z\d-]*\.)+[a-z]{2,}(?::\d+)?\/[a-z\d._/-]+(?::\w[\w.-]{0,127}(?:@sha256:[\da-f]{64})?|@sha256:[\da-f]{64})/g
/** A line whose key ends with "image", and whose value is not a word of YAML. */
const field =
  /^[ \t]*(?:- )?["']?\w*[iI]mage["']?:[ \t]+(?!(?:true|false|null)\s)["']?([^\s"'{}#,]+)["']?[ \t]*$/gm

/**
 * Searches a render for text that looks like an image. It shares nothing with ecr-airlift's own search: it applies
 * two patterns to the text that helm printed, without resource definitions and comments.
 */
export function searchIndependently(documents: readonly RenderedDocument[]): Set<string> {
  const found = new Set<string>()
  for (const document of documents) {
    if (isDefinition(document) || document.kind === 'CustomResourceDefinition') continue
    const text = document.text.replaceAll(/^[ \t]*#.*$/gm, '')
    for (const [whole] of text.matchAll(named)) found.add(whole)
    for (const [, value = ''] of text.matchAll(field)) found.add(value)
  }
  return found
}

/**
 * Returns the texts from an independent search that ecr-airlift neither found nor asked about. A text without a tag is
 * also explained as a part of a known image, whose other parts are in other fields: its name, or the end of that.
 */
export function unexplainedTexts(texts: ReadonlySet<string>, known: readonly string[]): string[] {
  const names = new Set([...known, ...known.map(nameOf), ...known.flatMap(partsOf)])
  return [...texts].filter((text) => !names.has(text) && !names.has(nameOf(text))).toSorted()
}

/** Returns the name of an image without its tag, as it may be written, and its last part. */
function partsOf(text: string): string[] {
  const parsed = parseReference(text)
  if (!parsed.ok) return []
  const { registry, path } = parsed.value
  const inHub = registry === dockerHub ? [path, path.replace(/^library\//, '')] : []
  return [`${registry}/${path}`, ...inHub, path.replace(/^.*\//, '')]
}

/** Returns one spelling of a reference: without a tag, it is `latest`. */
function nameOf(text: string): string {
  const parsed = parseReference(text)
  if (!parsed.ok) return text
  const { tag, digest } = parsed.value
  return formatReference((tag ?? digest) ? parsed.value : { ...parsed.value, tag: 'latest' })
}
