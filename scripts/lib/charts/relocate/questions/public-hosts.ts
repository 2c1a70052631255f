import type { OpenQuestion } from '../../../model/chart/question.ts'
import type { LeafPath } from '../../../model/values/leaf-path.ts'
import type { Steps } from '../../../steps/steps.ts'
import {
  definesResource,
  documentKey,
  type RenderedDocument,
  scalarsOfDocument,
} from '../../render/documents.ts'
import { sourceAddressesIn } from '../../find/delivery/addresses.ts'
import { imageChangesIn } from '../../find/delivery/images.ts'
import type { Occurrence } from '../../find/find.ts'
import { openLines } from '../../find/lines.ts'
import { joinSpans, meets, type Span } from '../../find/parts.ts'
import { createPathNamer, isExample } from '../../find/place.ts'
import { isPublicRegistry } from '../../find/public-hosts.ts'
import { describeSite } from './site.ts'

// After a single slash, it is part of a path, such as that of a mirrored image.
const hostName =
  /(?<![\w.@-]|(?<!\/)\/)(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.){1,10}[a-z]{2,24}(?::\d{1,5})?(?![\w.-])/gi

/** Hosts after which the search may pause in a long text. */
const hostsAtOnce = 1_000

/**
 * Returns the public registries that are left in a render apart from known references: settings that hold only a
 * registry, and text that the search does not understand. Resource definitions, examples and comments do not count.
 */
export function* findPublicHosts(
  variant: string,
  documents: readonly RenderedDocument[],
  references: readonly Occurrence[],
  isSettled: (host: string) => boolean,
): Steps<OpenQuestion[]> {
  const nameOf = createPathNamer((path) => JSON.stringify(path))
  const spans = new Map<string, Span[]>()
  for (const { document, pieces } of references) {
    for (const { path, start, end } of pieces) {
      const key = documentKey(document) + nameOf(path)
      const here = spans.get(key)
      if (here === undefined) spans.set(key, [{ start, end }])
      else here.push({ start, end })
    }
  }
  const taken = new Map([...spans].map(([place, here]) => [place, joinSpans(here)]))
  const questions: OpenQuestion[] = []
  for (const document of documents) {
    if (definesResource(document)) continue
    const explained = explainedIn(document, nameOf)
    for (const { path, value } of scalarsOfDocument(document)) {
      if (typeof value !== 'string' || !value.includes('.') || isExample(path)) continue
      const known = taken.get(documentKey(document) + nameOf(path)) ?? []
      const other = explained.get(nameOf(path)) ?? []
      const open = new Set<string>()
      let seen = 0
      yield
      for (const { host, start, end } of hostsIn(value)) {
        seen += 1
        if (seen % hostsAtOnce === 0) yield
        if (
          isSettled(host) ||
          open.has(host) ||
          meets(known, { start, end }) ||
          meets(other, { start, end })
        )
          continue
        open.add(host)
        questions.push({ kind: 'public-host', host, variant, ...describeSite({ document, path }) })
      }
    }
  }
  return questions
}

/**
 * Returns the text that names no image to be pulled: the addresses of charts, which are listed as egress, and the names
 * of images that an object replaces or asks about.
 */
function explainedIn(
  document: RenderedDocument,
  nameOf: (path: LeafPath) => string,
): Map<string, Span[]> {
  const places = [
    ...sourceAddressesIn(document).map(({ path, address }) => ({
      path,
      start: 0,
      end: address.length,
    })),
    ...imageChangesIn(document).flatMap(({ changes }) =>
      changes.flatMap((change) => {
        const place = change.kind === 'retagged' ? change.place : change.before
        return place === undefined ? [] : [place]
      }),
    ),
  ]
  return new Map(places.map(({ path, start, end }) => [nameOf(path), [{ start, end }]]))
}

interface Host extends Span {
  readonly host: string
}

function* hostsIn(text: string): Generator<Host> {
  const lines = openLines(text)
  const hasLines = text.includes('\n')
  for (const match of text.matchAll(hostName)) {
    const [host] = match
    if (!isPublicRegistry(host)) continue
    lines.startOf(match.index)
    const isComment = hasLines && lines.isComment()
    if (!isComment) yield { host, start: match.index, end: match.index + host.length }
  }
}
