import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startScript } from '../support/run-script.ts'
import { makeTempFolder } from '../support/temp-folder.ts'

const root = resolve(import.meta.dirname, '../../..')
const entries = [
  'bootstrap.ts',
  ...readdirSync(join(root, 'scripts'))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `scripts/${name}`),
  'scripts/sandbox/main.ts',
]
const light = 'scripts/print-policy.ts'

/** A folder of somebody else, of which the settings would run their code in place of a package. */
function hostileFolder(settings: string): string {
  const folder = makeTempFolder()
  writeFileSync(join(folder, 'tsconfig.json'), settings)
  writeFileSync(join(folder, 'other.json'), commander)
  const mark = JSON.stringify(join(folder, 'RUN'))
  const names = ['Argument', 'Command', 'CommanderError', 'InvalidArgumentError', 'Option']
  const code = [
    `process.getBuiltinModule('node:fs').writeFileSync(${mark}, '')`,
    ...names.map((name) => `exports.${name} = class {}`),
  ].join('\n')
  for (const name of ['evil.cjs', 'commander.cjs', 'commander.js']) {
    writeFileSync(join(folder, name), code)
  }
  mkdirSync(join(folder, 'a', 'b'), { recursive: true })
  return folder
}

function replaceByLink(folder: string): void {
  rmSync(folder, { recursive: true })
  symlinkSync(makeTempFolder(), folder)
}

const withPaths = (paths: object) => JSON.stringify({ compilerOptions: { paths } })
const commander = withPaths({ commander: ['./evil.cjs'] })

async function start(entry: string, cwd: string, env: NodeJS.ProcessEnv = {}) {
  const result = await startScript(join(root, entry), ['--help'], env, cwd).result
  const isRun = existsSync(join(cwd, 'RUN'))
  return { ...result, isRun }
}

/** What a refusal names: a path as JSON writes it. */
const refusal = (file: string) =>
  `error: ${JSON.stringify(file)} could make this command run other code\n`

describe('in a folder of which the tsconfig.json leads imports astray', () => {
  it.each(entries)('%s refuses to run', async (entry) => {
    const folder = hostileFolder(commander)
    const { code, stdout, stderr, isRun } = await start(entry, folder)
    expect({ code, stdout, isRun }).toEqual({ code: 2, stdout: '', isRun: false })
    expect(stderr).toContain(refusal(join(folder, 'tsconfig.json')))
    expect(stderr).toContain(`npx tsx --tsconfig "${join(root, 'tsconfig.json')}"`)
  })

  it.each<[string, string]>([
    ['for a module of Node', withPaths({ 'node:fs': ['./evil.cjs'], 'node:path': ['./evil.cjs'] })],
    ['for names that begin alike', withPaths({ 'comm*': ['./evil.cjs'] })],
    ['for files of the kit', withPaths({ './lib/*': ['./evil.cjs'] })],
    ['by a base', JSON.stringify({ compilerOptions: { baseUrl: '.' } })],
    ['by another file', JSON.stringify({ extends: './other.json' })],
    [
      'in other spelling',
      String.raw`{ "compilerOptions": { "p\u0061ths": { "commander": ["./evil.cjs"] } } }`,
    ],
    [
      'with comments',
      `// what\n{ "compilerOptions": { /* a */ "paths": { "commander": ["./evil.cjs"], }, }, }`,
    ],
  ])('no other code runs: %s', async (_, settings) => {
    const folder = hostileFolder(settings)
    const { code, stdout, isRun } = await start(light, folder)
    expect({ code, stdout, isRun }).toEqual({ code: 2, stdout: '', isRun: false })
  })

  it('no other code runs in a folder within', async () => {
    const folder = hostileFolder(commander)
    const { code, stderr } = await start(light, join(folder, 'a', 'b'))
    expect(code).toBe(2)
    expect(stderr).toContain(refusal(join(folder, 'tsconfig.json')))
    expect(existsSync(join(folder, 'RUN'))).toBe(false)
  })

  it('a name of the folder cannot write to the terminal', async () => {
    const parent = makeTempFolder()
    const folder = join(parent, 'a\u001B[2J\u009B\u202E"b')
    mkdirSync(folder)
    writeFileSync(join(folder, 'tsconfig.json'), commander)
    const { code, stderr } = await start(light, folder)
    expect(code).toBe(2)
    expect(stderr).toMatch(/^[ -~\n→]+$/)
  })

  it('a command runs when it is given the settings of the kit', async () => {
    const env = { TSX_TSCONFIG_PATH: join(root, 'tsconfig.json') }
    const { code, stdout, isRun } = await start(light, hostileFolder(commander), env)
    expect({ code, isRun }).toEqual({ code: 0, isRun: false })
    expect(stdout).toContain('Usage: ')
  })
})

describe('with a cache of tsx in which others can put code', () => {
  it.each<[string, (folder: string) => void]>([
    ['because of its mode', (folder) => chmodSync(folder, 0o777)],
    ['because it is a link', (folder) => replaceByLink(folder)],
  ])('no command runs: %s', async (_, open) => {
    const temporary = makeTempFolder()
    const cache = join(temporary, `tsx-${process.geteuid?.()}`)
    mkdirSync(cache)
    const before = await start(light, root, { TMPDIR: temporary })
    expect(before.code, before.stderr).toBe(0)
    open(cache)
    const { code, stdout, stderr } = await start(light, root, { TMPDIR: temporary })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(`other users can write to "${cache}"`)
    const without = await start(light, root, { TMPDIR: temporary, TSX_DISABLE_CACHE: '1' })
    expect(without.code, without.stderr).toBe(0)
  })
})

describe('a command runs', () => {
  it.each<[string, () => string]>([
    ['in the folder of the kit', () => root],
    ['in a folder of the kit', () => join(root, 'scripts', 'lib')],
    ['where there is no tsconfig.json', () => makeTempFolder()],
    [
      'where it has no such setting',
      () => hostileFolder('{ "compilerOptions": { "strict": true, "target": "es5" } }'),
    ],
    [
      'below one of another folder, where the nearest has no such setting',
      () => {
        const folder = hostileFolder(commander)
        writeFileSync(join(folder, 'a', 'tsconfig.json'), '{}')
        return join(folder, 'a', 'b')
      },
    ],
  ])('%s', async (_, folderOf) => {
    const { code, stdout } = await start(light, folderOf())
    expect(code).toBe(0)
    expect(stdout).toContain('Usage: ')
  })
})

it.each(entries)('%s imports that look around before anything else', (entry) => {
  const [first = ''] = readFileSync(join(root, entry), 'utf8').match(/^import .*$/m) ?? []
  const [, path = ''] = /^import '(.*)'$/.exec(first) ?? []
  expect(relative(root, resolve(root, entry, '..', path))).toBe('scripts/lib/cli/working-folder.ts')
})

it('that look around imports nothing itself', () => {
  const text = readFileSync(join(root, 'scripts/lib/cli/working-folder.ts'), 'utf8')
  expect(text).not.toMatch(/^\s*import\b|\bimport\(|\brequire\(/m)
})
