import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { measure } from './measure.ts'
import { projectFolder, type Session } from './world/session.ts'
import type { Renders } from './report/results.ts'

/** Relocates the kit's charts anew and counts. They come from the internet or the cache; without both it is not known. */
export async function countRenders(
  { env, signal, logFolder }: Session,
  onNotice: (text: string) => void,
): Promise<Renders | undefined> {
  onNotice('relocating the charts of the manifest')
  const log = join(logFolder, 'renders.log')
  const args = ['--import', 'tsx', 'scripts/regenerate-manifest.ts', '--check', '--render']
  const job = { tool: process.execPath, args, env, cwd: projectFolder, log }
  const { exitCode } = await measure(job, signal)
  return exitCode === 0 ? readRenders(await readFile(log, 'utf8')) : undefined
}

/** Adds up what the command says of each chart: `…; 2 variants, 8 renders (8 known), 0.4 s`. */
export function readRenders(text: string): Renders | undefined {
  const found = [...text.matchAll(/(?:(\d+) variants, )?(\d+) renders? \(/g)]
  if (found.length === 0) return undefined
  const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0)
  return {
    renders: sum(found.map(([, , renders]) => Number(renders))),
    variants: sum(found.map(([, variants]) => Number(variants ?? 1))),
  }
}
