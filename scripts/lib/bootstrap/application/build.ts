import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { finished } from 'node:stream/promises'
import { join } from 'node:path'
import {
  failure,
  listMessage,
  type Problem,
  ProblemError,
  type Result,
  success,
} from '../../model/problem.ts'
import { render, type Run } from '../../tools/process/exec.ts'
import type { Command } from '../../tools/process/command.ts'
import { absolutePath } from '../../tools/process/absolute.ts'
import type { Environment } from '../../tools/process/environment.ts'
import { makeFolder } from '../../tools/files/files.ts'
import { findOnPath } from '../../tools/install/cache.ts'

export interface BuildDoors {
  readonly run: Run
  readonly env: Environment
  /** The checkout, as the working folder: its scripts ask git for the root. */
  readonly cwd: string
  readonly signal: AbortSignal
  /** Folder for the logs. */
  readonly logs: string
  readonly tell: (text: string) => void
}

/** Returns `gradlew cdkSynthMinified` for a checkout, which makes the CloudFormation templates. */
export function synthCommand(checkout: string): Command {
  return {
    tool: join(absolutePath(checkout), 'gradlew'),
    args: [
      '-p',
      absolutePath(checkout),
      ':deployment:migration-assistant-solution:cdkSynthMinified',
      '-x',
      'test',
    ],
  }
}

/** Returns `gradlew buildImagesToRegistry`, which builds the images for both architectures and pushes them. */
export function imagesCommand(checkout: string, registry: string): Command {
  return {
    tool: join(absolutePath(checkout), 'gradlew'),
    args: [
      '-p',
      absolutePath(checkout),
      ':buildImages:buildImagesToRegistry',
      `-PregistryEndpoint=${registry}`,
      '-x',
      'test',
    ],
  }
}

/** The name of the builder that the build uses. Source: RegistryImageBuildUtils of the application. */
const builder = 'local-remote-builder'

/** Returns the command that looks for the builder and starts it. */
export function builderCommand(docker: string): Command {
  return { tool: docker, args: ['buildx', 'inspect', builder, '--bootstrap'] }
}

/** Returns the command of a checkout that creates the builder. */
export function builderSetup(checkout: string): Command {
  return {
    tool: join(absolutePath(checkout), 'buildImages', 'setUpK8sImageBuildServices.sh'),
    args: [],
  }
}

/** Programs that the image build calls itself: it logs docker in with the AWS CLI. */
const imageTools = ['docker', 'aws'] as const

/** Returns the absolute path of a tool that a build needs. */
export async function findBuildTool(
  tool: (typeof imageTools)[number],
  env: NodeJS.ProcessEnv,
): Promise<Result<string>> {
  const path = await findOnPath(tool, env)
  if (path !== undefined) return success(path)
  return failure({
    kind: 'tool-missing',
    side: 'local',
    message: `--build-images requires ${tool}, which is not on PATH`,
    next: `install it, or remove --build-images to use the published images`,
  })
}

/** Returns a problem for each missing tool of the image build. */
export async function missingBuildTools(env: NodeJS.ProcessEnv): Promise<Problem[]> {
  const found = await Promise.all(imageTools.map((tool) => findBuildTool(tool, env)))
  return found.flatMap((one) => (one.ok ? [] : [one.problem]))
}

const deadline = 3 * 60 * 60_000
const shownLines = 15

/** Runs a build and keeps its output in a log. A failure is not retried. Returns the log's path. */
export async function runBuild(
  name: string,
  command: Command,
  { run, env, cwd, signal, logs, tell }: BuildDoors,
): Promise<string> {
  await makeFolder(logs, '--state-dir')
  const file = join(logs, `${name}.log`)
  // Removes the log of an earlier build, or a link that would be written through.
  await rm(file, { force: true })
  const log = createWriteStream(file, { flags: 'wx', mode: 0o600 })
  // Errors are handled from the start, so that a full disk does not leave the build running.
  const written = finished(log)
  written.catch(() => undefined)
  tell(`${render(command)} > ${file}`)
  const result = await run(command, {
    env,
    cwd,
    signal,
    deadline,
    // Compilers of a checkout that the caller has chosen need more memory.
    memory: Infinity,
    onLine: (line) => void log.write(`${line}\n`),
  })
  log.end()
  await written
  if (result.ok) return file
  if (signal.aborted) {
    throw new ProblemError({
      kind: 'interrupted',
      side: 'local',
      message: `the build was interrupted`,
    })
  }
  const last = `${result.stdout}\n${result.stderr}`.trimEnd().split('\n').slice(-shownLines)
  throw new ProblemError({
    kind: ['not-found', 'not-executable'].includes(result.ending) ? 'tool-missing' : 'unknown',
    side: 'local',
    ...listMessage(
      `"${render(command)}" failed (${result.reason ?? `${result.ending} ${result.exitCode ?? ''}`})`,
      last,
    ),
    next: `fix the build; its full output is in "${file}"`,
  })
}
