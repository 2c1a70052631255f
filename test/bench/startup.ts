import { readdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { measure } from './measure.ts'
import { projectFolder, type Session } from './world/session.ts'
import { medianOf } from './report/statistics.ts'
import type { Startup } from './report/results.ts'

const repetitions = 5
const valuesScript = 'generate-private-ecr-values.ts'

/** Times `--help` of every entry, the values, and an empty file, in turns. */
export async function measureStartup(
  { env, signal, logFolder, world }: Session,
  onNotice: (text: string) => void,
): Promise<Startup> {
  onNotice('timing --help of all commands')
  const empty = join(logFolder, 'empty.mts')
  await writeFile(empty, 'export const nothing: undefined = undefined\n')
  const scripts = await readdir(join(projectFolder, 'scripts'))
  const entries = [
    'bootstrap.ts',
    ...scripts.filter((name) => name.endsWith('.ts')).map((name) => join('scripts', name)),
  ]
  const commands = new Map<string, readonly string[]>([
    ['empty', [empty]],
    ['values', [join('scripts', valuesScript), world.registryHost]],
    ...entries.map((file) => [basename(file), [file, '--help']] as const),
  ])
  const times = new Map<string, number[]>()
  // The first turn fills tsx's cache of compiled files and does not count.
  for (let turn = 0; turn <= repetitions; turn += 1) {
    for (const [name, args] of commands) {
      const job = {
        tool: process.execPath,
        args: ['--import', 'tsx', ...args],
        env,
        cwd: projectFolder,
        log: join(logFolder, `startup-${name}.log`),
      }
      const { seconds } = await measure(job, signal)
      if (turn > 0) times.set(name, [...(times.get(name) ?? []), seconds])
    }
  }
  const median = (name: string) => medianOf(times.get(name) ?? []) ?? 0
  const [slowest = ''] = entries
    .map((file) => basename(file))
    .toSorted((a, b) => median(b) - median(a))
  return {
    empty: median('empty'),
    slowestHelp: median(slowest),
    slowest,
    values: median('values'),
    valuesHelp: median(valuesScript),
  }
}
