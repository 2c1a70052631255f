import { expect, it } from 'vitest'
import { startScript, writeScript } from '../support/run-script.ts'

/** Runs code in a process of its own, whose shared prototypes are frozen first. Returns what it has printed. */
async function runFenced(code: string): Promise<readonly string[]> {
  const script = writeScript(
    `import { fenceGlobals } from '@/cli/globals.ts'
     const attempt = (name: string, action: () => unknown) => {
       let outcome
       try { outcome = action() } catch (error) { outcome = (error as Error).constructor.name }
       process.stdout.write(name + ': ' + String(outcome) + '\\n')
     }
     const any = (value: unknown): any => value
     fenceGlobals()
     ${code}`,
  )
  const { code: exit, stdout, stderr } = await startScript(script, []).result
  expect(exit, stderr).toBe(0)
  return stdout.trim().split('\n')
}

it('nothing can be added to what all objects share, or changed', async () => {
  const lines = await runFenced(`
    attempt('add', () => { any(Object.prototype).BASH_ENV = 'x' })
    attempt('by __proto__', () => { any({}).__proto__.BASH_ENV = 'x' })
    attempt('by constructor', () => { any({}).constructor.prototype.BASH_ENV = 'x' })
    attempt('define', () => Object.defineProperty(Object.prototype, 'BASH_ENV', { value: 'x' }))
    attempt('change', () => { any(Object.prototype).toString = () => 'x' })
    attempt('array', () => { any(Array.prototype).BASH_ENV = 'x' })
    attempt('function', () => { any(Function.prototype).BASH_ENV = 'x' })
    attempt('another prototype', () => Object.setPrototypeOf(Object.prototype, { BASH_ENV: 'x' }))
    attempt('seen', () => [any({}).BASH_ENV, any([]).BASH_ENV, any(() => 1).BASH_ENV, String({})].join())
    attempt('merge', () => { const o = {}; any(o)['__proto__'] = { BASH_ENV: 'x' }; return Object.keys(o).join() + any({}).BASH_ENV })`)
  expect(lines).toEqual([
    'add: TypeError',
    'by __proto__: TypeError',
    'by constructor: TypeError',
    'define: TypeError',
    'change: TypeError',
    'array: TypeError',
    'function: TypeError',
    'another prototype: TypeError',
    'seen: ,,,[object Object]',
    'merge: __proto__undefined',
  ])
})

it('objects can still have properties of the same names, as libraries define them', async () => {
  const lines = await runFenced(`
    attempt('assigned', () => { const o = any({}); o.toString = () => 'own'; return String(o) + Object.keys(o).join() })
    attempt('class', () => { function A(this: any) {}; A.prototype.constructor = A; return new (any(A))().constructor === A })
    attempt('constructor', () => ({}).constructor === Object)
    attempt('handlebars', () => 1)
    const { default: Handlebars } = await import('${import.meta.resolve('handlebars')}')
    attempt('template', () => Handlebars.compile('{{#each l}}{{this}} {{/each}}{{a}}', { strict: true })({ l: [1, 2], a: '<' }))`)
  expect(lines).toEqual([
    'assigned: owntoString',
    'class: true',
    'constructor: true',
    'handlebars: 1',
    'template: 1 2 &lt;',
  ])
})
