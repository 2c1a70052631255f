import { existsSync } from 'node:fs'
import type { Context } from '../lib/cli/main.ts'
import type { SandboxFlags } from '../lib/commands/sandbox.ts'
import { type Problem, ProblemError } from '../lib/model/problem.ts'
import { partitionOf } from '../lib/model/image/registry.ts'
import { replaceFile } from '../lib/tools/files/files.ts'
import { readContents } from './contents.ts'
import { startSandbox } from './sandbox.ts'

/** Runs a sandbox until the process is stopped, and prints the environment that points clients to it. */
export async function serve(flags: SandboxFlags, context: Context): Promise<void> {
  const { list, charts: chartsDir, mount = false, putImageRate, port, ...rest } = flags
  const { account, region, scale, latency, bandwidth } = rest
  if (region !== undefined && partitionOf(region) === undefined) {
    throw wrong(`invalid AWS region "${region}"`, 'use a region such as us-east-2')
  }
  if (chartsDir !== undefined && !existsSync(chartsDir)) {
    throw wrong(
      `the folder "${chartsDir}" does not exist`,
      'specify a folder with archives at <host>/<path>/*.tgz',
    )
  }
  const { charts, images } = await readContents(list)
  const sandbox = await startSandbox({
    ...(account !== undefined && { account }),
    ...(region !== undefined && { region }),
    ...(scale !== undefined && { scale }),
    ...(latency !== undefined && { latency }),
    ...(bandwidth !== undefined && { bandwidth: bandwidth * 1024 * 1024 }),
    ...(port !== undefined && { port }),
    ...(chartsDir !== undefined && { chartsDir }),
    images,
    charts: charts.map((chart) => ({ ...chart, version: chart.published ?? chart.version })),
    ecr: { blobMounting: mount, ...(putImageRate !== undefined && { putImageRate }) },
  })
  const lines = Object.entries(sandbox.environment).map(
    ([key, value]) => `export ${key}='${value}'\n`,
  )
  try {
    if (flags.environmentFile !== undefined) {
      await replaceFile(flags.environmentFile, lines.join(''), 0o600)
    }
    context.output(lines.join(''))
    const contents = chartsDir ?? `${images.length} images, ${charts.length} charts`
    context.log(
      `sandbox: serving ${contents} and ${sandbox.registryHost} through ${sandbox.proxyUrl}; set the variables above to use it, press Ctrl-C to stop it`,
    )
    if (!context.signal.aborted) {
      await new Promise((resolve) => context.signal.addEventListener('abort', resolve))
    }
  } finally {
    await sandbox.close()
  }
}

function wrong(message: string, next: string): ProblemError {
  const problem: Problem = { kind: 'invalid-input', side: 'input', message, next }
  return new ProblemError(problem)
}
