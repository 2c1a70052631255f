import type { EgressUse } from '../../../model/chart/egress.ts'
import { redactUrl, showAddress } from '../../../model/internet/url.ts'
import { beforeAny, trimEndOf } from '../../../model/text/trim.ts'
import type { LeafPath } from '../../../model/values/leaf-path.ts'
import { nodeAt, type ValuesNode } from '../../../model/values/values.ts'
import type { Steps } from '../../../steps/steps.ts'
import { sourceAddressesIn } from '../../find/delivery/addresses.ts'
import { isExample } from '../../find/place.ts'
import {
  definesResource,
  type RenderedDocument,
  scalarsOfDocument,
} from '../../render/documents.ts'
import type { Site } from '../questions/site.ts'
import { isOutside, type OwnNames, ownNamesIn } from './host.ts'
import { isDashboard, isUsed } from './use.ts'

/** An address at one place of a render. */
export interface EgressSite extends Site {
  readonly host: string
  readonly use: EgressUse
  readonly address: string
}

/** Schemes of addresses that programs fetch from. Images in registries are found as such. */
const schemes = 'https?|git|ssh|git\\+https|git\\+ssh|ftp|s3|gs|hf'
const addressPattern = new RegExp(
  String.raw`(?<![\w+.-])(?:(?:${schemes})://[^\s"'<>\`\\)\]},;|]+|git@[\w.-]+:[\w./~-]+)`,
  'gi',
)

/** Addresses after which the search may pause in a long text. */
const addressesAtOnce = 1_000

/** Longer addresses are shown by their host only. */
const longestAddress = 300

/**
 * Finds the addresses outside the cluster in a render: repositories of charts and manifests for controllers, and
 * addresses in fields, arguments and text that programs use. Resource definitions, annotations, examples, comments,
 * dashboards and links for people do not count, nor do registries, which are open questions.
 */
export function* findEgress(documents: readonly RenderedDocument[]): Steps<EgressSite[]> {
  const own = ownNamesIn(documents)
  const sites: EgressSite[] = []
  for (const document of documents) {
    if (definesResource(document)) continue
    const sources = sourceAddressesIn(document)
    for (const { path, address, isOfCharts } of sources) {
      const host = hostIn(address)
      if (host === undefined) continue
      const use = isOfCharts ? 'charts' : 'source'
      sites.push({ document, path, host, use, address: showAddress(address) })
    }
    const known = new Set(sources.map(({ path }) => JSON.stringify(path)))
    yield
    for (const { path, value } of scalarsOfDocument(document)) {
      if (typeof value !== 'string' || !/:\/\/|git@/.test(value)) continue
      if (isAside(path) || isDashboard(value) || known.has(JSON.stringify(path))) continue
      yield* searchText(value, { document, path }, own, sites)
    }
  }
  return sites
}

function* searchText(
  text: string,
  { document, path }: Site,
  own: OwnNames,
  sites: EgressSite[],
): Steps<void> {
  const isText = text.includes('\n')
  const key = keyOf(document.root, path)
  const isArgument = path.some((step) => step === 'args' || step === 'command')
  const seen = new Set<string>()
  let count = 0
  let lineStart = 0
  let lineEnd = isText ? text.indexOf('\n') : -1
  for (const { 0: found, index } of text.matchAll(addressPattern)) {
    count += 1
    if (count % addressesAtOnce === 0) yield
    if (lineEnd !== -1 && index > lineEnd) {
      lineStart = text.lastIndexOf('\n', index) + 1
      lineEnd = text.indexOf('\n', index)
    }
    const address = withoutPunctuation(found)
    const host = hostIn(address)
    if (host === undefined || seen.has(address)) continue
    if (!/^(?:s3|gs):/i.test(address) && !isOutside(host, own)) continue
    const before = text.slice(Math.max(lineStart, index - longestLine), index)
    const end = index + found.length
    const after = text.slice(
      end,
      Math.min(lineEnd === -1 ? text.length : lineEnd, end + longestLine),
    )
    if (!isUsed(address, { before, after, key, isArgument, isText })) continue
    seen.add(address)
    sites.push({
      document,
      path,
      host,
      use: 'address',
      address: document.kind === 'Secret' ? bareAddress(address) : shownAddress(address),
    })
  }
}

/** Maximum length of the rest of a line that is read. */
const longestLine = 256

/** True for places that no program reads to connect to something. */
function isAside(path: LeafPath): boolean {
  return isExample(path) || path.some((step) => step === 'annotations' || step === 'labels')
}

/** Returns an address without the end of a sentence or pattern around it. */
function withoutPunctuation(address: string): string {
  let end = address.length
  while (end > 0 && '.:!?*'.includes(address.charAt(end - 1))) end -= 1
  return address.slice(0, end)
}

/** Returns the key of a field; for a variable, its name. */
function keyOf(root: ValuesNode | undefined, path: LeafPath): string {
  const key = path.findLast((step) => typeof step === 'string')
  if (key !== 'value' || root === undefined) return typeof key === 'string' ? key : ''
  const name = nodeAt(root, [...path.slice(0, -1), 'name'])
  return typeof name === 'string' ? name : key
}

/** Returns the host of an address with its port; of a bucket, its address; undefined for other text. */
function hostIn(address: string): string | undefined {
  const [, copied] = /^git@([\w.-]+):/.exec(address) ?? []
  if (copied !== undefined) return copied.toLowerCase()
  const [, scheme = '', authority = ''] = /^(?:([a-z+\d]+):\/\/)?([^/?#\\]+)/i.exec(address) ?? []
  if (/^(?:s3|gs)$/i.test(scheme)) return `${scheme.toLowerCase()}://${authority}`
  if (/^hf$/i.test(scheme)) return 'huggingface.co'
  const host = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase()
  return /^[\w.-]+(?::\d{1,5})?$/.test(host) ? host : undefined
}

function shownAddress(address: string): string {
  const shown = beforeAny(showAddress(address), '?#')
  return shown.length > longestAddress ? bareAddress(address) : shown
}

/** Returns the scheme and the host only: the path of an address in a Secret may itself be a password. */
function bareAddress(address: string): string {
  const bare = /^[^/]*\/\/[^/?#]*/.exec(address)?.[0] ?? address
  return URL.canParse(bare) ? trimEndOf(redactUrl(bare), '/') : showAddress(bare)
}
