import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ProblemError } from '../../../scripts/lib/model/problem.ts'
import { run } from '../../../scripts/lib/tools/process/exec.ts'
import { type Tool, prepareTools } from '../../../scripts/lib/tools/install/install.ts'
import { environmentFor } from '../../../scripts/lib/tools/process/environment.ts'
import { buildWithGo } from '../../../scripts/lib/tools/install/build.ts'
import { cacheFolder, findOnPath, isExecutable } from '../../../scripts/lib/tools/install/cache.ts'
import type { ToolPin } from '../../../scripts/lib/tools/install/pins.ts'
import { lastLine } from '../../../scripts/lib/tools/install/version.ts'

/** Programs that movers need beside Node and bash. */
export type ToolName = 'crane' | 'helm' | 'regsync' | 'skopeo'

/** A program that is there, or why it is not. */
export type BenchTool =
  { readonly path: string; readonly version: string } | { readonly absence: string }

export type BenchTools = Readonly<Record<ToolName, BenchTool>>

const regsyncVersion = 'v0.11.7'
const regsyncPin: ToolPin = {
  version: regsyncVersion,
  minimum: regsyncVersion,
  goPackage: `github.com/regclient/regclient/cmd/regsync@${regsyncVersion}`,
  goMinimum: '1.25',
  archives: {},
}

/** Finds or installs what the named movers need. Throws `ProblemError` when crane or helm cannot be had. */
export async function prepareBenchTools(
  wanted: ReadonlySet<ToolName>,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
  onNotice: (text: string) => void,
): Promise<BenchTools> {
  const { crane, helm } = await prepareTools({ env, run, signal, onNotice })
  const unwanted: BenchTool = { absence: 'not asked for' }
  return {
    crane: found(crane),
    helm: found(helm),
    regsync: wanted.has('regsync') ? await prepareRegsync(env, signal, onNotice) : unwanted,
    skopeo: wanted.has('skopeo') ? await findSkopeo(env) : unwanted,
  }
}

function found({ path, version }: Tool): BenchTool {
  return { path, version }
}

/** Kept beside the kit's own tools, in the user's cache folder. */
async function prepareRegsync(
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
  onNotice: (text: string) => void,
): Promise<BenchTool> {
  const platform = `${process.platform}-${process.arch}`
  const path = join(cacheFolder(env), 'tools', 'regsync', regsyncVersion, platform, 'regsync')
  if (await isExecutable(path)) return { path, version: regsyncVersion }
  await mkdir(dirname(path), { recursive: true })
  const onStart = () => onNotice(`building regsync ${regsyncVersion} with go, once`)
  const built = await buildWithGo(regsyncPin, path, { env, run, signal, onStart })
  if (built.ok) return { path, version: regsyncVersion }
  if (built.problem.kind === 'interrupted') throw new ProblemError(built.problem)
  return { absence: built.problem.message }
}

async function findSkopeo(env: NodeJS.ProcessEnv): Promise<BenchTool> {
  const path = await findOnPath('skopeo', env)
  if (path === undefined) return { absence: 'skopeo is not on PATH' }
  const surroundings = { env: environmentFor('offline', env), cwd: dirname(path) }
  const { stdout } = await run({ tool: path, args: ['--version'] }, surroundings)
  return {
    path,
    version: (lastLine(stdout) ?? 'of unknown version').replace('skopeo version ', ''),
  }
}
