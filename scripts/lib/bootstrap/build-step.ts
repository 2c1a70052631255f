import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { finished } from 'node:stream/promises'
import { join } from 'node:path'
import { ProblemError } from '../model/problem.ts'
import { type Command, render, type Run } from '../tools/exec.ts'

export interface BuildWorld {
  readonly run: Run
  readonly env: NodeJS.ProcessEnv
  readonly signal: AbortSignal
  /** Folder for the logs. */
  readonly logs: string
  readonly tell: (text: string) => void
}

/** `gradlew cdkSynthMinified` of a checkout: makes the CloudFormation templates. */
export function synthCommand(checkout: string): Command {
  return {
    tool: join(checkout, 'gradlew'),
    args: [
      '-p',
      checkout,
      ':deployment:migration-assistant-solution:cdkSynthMinified',
      '-x',
      'test',
    ],
  }
}

/** `gradlew buildImagesToRegistry` of a checkout: builds the images for both architectures and pushes them. */
export function imagesCommand(checkout: string, registry: string): Command {
  return {
    tool: join(checkout, 'gradlew'),
    args: [
      '-p',
      checkout,
      ':buildImages:buildImagesToRegistry',
      `-PregistryEndpoint=${registry}`,
      '-x',
      'test',
    ],
  }
}

/** Images for two architectures need docker with buildx. */
export const buildxCommand: Command = { tool: 'docker', args: ['buildx', 'version'] }

const deadline = 3 * 60 * 60_000
const shownLines = 15

/** Runs a build and keeps what it prints. Its failure is final. Returns the log's path. */
export async function runBuild(
  name: string,
  command: Command,
  { run, env, signal, logs, tell }: BuildWorld,
): Promise<string> {
  await mkdir(logs, { recursive: true })
  const file = join(logs, `${name}.log`)
  const log = createWriteStream(file)
  tell(`${render(command)} > ${file}`)
  const result = await run(command, {
    env,
    signal,
    deadline,
    onLine: (line) => void log.write(`${line}\n`),
  })
  log.end()
  await finished(log)
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
    kind: result.ending === 'not-found' ? 'tool-missing' : 'unknown',
    side: 'local',
    message: [
      `"${render(command)}" failed (${result.ending} ${result.exitCode ?? ''}):`,
      ...last,
    ].join('\n'),
    next: `mend the build; all that it printed is in "${file}"`,
  })
}
