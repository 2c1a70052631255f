/**
 * Imported first by every entry, for its effect alone. tsx follows the `paths` of a tsconfig.json in the working folder for
 * the imports of this kit as well: in a folder of somebody else, that would run their code with the user's credentials.
 * It also runs what anybody has put into its cache. The entry ends before any package is loaded. Even `node:fs` could be led astray by an import, and is had without one.
 */
const fs = process.getBuiltinModule('node:fs')
const os = process.getBuiltinModule('node:os')
const path = process.getBuiltinModule('node:path')

const root = fs.realpathSync(path.resolve(import.meta.dirname, '../../..'))

/** The settings that lead imports astray. An escape could spell any of them. */
const leading = /paths|baseUrl|extends|\\u/

/** The tsconfig.json that tsx finds from here, when it is not that of the kit and may lead imports astray. */
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

/** A path in quotes, with escapes for everything beyond ASCII. */
function quote(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/**
 * The folder in which tsx keeps the code that it has transpiled, if others can put code there: tsx checks neither its
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
    `error: other users can put code into ${quote(openCache)}, where tsx keeps what it runs\n` +
      `  → remove that folder, or set TSX_DISABLE_CACHE=1\n`,
  )
  process.exit(2)
}

const foreign = isUnderTsx && !TSX_TSCONFIG_PATH ? findForeignSettings() : undefined
if (foreign !== undefined) {
  process.stderr.write(
    `error: ${quote(foreign)} could make this command run other code\n` +
      `  → run it in another folder, or with npx tsx --tsconfig ${quote(path.join(root, 'tsconfig.json'))}\n`,
  )
  process.exit(2)
}
