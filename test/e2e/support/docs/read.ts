import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Block, readPage } from '../../../unit/support/texts/markdown-blocks.ts'

const project = resolve(import.meta.dirname, '../../../..')

/** A page of the documents with the blocks that a test runs or writes to a file, in order. */
export interface DocumentPage {
  /** Its path in the project. */
  readonly file: string
  readonly blocks: readonly Block[]
}

/** Returns true for a block of commands. */
export function isCommands({ language }: Block): boolean {
  return language === 'sh' || language === 'console'
}

/** Reads the README and all of `docs`, except the generated command reference. */
export function readDocumentPages(): DocumentPage[] {
  const names = readdirSync(join(project, 'docs')).filter((name) => name.endsWith('.md'))
  const files = ['README.md', ...names.map((name) => `docs/${name}`)]
  return files
    .filter((file) => file !== 'docs/commands.md')
    .map((file) => {
      const { blocks } = readPage(readFileSync(join(project, file), 'utf8'))
      const used = blocks.filter(
        (block) => (isCommands(block) && !block.notes.has('not run')) || block.notes.has('file'),
      )
      return { file, blocks: used }
    })
}
