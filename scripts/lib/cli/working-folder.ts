/**
 * Imported first by every entry, for its side effect. tsx applies the `paths` of a tsconfig.json in the working folder
 * to our imports as well: in another user's folder, that would run their code with the user's credentials. tsx also
 * runs any code in its cache. In these cases the entry ends before any package is loaded. Even an import of `node:fs`
 * could be redirected, so it is loaded without one.
 */
const fs = process.getBuiltinModule('node:fs')
const os = process.getBuiltinModule('node:os')
const path = process.getBuiltinModule('node:path')

const root = fs.realpathSync(path.resolve(import.meta.dirname, '../../..'))

/** The settings that can redirect imports. Any of them could be written with escapes. */
const leading = /paths|baseUrl|extends|\\u/

/** Returns the tsconfig.json that tsx finds from here, if it is not our own and may redirect imports. */
function findForeignSettings(): string | undefined {
  for (let folder = process.cwd(); ; folder = path.dirname(folder)) {
    const file = path.join(folder, 'tsconfig.json')
    if (fs.statSync(file, { throwIfNoEntry: false })?.isFile()) {
      return folder !== root && leading.test(fs.readFileSync(file, 'utf8')) ? file : undefined
    }
    if (folder === path.dirname(folder)) return undefined
  }
}

const { TSX_TSCONFIG_PATH, NODE_OPTIONS = '' } = process.env
const isUnderTsx = [...process.execArgv, NODE_OPTIONS].some((word) => /tsx/.test(word))

/** Returns a path in quotes, with all non-ASCII characters escaped. */
function quote(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/**
 * Returns the folder in which tsx caches transpiled code, if other users can put code there: tsx checks neither its
 * owner nor its mode (4.23.15).
 */
function findOpenCache(): string | undefined {
  const user = process.geteuid?.()
  if (user === undefined || process.env['TSX_DISABLE_CACHE']) return undefined
  const folder = path.join(os.tmpdir(), `tsx-${user}`)
  const info = fs.lstatSync(folder, { throwIfNoEntry: false })
  const isOpen = info !== undefined && (info.uid !== user || (info.mode & 0o002) !== 0)
  return isOpen ? folder : undefined
}

const openCache = isUnderTsx ? findOpenCache() : undefined
if (openCache !== undefined) {
  process.stderr.write(
    `error: other users can write to ${quote(openCache)}, the folder from which tsx runs cached code\n` +
      `  → remove this folder, or set TSX_DISABLE_CACHE=1\n`,
  )
  process.exit(2)
}

const foreign = isUnderTsx && !TSX_TSCONFIG_PATH ? findForeignSettings() : undefined
if (foreign !== undefined) {
  process.stderr.write(
    `error: ${quote(foreign)} could make this command run other code\n` +
      `  → run the command in another folder, or with npx tsx --tsconfig ${quote(path.join(root, 'tsconfig.json'))}\n`,
  )
  process.exit(2)
}
