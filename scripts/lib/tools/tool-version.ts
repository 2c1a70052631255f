import semver from 'semver'
import type { Command, Run, RunOptions } from './exec.ts'
import type { ToolName } from './tool-pins.ts'

/** How a tool is asked for its version. */
const versionArgs: Readonly<Record<ToolName, readonly string[]>> = {
  crane: ['version'],
  helm: ['version', '--template', '{{.Version}}'],
}

function versionCommand(name: ToolName, path: string): Command {
  return { tool: path, args: versionArgs[name] }
}

/** What a tool says about its version: its words, and the version in them with a leading `v` when there is one. */
export interface SpokenVersion {
  readonly words: string
  readonly version?: string
}

export async function askVersion(
  run: Run,
  name: ToolName,
  path: string,
  options: RunOptions,
): Promise<SpokenVersion> {
  const result = await run(versionCommand(name, path), { deadline: 15_000, ...options })
  if (!result.ok) {
    const words = lastLine(result.stderr) ?? lastLine(result.stdout)
    return { words: words ?? `it ended with ${result.exitCode ?? result.ending}` }
  }
  const version = parseVersion(result.stdout)
  return { words: result.stdout.trim(), ...(version !== undefined && { version }) }
}

/** Finds `v0.21.9`, `0.21.9`, `v4.2` or `v3.18.1+g1a2b3c4` in a tool's output; `(devel)` holds none. */
function parseVersion(output: string): string | undefined {
  const [found] = /(?<!\d)\d+\.\d+(\.\d+)?([-+][\w.+-]*)?/.exec(output) ?? []
  return found === undefined ? undefined : `v${found}`
}

/** A helm built by go says no more than `v4.2`, so a two-part version is compared by its two parts. */
export function isNewEnough(version: string, minimum: string): boolean {
  const have = semver.coerce(version)
  const need = semver.coerce(minimum)
  if (have === null || need === null) return false
  const isTwoPart = /^v?\d+\.\d+$/.test(version)
  return semver.gte(have, isTwoPart ? `${need.major}.${need.minor}.0` : need)
}

/** The last line of a tool's output that says anything: with most tools the reason of a failure. */
export function lastLine(output: string): string | undefined {
  return output
    .split('\n')
    .map((line) => line.trim())
    .findLast((line) => line !== '')
}
