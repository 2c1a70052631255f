import './lib/cli/working-folder.ts'
import { Option } from 'commander'
import { createCommand, runMain, withExitCode, type Context } from './lib/cli/main.ts'
import { toJson } from './lib/cli/text.ts'
import type { Tool } from './lib/tools/install/install.ts'

interface Options {
  readonly check?: boolean
  readonly output: 'text' | 'json'
  readonly quiet?: boolean
}

await runMain((context) =>
  createCommand(
    'install-tools',
    'Finds crane and helm, and installs the pinned version of what is missing or too old into the user’s cache.',
  )
    .option('--check', 'only look; exit 1 when a tool is missing')
    .addOption(
      new Option('--output <format>', 'how to print the result')
        .choices(['text', 'json'])
        .default('text'),
    )
    .addHelpText(
      'after',
      '\nECR_AIRLIFT_CACHE names another cache folder. Proxies (HTTPS_PROXY, NO_PROXY) are honoured.',
    )
    .action(withExitCode((options: Options) => installTools(options, context))),
)

async function installTools(options: Options, context: Context): Promise<number | undefined> {
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

function show(tools: readonly Tool[], options: Options, { print, output }: Context): void {
  if (options.output === 'json') return output(toJson({ tools }))
  print(tools.map(({ name, version, path, origin }) => `${name} ${version} ${path} (${origin})`))
}
