import { spawn, type ChildProcess } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { makeTempFolder } from './temp-folder.ts'

const projectFolder = resolve(import.meta.dirname, '../../..')
/** By its path, because another folder knows no packages. */
const tsx = createRequire(import.meta.url).resolve('tsx')

/**
 * What the kit's entries run on: this Node with tsx, or the Node that `ECR_AIRLIFT_TEST_NODE` names, which reads
 * TypeScript itself (24 and later). It starts in a third of the time, since it keeps what it compiled.
 */
const { ECR_AIRLIFT_TEST_NODE: nativeNode } = process.env
const compiled = { NODE_COMPILE_CACHE: join(projectFolder, 'node_modules/.cache/compiled') }
const runtime = nativeNode
  ? { command: nativeNode, options: [], env: compiled }
  : { command: process.execPath, options: ['--import', tsx], env: {} }

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
  const child = spawn(runtime.command, [...runtime.options, file, ...args], {
    cwd,
    env: { PATH, HOME, ...runtime.env, ...env },
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
