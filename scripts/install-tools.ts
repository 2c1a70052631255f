import './lib/cli/working-folder.ts'
import { type Context, runCommand } from './lib/cli/main.ts'
import { toJson } from './lib/cli/text.ts'
import { type InstallFlags, installTools } from './lib/commands/install-tools.ts'
import type { Tool } from './lib/tools/install/install.ts'

await runCommand(installTools, ({ flags }, context) => install(flags, context))

async function install(options: InstallFlags, context: Context): Promise<number | undefined> {
  const { env, signal, log } = context
  const [{ findTool, prepareTools }, { run }, { ProblemError }, { toolNames }] = await Promise.all([
    import('./lib/tools/install/install.ts'),
    import('./lib/tools/process/exec.ts'),
    import('./lib/model/problem.ts'),
    import('./lib/tools/install/pins.ts'),
  ])
  const onNotice = (text: string) => {
    if (!options.quiet) log(text)
  }
  const settings = { env, run, signal, onNotice }
  if (!options.check) {
    const { crane, helm } = await prepareTools(settings)
    show([crane, helm], options, context)
    return undefined
  }
  const results = await Promise.all(toolNames.map((name) => findTool(name, settings)))
  const found = results.flatMap((result) => (result.ok ? [result.value] : []))
  show(found, options, context)
  const problems = results.flatMap((result) => (result.ok ? [] : [result.problem]))
  if (problems.length > 0) throw new ProblemError(problems)
  return undefined
}

function show(tools: readonly Tool[], options: InstallFlags, { print, output }: Context): void {
  if (options.output === 'json') return output(toJson({ tools }))
  print(tools.map(({ name, version, path, origin }) => `${name} ${version} ${path} (${origin})`))
}
