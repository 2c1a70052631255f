import { dirname } from 'node:path'
import { failure, success, type Result } from '../../model/problem.ts'
import { render, type Run } from '../process/exec.ts'
import type { Command } from '../process/command.ts'
import { environmentFor } from '../process/environment.ts'
import { findOnPath } from './cache.ts'
import type { ToolPin } from './pins.ts'
import { lastLine } from './version.ts'

const buildDeadline = 15 * 60_000

export interface BuildOptions {
  readonly env: NodeJS.ProcessEnv
  readonly run: Run
  readonly signal: AbortSignal | undefined
  readonly onStart: () => void
}

/**
 * Builds the pinned version with `go install` in the folder of `target`, with the user's own go settings.
 * Go verifies its downloads against its checksum database, unless the user has disabled that.
 */
export async function buildWithGo(
  pin: ToolPin,
  target: string,
  options: BuildOptions,
): Promise<Result<void>> {
  const { env, run, signal, onStart } = options
  const go = await findOnPath('go', env)
  if (go === undefined) {
    return failure({ kind: 'tool-missing', side: 'local', message: 'go is not on PATH' })
  }
  onStart()
  const command: Command = { tool: go, args: ['install', pin.goPackage] }
  const folder = dirname(target)
  const result = await run(command, {
    env: environmentFor('go-install', env, { GOBIN: folder }),
    // Outside any project of the user, whose go.mod could require another toolchain.
    cwd: folder,
    deadline: buildDeadline,
    ...(signal && { signal }),
  })
  if (result.ok) return success(undefined)
  const shown = render({ ...command, tool: 'go' })
  if (result.ending === 'aborted') {
    return failure({ kind: 'interrupted', side: 'local', message: `interrupted during ${shown}` })
  }
  if (result.ending === 'deadline') {
    const message = `${shown} did not end within ${buildDeadline / 60_000} minutes`
    return failure({ kind: 'timeout', side: 'local', message })
  }
  const words =
    lastLine(result.stderr) ?? result.reason ?? `exit code ${result.exitCode ?? 'unknown'}`
  const detail = result.stderr.trim()
  return failure({ kind: 'unknown', side: 'local', message: `${shown} failed: ${words}`, detail })
}
