/**
 * Freezes the shared prototypes of objects: the second defense against external names that would become properties of
 * every object. The first defense is that trees have no prototype.
 *
 * A frozen prototype prevents assigning `toString` to an object that inherits it, which old libraries do:
 * handlebars 4.7.10 sets `exports.toString` when it is loaded, and would fail. So properties of `Object.prototype`
 * become accessors that define the assigned value on the object itself. `Object.prototype.__proto__` is removed; no
 * loaded library uses it. Arrays and functions need no accessors, because no library assigns their properties.
 */
export function fenceGlobals(): void {
  const root = Object.prototype
  Reflect.deleteProperty(root, '__proto__')
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(root))) {
    Object.defineProperty(root, name, {
      get: () => value as unknown,
      set(this: object, own: unknown) {
        if (this === root) throw new TypeError(`Object.prototype.${name} is fixed`)
        defineOwn(this, name, own)
      },
    })
  }
  for (const prototype of [root, Array.prototype, Function.prototype]) Object.freeze(prototype)
}

function defineOwn(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, {
    value,
    configurable: true,
    enumerable: true,
    writable: true,
  })
}
