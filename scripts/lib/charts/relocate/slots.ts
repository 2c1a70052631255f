import { groupBy } from '../../model/collections.ts'
import { formatLeafPath, type LeafPath, listRoot } from '../../model/leaf-path.ts'
import {
  cloneNode,
  emptyTree,
  nodeAt,
  scalarsOf,
  setNode,
  type ValuesTree,
} from '../../model/values.ts'

/** The part of one values leaf that may feed a reference: all of it, or an image's name within a longer text. */
export interface Slot {
  readonly path: LeafPath
  /** The leaf's value; empty for a leaf that is tried although it has none. */
  readonly value: string
  readonly start: number
  readonly end: number
  /** Its value is a template or empty: what it renders to is not what it holds. */
  readonly isOpen: boolean
  /** A plain word at a place that does not speak of images: more often a name or a switch than a part of one. */
  readonly isVague: boolean
}

/** The same slot in every variant. */
export function slotKey({ path, start, value, end }: Slot): string {
  const isWhole = start === 0 && end === value.length
  return `${formatLeafPath(path)}${isWhole ? '' : `@${start}:${value}`}`
}

export function textOf({ value, start, end }: Slot): string {
  return value.slice(start, end)
}

/** The name of an image in a text: what stands before tag and digest. */
export function nameOfText(text: string): string {
  const bare = text.replace(/@.*$/, '')
  const colon = bare.indexOf(':', bare.lastIndexOf('/') + 1)
  return colon === -1 ? bare : bare.slice(0, colon)
}

/**
 * Chooses the leaves that may feed one of these references: those whose value is part of an image's name, those that
 * hold a name within their text, and templates.
 */
export function chooseSlots(values: ValuesTree, texts: readonly string[]): Slot[] {
  const names = [...new Set(texts.map(nameOfText))].toSorted((a, b) => b.length - a.length)
  return [...scalarsOf(values)].flatMap(({ path, value }): Slot[] => {
    if (typeof value !== 'string' || value === '') return []
    if (isTagLeaf(path) && !value.includes('/')) return []
    if (value.includes('{{')) return templateSlot(path, value, names)
    if (names.some((name) => isPart(value, name))) {
      const isVague = !/[/.]/.test(value) && !speaksOfImages(path)
      return [{ path, value, start: 0, end: value.length, isOpen: false, isVague }]
    }
    return slotsWithin(path, value, names)
  })
}

/** Tags and digests stay as they are, so they are never marked: charts compare them as versions. */
function isTagLeaf(path: LeafPath): boolean {
  return /(?:^|[a-z_-])(?:tag|digest|version|sha\d*|tagsuffix)$/i.test(String(path.at(-1)))
}

/** A part long enough to mean something, or a whole component. */
function isPart(value: string, name: string): boolean {
  if (value.length >= 3) return name.includes(value)
  return name.split('/').includes(value)
}

function slotsWithin(path: LeafPath, value: string, names: readonly string[]): Slot[] {
  const slots: Slot[] = []
  for (const name of names) {
    if (name.length < 3) continue
    for (let start = value.indexOf(name); start !== -1; start = value.indexOf(name, start + 1)) {
      const end = start + name.length
      const isTaken = slots.some((slot) => start < slot.end && slot.start < end)
      const isWord =
        !/[A-Za-z0-9._/-]/.test(value[start - 1] ?? '') && !/[A-Za-z0-9_/-]/.test(value[end] ?? '')
      if (!isTaken && isWord) slots.push({ path, value, start, end, isOpen: false, isVague: false })
    }
  }
  return slots.toSorted((a, b) => a.start - b.start)
}

function speaksOfImages(path: LeafPath): boolean {
  return path.some((part) => typeof part === 'string' && /image|repo|registry|hub$/i.test(part))
}

function templateSlot(path: LeafPath, value: string, names: readonly string[]): Slot[] {
  if (value.includes('\n')) return []
  const literals = value.split(/\{\{.*?\}\}/).filter((part) => part.length >= 3)
  const isLikely =
    speaksOfImages(path) || literals.some((part) => names.some((name) => name.includes(part)))
  if (!isLikely) return []
  // A tag that is a template itself stays one.
  const tag = /:(?:\{\{[^}]*\}\}|[\w.-]+)$/.exec(value)
  const end = tag === null || tag.index === 0 ? value.length : tag.index
  return [{ path, value, start: 0, end, isOpen: true, isVague: false }]
}

/** A leaf without a value that is tried: its template gives way to it, or puts it before what is there. */
export function emptySlot(path: LeafPath): Slot {
  return { path, value: '', start: 0, end: 0, isOpen: true, isVague: false }
}

/** What an empty leaf is filled with between its markers, so that it can be taken for a host. */
const filling = 'x.x'

// Of lower-case letters alone, so that a marked host still looks like a host, top-level domain included.
const begin = (id: number) => `zqa${letters(id)}z`
const end = (id: number) => `zqe${letters(id)}z`
const marker = /zq([ae])([a-j]+)z/g

function letters(id: number): string {
  return String(id).replaceAll(/\d/g, (digit) => 'abcdefghij'[Number(digit)] ?? '')
}

function idOf(word: string): number {
  return Number(word.replaceAll(/[a-j]/g, (letter) => String('abcdefghij'.indexOf(letter))))
}

/** The values that mark every slot; an id is an index of `slots`. Lists are given whole, as helm wants them. */
export function markedValues(values: ValuesTree, slots: readonly Slot[]): ValuesTree {
  const groups = groupBy(
    slots.map((slot, id) => ({ slot, id })),
    ({ slot }) => formatLeafPath(slot.path),
  )
  const marked = emptyTree()
  for (const group of groups.values()) {
    const [first] = group
    if (first === undefined) continue
    const { path, value } = first.slot
    const text =
      value === ''
        ? `${begin(first.id)}${filling}${end(first.id)}`
        : spliceSlots(
            value,
            group.map(({ slot, id }) => [slot, `${begin(id)}${textOf(slot)}${end(id)}`]),
          )
    placeLeaf(marked, values, path, text)
  }
  return marked
}

/** Replaces slots of one value. */
export function spliceSlots(value: string, parts: readonly (readonly [Slot, string])[]): string {
  let text = value
  for (const [slot, replacement] of parts.toSorted(([a], [b]) => b.start - a.start)) {
    text = text.slice(0, slot.start) + replacement + text.slice(slot.end)
  }
  return text
}

/** Sets a leaf in values that are given over others; of a list that holds it, all the rest is given too. */
export function placeLeaf(over: ValuesTree, below: ValuesTree, path: LeafPath, text: string): void {
  const root = listRoot(path)
  if (root.length < path.length && nodeAt(over, root) === undefined) {
    setNode(over, root, cloneNode(nodeAt(below, root) ?? []))
  }
  setNode(over, path, text)
}

/** A rendered reference as what it is made of: text of the template, and slots by id. */
export type Pattern = readonly Segment[]
export type Segment = { readonly text: string } | { readonly slot: number }

/**
 * Reads a marked text. Nothing when a marker was torn or its value changed on the way: then no value can be chosen by
 * putting pieces together.
 */
export function readPattern(text: string, slots: readonly Slot[]): Pattern | undefined {
  const pattern: Segment[] = []
  let from = 0
  for (const match of text.matchAll(marker)) {
    if (match.index < from) continue
    const id = idOf(match[2] ?? '')
    const slot = slots[id]
    const stop = text.indexOf(end(id), match.index)
    if (match[1] !== 'a' || slot === undefined || stop === -1) return undefined
    if (match.index > from) pattern.push({ text: text.slice(from, match.index) })
    const inner = text.slice(match.index + match[0].length, stop)
    if (!slot.isOpen && inner !== textOf(slot)) return undefined
    pattern.push({ slot: id })
    from = stop + end(id).length
  }
  if (from < text.length) pattern.push({ text: text.slice(from) })
  return pattern
}

/** The slots whose markers stand in a text. */
export function slotsIn(text: string): number[] {
  return [...text.matchAll(marker)].map((match) => idOf(match[2] ?? ''))
}
