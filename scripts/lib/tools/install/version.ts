import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import semver from 'semver'
import type { Run, RunOptions, RunResult } from '../process/exec.ts'
import type { Command } from '../process/command.ts'
import { environmentFor } from '../process/environment.ts'
import type { ToolName } from './pins.ts'

/** The arguments with which each tool prints its version. */
const versionArgs: Readonly<Record<ToolName, readonly string[]>> = {
  crane: ['version'],
  helm: ['version', '--template', '{{.Version}}'],
}

function versionCommand(name: ToolName, path: string): Command {
  return { tool: path, args: versionArgs[name] }
}

/** A tool's version output, and the version in it, if any, with a leading `v`. */
export interface SpokenVersion {
  readonly words: string
  readonly version?: string
}

/**
 * Asks a tool for its version, in an empty folder that is also its home: an unknown tool sees neither the user's files
 * nor their environment, except PATH.
 */
export async function askVersion(
  run: Run,
  name: ToolName,
  path: string,
  { env, signal }: { readonly env: NodeJS.ProcessEnv; readonly signal: AbortSignal | undefined },
): Promise<SpokenVersion> {
  const folder = await mkdtemp(join(resolve(tmpdir()), 'ecr-airlift-version-'))
  const options: RunOptions = {
    env: environmentFor('offline', env, { HOME: folder }),
    cwd: folder,
    deadline: 15_000,
    ...(signal && { signal }),
  }
  try {
    return readVersion(await run(versionCommand(name, path), options))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function readVersion(result: RunResult): SpokenVersion {
  if (!result.ok) {
    const words = lastLine(result.stderr) ?? lastLine(result.stdout) ?? result.reason
    return { words: words ?? `exited with ${result.exitCode ?? result.ending}` }
  }
  const version = parseVersion(result.stdout)
  return { words: result.stdout.trim(), ...(version !== undefined && { version }) }
}

/** Finds `v0.21.9`, `0.21.9`, `v4.2` or `v3.18.5+g1a2b3c4` in a tool's output; none in `(devel)`. */
function parseVersion(output: string): string | undefined {
  const [found] = /(?<!\d)\d+\.\d+(\.\d+)?([-+][\w.+-]*)?/.exec(output) ?? []
  return found === undefined ? undefined : `v${found}`
}

/**
 * Returns true when a version is certainly at least the minimum. A helm built by go only reports `v4.2`, which counts
 * as v4.2.0: its patch level is unknown.
 */
export function isNewEnough(version: string, minimum: string): boolean {
  const have = semver.coerce(version)
  const need = semver.coerce(minimum)
  return have !== null && need !== null && semver.gte(have, need)
}

/** Returns the last non-empty line of a tool's output, which for most tools is the reason of a failure. */
export function lastLine(output: string): string | undefined {
  return output
    .split('\n')
    .map((line) => line.trim())
    .findLast((line) => line !== '')
}
