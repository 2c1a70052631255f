import { readFile, writeFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { readPages } from './pages.ts'

/** Writes the pages generated from the commands; with `--check`, only checks whether they are up to date. */
const isCheck = process.argv.includes('--check')
for (const { file, text } of await readPages()) {
  const isCurrent = (await readFile(file, 'utf8').catch(() => '')) === text
  if (isCurrent) continue
  const name = relative(process.cwd(), file)
  if (isCheck) {
    process.stderr.write(`error: "${name}" is out of date\n  → run npm run reference\n`)
    process.exitCode = 1
  } else {
    await writeFile(file, text)
    process.stdout.write(`wrote ${name}\n`)
  }
}
