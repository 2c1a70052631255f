import { cp, mkdir, symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'

const project = resolve(import.meta.dirname, '../../../..')

/**
 * What a reader's commands need of a clone. Without `scripts/setup.mjs`, which reinstalls the npm packages: they are
 * those of the project here, behind a link.
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

/** Makes a clone in which commands of the documents may write whatever they write. */
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
