import { createHash } from 'node:crypto'
import { groupBy } from '../../../model/collections.ts'
import {
  formatLeafPath,
  isNameable,
  type LeafPath,
  listRoot,
} from '../../../model/values/leaf-path.ts'
import { spliceText } from '../../../model/text/splice.ts'
import { beforeAny } from '../../../model/text/trim.ts'
import {
  cloneNode,
  emptyTree,
  nodeAt,
  scalarsOf,
  setNode,
  type ValuesTree,
} from '../../../model/values/values.ts'
import { finish, type Steps } from '../../../steps/steps.ts'
import { namesInText } from './names-in-text.ts'
import { wordsWithin } from './words-within.ts'

/** The part of one values leaf that may feed a reference: all of it, or an image's name within a longer text. */
export interface Slot {
  readonly path: LeafPath
  /** The leaf's value; empty for an empty leaf that is tried. */
  readonly value: string
  readonly start: number
  readonly end: number
  /** Its value is a template or empty, so it renders to something else. */
  readonly isOpen: boolean
  /** A plain word under a key that does not refer to images: more often a name or a switch than a part of one. */
  readonly isVague: boolean
}

const keys = new WeakMap<Slot, string>()

/** Identifies the same slot in every variant. */
export function slotKey(slot: Slot): string {
  const known = keys.get(slot)
  if (known !== undefined) return known
  const { path, start, value } = slot
  const isWhole = start === 0 && slot.end === value.length
  const key = `${formatLeafPath(path)}${isWhole ? '' : `@${start}:${hashOfText(value)}`}`
  keys.set(slot, key)
  return key
}

let hashed = { text: '', hash: '' }

/** Hashes a text once, because thousands of slots may be in it. */
function hashOfText(text: string): string {
  if (hashed.text !== text) {
    hashed = { text, hash: createHash('sha256').update(text).digest('hex') }
  }
  return hashed.hash
}

export function textOf({ value, start, end }: Slot): string {
  return value.slice(start, end)
}

/** Returns the image name in a text: the part before tag and digest. */
export function nameOfText(text: string): string {
  const bare = beforeAny(text, '@')
  const colon = bare.indexOf(':', bare.lastIndexOf('/') + 1)
  return colon === -1 ? bare : bare.slice(0, colon)
}

/**
 * Chooses the leaves that may feed one of these references: those whose value is part of an image's name, those that
 * hold a name within their text, and templates.
 */
export function chooseSlots(values: ValuesTree, texts: readonly string[]): Slot[] {
  return finish(searchSlots(values, texts))
}

/** Chooses slots in steps. Takes time proportional to the values plus the names, not to their product. */
export function* searchSlots(values: ValuesTree, texts: readonly string[]): Steps<Slot[]> {
  const leaves = [...scalarsOf(values)].flatMap(({ path, value }): TextLeaf[] =>
    typeof value === 'string' && value !== '' && mayBeSlot(path, value) ? [{ path, value }] : [],
  )
  const index = yield* indexNames(texts, leaves)
  const slots: Slot[] = []
  for (const [number, leaf] of leaves.entries()) {
    for (const slot of yield* slotsOfLeaf(leaf, index)) slots.push(slot)
    if (number % 100 === 0) yield
  }
  return slots
}

/** A leaf with text in it. */
interface TextLeaf {
  readonly path: LeafPath
  readonly value: string
}

function mayBeSlot(path: LeafPath, value: string): boolean {
  return isNameable(path) && (!isTagLeaf(path) || value.includes('/'))
}

/** The names of images, indexed for lookups. */
interface NameIndex {
  readonly names: ReadonlySet<string>
  readonly longest: number
  /**
   * Values, and text between templates, that are part of a name: long enough to be meaningful, or a whole component.
   */
  readonly parts: ReadonlySet<string>
}

function* indexNames(texts: readonly string[], leaves: readonly TextLeaf[]): Steps<NameIndex> {
  const names = new Set(texts.map(nameOfText))
  const list = [...names]
  const longest = list.reduce((most, name) => Math.max(most, name.length), 0)
  const isShort = (text: string) => text.length <= longest
  const words = leaves.flatMap(({ value }) => [value, ...literalsOf(value)]).filter(isShort)
  const parts = yield* wordsWithin(new Set(words.filter(({ length }) => length >= 3)), list)
  // Shorter text has to be a whole component.
  const components = new Set(list.flatMap((name) => name.split('/')))
  for (const word of words) if (word.length < 3 && components.has(word)) parts.add(word)
  return { names: new Set(list.filter(({ length }) => length >= 3)), longest, parts }
}

function* slotsOfLeaf(
  { path, value }: TextLeaf,
  { names, longest, parts }: NameIndex,
): Steps<Slot[]> {
  if (value.includes('{{')) return templateSlot(path, value, parts)
  const whole = { path, value, start: 0, end: value.length, isOpen: false, isVague: false }
  if (parts.has(value)) {
    return [{ ...whole, isVague: !/[/.]/.test(value) && !speaksOfImages(path) }]
  }
  const spans = yield* namesInText(value, names, longest)
  return spans.map((span) => ({ ...whole, ...span }))
}

/** True for a tag or digest leaf. These never change, so they are never marked: charts compare them as versions. */
function isTagLeaf(path: LeafPath): boolean {
  return /(?:^|[a-z_-])(?:tag|digest|version|sha\d*|tagsuffix)$/i.test(String(path.at(-1)))
}

function speaksOfImages(path: LeafPath): boolean {
  return path.some((part) => typeof part === 'string' && /image|repo|registry|hub$/i.test(part))
}

/** Longer templates are programs, not names. */
const maximumTemplate = 1_024

/** True for a template that may compose a name: one with several lines is text that contains templates. */
function isTemplate(value: string): boolean {
  return value.includes('{{') && value.length <= maximumTemplate && !value.includes('\n')
}

function templateSlot(path: LeafPath, value: string, parts: ReadonlySet<string>): Slot[] {
  if (!isTemplate(value)) return []
  const isLikely = speaksOfImages(path) || literalsOf(value).some((part) => parts.has(part))
  if (!isLikely) return []
  // A tag that is a template stays a template.
  const tag = startOfTag(value)
  return [{ path, value, start: 0, end: tag || value.length, isOpen: true, isVague: false }]
}

/** Returns the text between the templates of one line that is long enough to be meaningful. */
function literalsOf(value: string): string[] {
  if (!isTemplate(value)) return []
  const literals: string[] = []
  let from = 0
  for (let open = value.indexOf('{{'); open !== -1; open = value.indexOf('{{', from)) {
    const close = value.indexOf('}}', open + 2)
    if (close === -1) break
    literals.push(value.slice(from, open))
    from = close + 2
  }
  return [...literals, value.slice(from)].filter((part) => part.length >= 3)
}

/** Returns the offset of the colon before a tag (a plain word or a template) at the end of a text, or 0. */
function startOfTag(value: string): number {
  if (!value.endsWith('}}')) return Math.max(0, value.search(/(?<=:)[\w.-]+$/) - 1)
  const inside = value.lastIndexOf('}', value.length - 3)
  return Math.max(0, value.indexOf(':{{', inside + 1))
}

/**
 * Returns a slot for an empty leaf that is tried: its template uses it instead of, or as a prefix of, the current text.
 */
export function emptySlot(path: LeafPath): Slot {
  return { path, value: '', start: 0, end: 0, isOpen: true, isVague: false }
}

/** The text between the markers of an empty leaf, which looks like a host. */
const filling = 'x.x'

// Only lowercase letters, so that a marked host still looks like a host, including its top-level domain.
const begin = (id: number) => `zqa${letters(id)}z`
const end = (id: number) => `zqe${letters(id)}z`
const marker = /zq([ae])([a-j]+)z/g

function letters(id: number): string {
  return String(id).replaceAll(/\d/g, (digit) => 'abcdefghij'[Number(digit)] ?? '')
}

function idOf(word: string): number {
  return Number(word.replaceAll(/[a-j]/g, (letter) => String('abcdefghij'.indexOf(letter))))
}

/**
 * Returns the values that mark every slot; an ID is an index of `slots`. Lists are complete, because helm replaces
 * them.
 */
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
  return spliceText(
    value,
    parts.map(([slot, text]) => ({ start: slot.start, end: slot.end, text })),
  )
}

/** Sets a leaf in an override; if it is in a list, the rest of the list is set as well. */
export function placeLeaf(over: ValuesTree, below: ValuesTree, path: LeafPath, text: string): void {
  const root = listRoot(path)
  if (root.length < path.length && nodeAt(over, root) === undefined) {
    setNode(over, root, cloneNode(nodeAt(below, root) ?? []))
  }
  setNode(over, path, text)
}

/** The composition of a rendered reference: text of the template, and slots by ID. */
export type Pattern = readonly Segment[]
export type Segment = { readonly text: string } | { readonly slot: number }

/**
 * Reads a marked text. Returns undefined when a marker was split or its value changed in rendering, because its value
 * cannot be composed then.
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

/** Returns the slots whose markers are in a text. */
export function slotsIn(text: string): number[] {
  return [...text.matchAll(marker)].map((match) => idOf(match[2] ?? ''))
}

/** Returns a text without the markers of filled empty leaves, and without the slash behind one. */
export function withoutMarkers(text: string): string {
  return text.replaceAll(/zqa[a-j]+zx\.xzqe[a-j]+z\/?/g, '')
}
