import { chmod, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crane, helm, toolPath } from './tools.ts'
import type { World } from './world.ts'

/** One call of a tool: its arguments and its environment. */
export interface ToolCall {
  readonly tool: string
  /** One per line. */
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  /** The files in its working folder. */
  readonly beside: readonly string[]
}

export interface RecordedTools {
  /** A PATH on which they come first. */
  readonly path: string
  readonly calls: () => Promise<ToolCall[]>
}

/** Variables that `sh` sets itself. */
const ofShell = new Set(['PWD', 'OLDPWD', 'SHLVL', '_'])

/** Puts a crane and a helm on a PATH that record their calls, and then run the real tools. */
export async function recordTools(world: World, name: string): Promise<RecordedTools> {
  const bin = await world.folderOf(`${name}-bin`)
  const notes = await world.folderOf(`${name}-notes`)
  for (const [tool, real] of Object.entries({ crane, helm })) {
    const note = `d='${notes}'/${tool}-$$; mkdir "$d"
for word in "$@"; do printf '%s\\n' "$word"; done > "$d/args"
pwd > "$d/cwd"; ls -A > "$d/beside"; env > "$d/env"`
    await writeFile(join(bin, tool), `#!/bin/sh\n${note}\nexec '${real}' "$@"\n`)
    await chmod(join(bin, tool), 0o755)
  }
  const read = async (call: string): Promise<ToolCall> => {
    const linesOf = async (file: string) =>
      (await readFile(join(notes, call, file), 'utf8')).split('\n').slice(0, -1)
    const variables = (await linesOf('env')).map(
      (line) => line.split(/=(.*)/s, 2) as [string, string],
    )
    return {
      tool: call.replace(/-\d+$/, ''),
      args: await linesOf('args'),
      env: Object.fromEntries(variables.filter(([variable]) => !ofShell.has(variable))),
      cwd: (await linesOf('cwd'))[0] ?? '',
      beside: await linesOf('beside'),
    }
  }
  return {
    path: `${bin}:${toolPath}`,
    calls: async () => Promise.all((await readdir(notes)).map(read)),
  }
}
