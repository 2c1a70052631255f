import { formatLeafPath, isNameable, type LeafPath } from '../../../model/values/leaf-path.ts'
import { scalarsOf, type ValuesTree } from '../../../model/values/values.ts'
import type { Steps } from '../../../steps/steps.ts'
import type { Occurrence } from '../../find/find.ts'
import { suffixOf } from '../destinations.ts'
import { joinedText } from '../prove/joined.ts'
import { nameOfText, type Pattern, type Segment, type Slot, slotKey } from './slots.ts'
import { slotKeysOf, type Taint } from './taint.ts'

/** Compositions that are supposed, not measured; only a render with values for them tells whether they are right. */
export interface Supposed {
  /** A registry leaf and a path leaf, as the reference spells them. */
  readonly spelled: Taint | undefined
  /** One leaf for the whole name: what is before it depends on its text. */
  readonly whole: Taint | undefined
}

/**
 * Supposes how references are composed, from the texts of leaves that resemble them. A template that changes a leaf's
 * case, cuts it, or decides by its text leaves no mark that can be read.
 *
 * @param slots the leaves that are marked at other levels; one of these is used in the same form
 */
export function* supposeInSteps(
  values: ValuesTree,
  slots: readonly Slot[],
  occurrences: readonly Occurrence[],
): Steps<Supposed> {
  const { named, hosts } = yield* indexLeaves(values, slots)
  const spelled = createBuilder()
  const whole = createBuilder()
  for (const occurrence of occurrences) {
    yield
    const text = joinedText(occurrence)
    const suffix = suffixOf(text)
    const name = text.slice(0, text.length - suffix.length)
    const { source: template } = occurrence.document
    const alike = mostAlike(name, named, template)
    const slash = alike?.before ?? name.indexOf('/')
    const host = slash > 0 ? nearest(hosts.get(name.slice(0, slash)) ?? [], template) : undefined
    const rest = name.slice(slash)
    if (host !== undefined && alike === undefined) {
      spelled.add(occurrence, [host.slot, rest + suffix])
    } else if (host !== undefined && alike !== undefined) {
      spelled.add(occurrence, [host.slot, '/', alike.slot, alike.behind + suffix])
    }
    if (alike !== undefined) whole.add(occurrence, [alike.slot, alike.behind + suffix])
  }
  return { spelled: spelled.taint(), whole: whole.taint() }
}

/** A leaf that can be a name or a host. */
interface Leaf {
  readonly slot: Slot
  /** In lowercase, without a scheme. */
  readonly text: string
  /** It is marked at other levels, and must be used in that form. */
  readonly isMarked: boolean
}

interface LeafIndex {
  /** Leaves with a path in them, by the beginnings of their last component. */
  readonly named: ReadonlyMap<string, readonly Leaf[]>
  readonly hosts: ReadonlyMap<string, readonly Leaf[]>
}

/** Maximum leaves with the same beginning that are compared with a name, and maximum beginnings of a word. */
const maximum = { alike: 50, beginnings: 8 }

/** Longer values are programs or documents. */
const longest = 512

function* indexLeaves(values: ValuesTree, slots: readonly Slot[]): Steps<LeafIndex> {
  const marked = new Map<string, Slot[]>()
  for (const slot of slots) {
    const path = formatLeafPath(slot.path)
    marked.set(path, [...(marked.get(path) ?? []), slot])
  }
  const named = new Map<string, Leaf[]>()
  const hosts = new Map<string, Leaf[]>()
  for (const { path, value } of scalarsOf(values)) {
    yield
    if (typeof value !== 'string' || value.length > longest || !isNameable(path)) continue
    const leaf = leafOf(path, value, marked.get(formatLeafPath(path)))
    if (leaf === undefined) continue
    if (leaf.text.includes('/')) {
      for (const word of beginnings(lastComponent(leaf.text))) addTo(named, word, leaf)
    } else if (/registry|hub|host/i.test(String(path.at(-1)))) addTo(hosts, leaf.text, leaf)
  }
  return { named, hosts }
}

function addTo(index: Map<string, Leaf[]>, key: string, leaf: Leaf): void {
  const known = index.get(key)
  if (known === undefined) index.set(key, [leaf])
  else if (known.length < maximum.alike) known.push(leaf)
}

/** Returns a leaf with a name; undefined for other texts, and for those that are marked in another form. */
function leafOf(path: LeafPath, value: string, marked: readonly Slot[] = []): Leaf | undefined {
  const start = /^\s*(?:[a-z]+:\/\/)?/i.exec(value)?.[0].length ?? 0
  const name = nameOfText(value.slice(start).trimEnd()).replace(/\/$/, '')
  if (!/^[\w.:/-]+$/.test(name)) return undefined
  const whole = { path, value, start, end: start + name.length, isOpen: false, isVague: false }
  const [own, ...others] = marked
  if (own !== undefined && (others.length > 0 || slotKey(own) !== slotKey(whole))) return undefined
  return { slot: own ?? whole, text: name.toLowerCase(), isMarked: own !== undefined }
}

function lastComponent(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1)
}

/** Returns a word and its beginnings before a hyphen, dot or underscore: `app-ubi` and `app`. */
function beginnings(word: string): string[] {
  const ends = [...word.matchAll(/[-._]/g)].map(({ index }) => index).filter((end) => end > 0)
  return [...ends.slice(0, maximum.beginnings), word.length].map((end) => word.slice(0, end))
}

/** A leaf that resembles a name. */
interface Alike {
  readonly slot: Slot
  /** Offset of the slash before the leaf's text in the name; -1 at the beginning. */
  readonly before: number
  /** What the name has behind the leaf's text. */
  readonly behind: string
  readonly length: number
}

function mostAlike(name: string, named: LeafIndex['named'], template: string): Alike | undefined {
  const candidates = new Set(
    beginnings(lastComponent(name)).flatMap((word) => named.get(word) ?? []),
  )
  const alike = [...candidates].flatMap((leaf) => {
    const one = compareNames(name, leaf)
    return one === undefined ? [] : [one]
  })
  const length = Math.max(0, ...alike.map((one) => one.length))
  return nearest(
    alike.filter((one) => one.length === length),
    template,
  )
}

/** Compares a name with a leaf that is in it, or that it is in. */
function compareNames(name: string, { slot, text, isMarked }: Leaf): Alike | undefined {
  const inName = wordAt(name, text)
  if (inName !== undefined) {
    const behind = name.slice(inName + text.length)
    return { slot, before: inName - 1, behind, length: text.length }
  }
  const inText = wordAt(text, name)
  if (inText === undefined || !name.includes('/')) return undefined
  const cut = { ...slot, end: slot.start + inText + name.length }
  if (isMarked && cut.end !== slot.end) return undefined
  return { slot: cut, before: -1, behind: '', length: name.length }
}

/** Returns the offset of a name within another one: at the start of a component, up to the end of a word. */
function wordAt(text: string, name: string): number | undefined {
  const at = text.startsWith(name) ? 0 : text.indexOf(`/${name}`) + 1
  if (at === 0 && !text.startsWith(name)) return undefined
  return /^(?:[-._]|$)/.test(text.slice(at + name.length)) ? at : undefined
}

/** Returns the first leaf in the scope of a template's chart, or else the first of all. */
function nearest<T extends { readonly slot: Slot }>(
  leaves: readonly T[],
  template: string,
): T | undefined {
  const inScope = leaves.find(({ slot }) =>
    template.includes(`/charts/${String(slot.path[0])}/templates/`),
  )
  return inScope ?? leaves[0]
}

/** Collects patterns of texts and slots. */
function createBuilder(): {
  readonly add: (occurrence: Occurrence, parts: readonly (Slot | string)[]) => void
  readonly taint: () => Taint | undefined
} {
  const slots: Slot[] = []
  const numbers = new Map<string, number>()
  const patterns = new Map<string, Pattern>()
  const numberOf = (slot: Slot) => {
    const key = slotKey(slot)
    const number = numbers.get(key) ?? slots.push(slot) - 1
    numbers.set(key, number)
    return number
  }
  return {
    add(occurrence, parts) {
      const segments = parts.flatMap((part): Segment[] => {
        if (typeof part !== 'string') return [{ slot: numberOf(part) }]
        return part === '' ? [] : [{ text: part }]
      })
      patterns.set(occurrence.key, segments)
    },
    taint: () =>
      slots.length === 0
        ? undefined
        : {
            slots,
            patterns,
            slotsOf: (key) => slotKeysOf(patterns.get(key) ?? [], slots),
            strays: new Set(),
          },
  }
}
