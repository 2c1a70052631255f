import { isUtf8 } from 'node:buffer'
import { isTree, treeFrom, type ValuesNode, type ValuesTree } from '../../model/values/values.ts'
import type { RenderedDocument } from './documents.ts'

/** The field of each kind that holds base64. */
const encodedFields: ReadonlyMap<unknown, string> = new Map([
  ['Secret', 'data'],
  ['ConfigMap', 'binaryData'],
])

/**
 * Returns a document in which the base64 of Secrets and ConfigMaps is decoded to text, so that it is searched and
 * compared like any other. Bytes that are not UTF-8 become one character each: programs may read the readable part.
 */
export function withReadableSecrets(document: RenderedDocument): RenderedDocument {
  const { root } = document
  return isTree(root) ? { ...document, root: readObject(root) } : document
}

/** Reads a resource, and every item of a list of resources. */
function readObject(object: ValuesTree): ValuesTree {
  const { items } = object
  if (Array.isArray(items)) {
    const read = items.map((item) => (isTree(item) ? readObject(item) : item))
    return withField(object, 'items', read)
  }
  const field = encodedFields.get(object['kind'])
  const data = field === undefined ? undefined : object[field]
  if (field === undefined || !isTree(data)) return object
  const decoded = treeFrom(Object.entries(data).map(([key, value]) => [key, decode(value)]))
  return withField(object, field, decoded)
}

function withField(object: ValuesTree, field: string, content: ValuesNode): ValuesTree {
  return treeFrom(
    Object.entries(object).map(([key, value]) => [key, key === field ? content : value]),
  )
}

/**
 * Decodes base64 as Kubernetes does: line breaks do not count, nor do the unused bits of the last character. Source: Go,
 * `encoding/base64`, `StdEncoding`.
 */
function decode(value: ValuesNode): ValuesNode {
  if (typeof value !== 'string') return value
  const text = value.replaceAll(/[\r\n]/g, '')
  if (text === '' || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return value
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1')
}
