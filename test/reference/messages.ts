import { resolve } from 'node:path'
import { readFileSync } from 'node:fs'
import { rooms } from '../structure/table.ts'
import { readSourceFiles } from '../structure/source-files.ts'
import { readSentences } from './sentences.ts'

/** Prints every sentence of the library by room, or of the given rooms, so that they can be read as text. */
const root = resolve(import.meta.dirname, '../..')
const library = 'scripts/lib/'
const names = rooms
  .filter(({ path }) => path.startsWith(library))
  .map(({ path }) => path.slice(library.length))
const asked = process.argv.slice(2)
/** Returns true for a room and the rooms inside it: `charts` means all of its rooms. */
const isIn = (room: string) => (name: string) => room === name || room.startsWith(`${name}/`)
const unknown = asked.filter((name) => !names.some((room) => isIn(room)(name)))
if (unknown.length > 0) {
  process.stderr.write(
    `error: no room "${unknown.join('", "')}"\n  → choose from ${names.join(', ')}\n`,
  )
  process.exitCode = 2
} else {
  const files = readSourceFiles(root, [library.slice(0, -1)]).map(({ path }) => path)
  for (const room of names.filter((name) => asked.length === 0 || asked.some(isIn(name)))) {
    const lines = files
      .filter((file) => roomOf(file) === room)
      .flatMap((file) =>
        readSentences(file, readFileSync(resolve(root, file), 'utf8')).map(
          ({ line, text }) => `${file}:${line}: ${text.trimEnd().replaceAll('\n', '\n    | ')}`,
        ),
      )
    process.stdout.write(`# ${room}\n\n${lines.map((line) => `${line}\n`).join('')}\n`)
  }
}

/** Returns the deepest room that contains a file. */
function roomOf(file: string): string | undefined {
  const inside = names.filter((name) => file.startsWith(`${library}${name}/`))
  return inside.toSorted((a, b) => b.length - a.length)[0]
}
