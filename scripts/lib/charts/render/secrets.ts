import { isUtf8 } from 'node:buffer'
import { isTree, treeFrom, type ValuesNode, type ValuesTree } from '../../model/values/values.ts'
import type { RenderedDocument } from './documents.ts'

/**
 * Returns a document in which the data of Secrets is text instead of base64, so that it is searched and compared like
 * any other text. Data that is not text stays as it is.
 */
export function withReadableSecrets(document: RenderedDocument): RenderedDocument {
  const { root } = document
  return isTree(root) ? { ...document, root: readObject(root) } : document
}

/** Reads a resource, and every item of a list of resources. */
function readObject(object: ValuesTree): ValuesTree {
  const { items, data } = object
  if (Array.isArray(items)) {
    const read = items.map((item) => (isTree(item) ? readObject(item) : item))
    return treeFrom(
      Object.entries(object).map(([key, value]) => [key, key === 'items' ? read : value]),
    )
  }
  if (object['kind'] !== 'Secret' || !isTree(data)) return object
  const decoded = treeFrom(Object.entries(data).map(([key, value]) => [key, decode(value)]))
  return treeFrom(
    Object.entries(object).map(([key, value]) => [key, key === 'data' ? decoded : value]),
  )
}

function decode(value: ValuesNode): ValuesNode {
  if (typeof value !== 'string' || !isBase64(value)) return value
  const bytes = Buffer.from(value, 'base64')
  if (!isUtf8(bytes)) return value
  const text = bytes.toString('utf8')
  // Only what encodes to the same text again: otherwise two different Secrets could look alike.
  return bytes.toString('base64') === value && isPrintable(text) ? text : value
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text)
}

function isPrintable(text: string): boolean {
  // oxlint-disable-next-line no-control-regex
  return !/[\0-\x08\x0e-\x1f\x7f]/.test(text)
}
