import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { create } from 'tar'
import type { Run, RunResult } from '../../../scripts/lib/tools/process/exec.ts'
import type { Command } from '../../../scripts/lib/tools/process/command.ts'
import type { ToolPins } from '../../../scripts/lib/tools/install/pins.ts'
import { makeTempFolder } from './temp-folder.ts'

/** The release archive of a make-believe crane: a shell script, between two members that nobody asked for. */
export async function makeArchive(
  version: string,
): Promise<{ readonly bytes: Buffer; readonly sha256: string }> {
  const folder = makeTempFolder()
  for (const name of ['LICENSE', 'crane', 'krane']) {
    writeFileSync(join(folder, name), `#!/bin/sh\necho ${version}\n`)
  }
  const file = join(folder, 'archive.tar.gz')
  await create({ file, cwd: folder, gzip: true }, ['LICENSE', 'crane', 'krane'])
  const bytes = readFileSync(file)
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
}

/** Pins of which only crane on one platform can be downloaded. */
export function makePins(url: string, sha256: string): ToolPins {
  const pin = { version: 'v1.2.3', minimum: 'v1.2.0', goMinimum: '1.25', archives: {} }
  return {
    crane: {
      ...pin,
      goPackage: 'tools.example.test/crane@v1.2.3',
      archives: { 'test-x64': { url, sha256, member: 'crane' } },
    },
    helm: { ...pin, goPackage: 'tools.example.test/helm@v1.2.3' },
  }
}

/** Puts an executable file into a folder. What it would do when run is up to the fake `run`. */
export function addProgram(folder: string, name: string): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, '#!/bin/sh\nexit 1\n')
  chmodSync(path, 0o755)
  return path
}

type Answer = Partial<Pick<RunResult, 'exitCode' | 'ending' | 'stdout' | 'stderr'>>

/**
 * A `run` that answers from a table keyed by the end of the command line; the first key that fits wins.
 * An unexpected command is an error of the test.
 */
export function fakeRun(
  answers: Readonly<Record<string, Answer | ((env: NodeJS.ProcessEnv) => Answer)>>,
): { readonly run: Run; readonly commands: Command[] } {
  const commands: Command[] = []
  const run: Run = (command, { env }) => {
    commands.push(command)
    const line = [command.tool, ...command.args].join(' ')
    const [, answer] = Object.entries(answers).find(([end]) => line.endsWith(end)) ?? []
    if (answer === undefined) return Promise.reject(new Error(`unexpected command: ${line}`))
    const given = typeof answer === 'function' ? answer(env) : answer
    const result = { exitCode: 0, ending: 'exited' as const, stdout: '', stderr: '', ...given }
    const ok = result.ending === 'exited' && result.exitCode === 0
    return Promise.resolve({ command, ok, ...result })
  }
  return { run, commands }
}

/** All files below a folder, relative to it. */
export function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted()
}
