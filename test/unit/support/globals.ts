import { expect } from 'vitest'

/** Every object that the objects of a program share: the globals, and what they are made by. */
function sharedObjects(): Map<string, object> {
  const shared = new Map<string, object>([['globalThis', globalThis]])
  const add = (name: string, value: unknown): void => {
    const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function'
    if (!isObject || [...shared.values()].includes(value)) return
    shared.set(name, value)
    if (typeof value === 'function') add(`${name}.prototype`, value.prototype)
    add(`prototype of ${name}`, Object.getPrototypeOf(value))
  }
  for (const name of builtIns) add(name, Reflect.get(globalThis, name))
  add('generator', (function* () {})())
  add('async generator', (async function* () {})())
  add('iterator', [][Symbol.iterator]())
  return shared
}

const builtIns =
  'Object Array Function String Number Boolean Symbol BigInt Date RegExp Error TypeError Promise Map Set WeakMap WeakSet Uint8Array ArrayBuffer DataView JSON Math Reflect Proxy Buffer URL AbortSignal'.split(
    ' ',
  )

/** Names of the members of a shared object; with them goes what each of them is. */
function membersOf(object: object): Map<string, unknown> {
  return new Map(
    Reflect.ownKeys(object).map((key) => {
      const member = Object.getOwnPropertyDescriptor(object, key)
      // An accessor is known by what gets its value.
      const [, part] = Object.entries(member ?? {}).find(([, one]) => one !== undefined) ?? []
      return [String(key), part]
    }),
  )
}

// A test runner adds to the globals themselves while it works, so of those only what is there by now counts.
const before = new Map([...sharedObjects()].map(([name, object]) => [name, membersOf(object)]))

/** Checks that nothing was added to, taken from or changed in what all objects share, since the test file was loaded. */
export function expectUntouchedGlobals(): void {
  const changes = [...sharedObjects()].flatMap(([name, object]) => {
    const [old, now] = [before.get(name) ?? new Map<string, unknown>(), membersOf(object)]
    const keys = name === 'globalThis' ? [] : [...new Set([...old.keys(), ...now.keys()])]
    return keys
      .filter((key) => !Object.is(old.get(key), now.get(key)))
      .map((key) => `${name}.${key}`)
  })
  expect(changes).toEqual([])
}
