import { cp, mkdir, symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'

const project = resolve(import.meta.dirname, '../../../..')

/**
 * The files of a clone that a reader's commands need, without `scripts/setup.mjs`, which would reinstall the npm
 * packages: the clone links to those of this project.
 */
const parts = [
  '.npmrc',
  '.prettierrc.json',
  'README.md',
  'bootstrap.ts',
  'docs/commands.md',
  'manifests',
  'package.json',
  'policies',
  'scripts',
  'templates',
  'test/reference',
  'tsconfig.json',
]

/** Creates a clone in which the documents' commands can write any files. */
export async function makeCheckout(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const part of parts) {
    await cp(join(project, part), join(folder, part), {
      recursive: true,
      filter: (source) => source !== join(project, 'scripts/setup.mjs'),
    })
  }
  await symlink(join(project, 'node_modules'), join(folder, 'node_modules'))
}
