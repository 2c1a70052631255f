import { spawn, type ChildProcess } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { makeTempFolder } from './temp-folder.ts'

const projectFolder = resolve(import.meta.dirname, '../../..')
/** By its path, because another folder knows no packages. */
const tsx = createRequire(import.meta.url).resolve('tsx')

export interface ScriptResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Starts a TypeScript file the way that the kit's entries are started, with nothing inherited but PATH and HOME. */
export function startScript(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  cwd = projectFolder,
): { readonly child: ChildProcess; readonly result: Promise<ScriptResult> } {
  const { PATH, HOME } = process.env
  const child = spawn(process.execPath, ['--import', tsx, file, ...args], {
    cwd,
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const result = new Promise<ScriptResult>((settle) => {
    child.on('close', (code) => settle({ code, stdout, stderr }))
  })
  return { child, result }
}

/** Writes a script of which `@/` in imports means the kit's `scripts/lib/`. */
export function writeScript(code: string): string {
  const file = join(makeTempFolder(), 'script.mts')
  writeFileSync(file, code.replaceAll("'@/", `'${join(projectFolder, 'scripts/lib')}/`))
  return file
}
