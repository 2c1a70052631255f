import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { startDocumentedAccount } from './support/docs/account.ts'
import { makeCheckout } from './support/docs/checkout.ts'
import { findMissing, readCommands, runInShell } from './support/docs/commands.ts'
import { writeReadersFiles } from './support/docs/files.ts'
import { type DocumentPage, isCommands, readDocumentPages } from './support/docs/read.ts'
import { readerEnvironment, startStage } from './support/docs/stage.ts'
import type { World } from './support/world.ts'

// Runs every command of the README and of docs/ as written, each page in its own clone and with an empty registry. A
// command that cannot be run has a comment with the reason: <!-- not run: … -->

const mirrorOneChart = 'npx tsx scripts/mirror-to-ecr.ts $REGISTRY --only cert-manager --quiet'
const makeUmbrellaValues = `
  npx tsx scripts/regenerate-manifest.ts --from ./my-umbrella -f umbrella-values.yaml \\
    --kube-version 1.33.0 --manifest umbrella-manifest.ts
  npx tsx scripts/generate-private-ecr-values.ts $REGISTRY --manifest umbrella-manifest.ts > umbrella-private.yaml`

/** What readers of a page have done before. */
const before: Readonly<Record<string, readonly string[]>> = {
  'docs/values.md': [mirrorOneChart, makeUmbrellaValues],
}

/** Pages whose commands take an account with stacks, networks and clusters. */
const inAccount = new Set(['docs/bootstrap.md'])

const pages = readDocumentPages().filter(({ blocks }) => blocks.some(isCommands))
const stage = await startStage()
const account = await startDocumentedAccount()
afterAll(async () => {
  await stage.close()
  await account?.bootstrap.close()
})

/** Runs a page from top to bottom and returns what is not as it says. Stops at a command that ends otherwise. */
async function followPage(
  { file, blocks }: DocumentPage,
  { world, env }: { readonly world: World; readonly env: NodeJS.ProcessEnv },
): Promise<string[]> {
  const cwd = await world.folderOf(basename(file, '.md'))
  await makeCheckout(cwd)
  await writeReadersFiles(cwd, env)
  for (const command of before[file] ?? []) {
    const { code, printed } = await runInShell(command, { cwd, env })
    expect(code, printed).toBe(0)
  }
  const faults: string[] = []
  for (const block of blocks) {
    const name = block.notes.get('file')
    if (name !== undefined) await writeFile(join(cwd, name), `${block.text}\n`)
    if (!isCommands(block)) continue
    const commands = readCommands(block)
    for (const [index, { text, shown }] of commands.entries()) {
      const where = `${file}:${block.line}: ${text}`
      const { code, printed } = await runInShell(text, { cwd, env })
      const isLast = index === commands.length - 1
      const expected = Number((isLast ? block.notes.get('exit code') : undefined) ?? 0)
      if (code !== expected) {
        return [...faults, `${where}\nended with ${code}, not ${expected}:\n${printed}`]
      }
      const missing = findMissing(shown, printed)
      if (missing.length > 0) {
        faults.push(`${where}\ndoes not print\n${missing.join('\n')}\nbut\n${printed}`)
      }
    }
  }
  return faults
}

describe('the commands of', () => {
  beforeEach(() => {
    stage.sandbox.resetEcr()
    // Readers do not follow all pages within one window of Docker Hub's quota.
    stage.sandbox.setLimits({})
  })

  test.for(
    pages.filter(({ file }) => !inAccount.has(file)).map((page) => [page.file, page] as const),
  )('%s do what the page says', async ([, page]) => {
    const env = await readerEnvironment(stage)
    expect(await followPage(page, { world: stage, env })).toEqual([])
  })

  test
    .skipIf(account === undefined)
    .for(pages.filter(({ file }) => inAccount.has(file)).map((page) => [page.file, page] as const))(
    '%s do what the page says, in an account',
    async ([, page]) => {
      if (account === undefined) return
      const { bootstrap, env } = account
      expect(await followPage(page, { world: bootstrap.world, env })).toEqual([])
    },
  )
})
