import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { formatProblems } from '../lib/cli/errors.ts'
import type { Context } from '../lib/cli/main.ts'
import { formatBytes } from '../lib/cli/text.ts'
import { mirroredRepository, placeImages } from '../lib/model/image/layout.ts'
import { type Manifest, publishedVersion, referenceOf } from '../lib/model/manifest/manifest.ts'
import { failure, type Result, success } from '../lib/model/problem.ts'
import { formatReference } from '../lib/model/image/reference.ts'
import { loadManifest } from '../lib/sources/manifest/file.ts'
import { run } from '../lib/tools/process/exec.ts'
import { classifyRun } from '../lib/tools/process/failures.ts'
import { prepareTools } from '../lib/tools/install/install.ts'
import { environmentFor } from '../lib/tools/process/environment.ts'
import { parseManifest } from './content/repository.ts'
import type { DemoFlags } from '../lib/commands/sandbox.ts'
import { demoFaults, faultsOfDemo } from './demo-faults.ts'
import { type Sandbox, startSandbox } from './sandbox.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Returns a notice of what is simulated, so that the demo's proof is not mistaken for one of the real charts. */
function describeStage(charts: string | undefined): string {
  const served =
    charts === undefined
      ? 'the charts are small stand-ins written for this demo; use --charts DIR to serve real archives'
      : `the charts are those in ${charts}`
  return `a sandbox on this machine simulates the registries, the chart repositories and ECR; crane and helm are real;\n    ${served}`
}

/**
 * Runs the main job from end to end in the sandbox: a first mirror run, a comparison of source and target in the
 * sandbox's own stores, a second run that must find nothing to do, and the values. Returns 1 if any step fails.
 */
export async function runDemo(
  { quiet, verbose, charts }: DemoFlags,
  { env, signal, print, log }: Context,
): Promise<number> {
  const began = performance.now()
  const say = (text: string) => print(['', ...text.split('\n')])
  await prepareTools({ env, run, signal, onNotice: log })
  const manifest = await loadManifest()
  const sandbox = await startSandbox({
    images: manifest.images.map(({ reference }) => reference),
    charts: manifest.charts.map((chart) => ({ ...chart, version: publishedVersion(chart) })),
    ...(charts !== undefined && { chartsDir: resolve(charts) }),
  })
  const stateFolder = await mkdtemp(join(tmpdir(), 'ecr-airlift-demo-'))
  const mirror = () =>
    runScript(
      'scripts/mirror-to-ecr.ts',
      [
        sandbox.registryHost,
        '--state-dir',
        stateFolder,
        ...(quiet ? ['--quiet'] : []),
        ...(verbose ? ['--verbose'] : []),
      ],
      {
        env: { ...env, ...sandbox.environment },
        signal,
      },
    )
  try {
    say(
      `1 · Mirror ${manifest.images.length} images and ${manifest.charts.length} charts into ${sandbox.registryHost}\n` +
        `    (${describeStage(charts)})\n`,
    )
    const prove = (values: string) => {
      say(
        '5 · Prove it: render every chart with these values, and look up each image in the registry\n',
      )
      return runScript(
        'scripts/verify-private-values.ts',
        [sandbox.registryHost, '--against-registry', '--values', values],
        { env: { ...env, ...sandbox.environment }, signal },
      )
    }
    const cold = await mirror()
    if (cold !== 0) return cold

    const differences = compareStores(manifest, sandbox)
    const moved = sumOf(sandbox, ({ bytesIn }) => bytesIn)
    say(
      `2 · Compare both sides in the sandbox's own stores\n\n${manifest.images.length - differences.length} of ${manifest.images.length} images match their source digests, including the manifests inside indexes; uploaded ${formatBytes(moved)}`,
    )
    for (const difference of differences) log(`differs: ${difference}`)

    say('3 · Mirror again: there should be nothing left to do\n')
    sandbox.resetCounters()
    const warm = await mirror()
    const asked = sumOf(
      sandbox,
      ({ requests }) => requests,
      (host) => !host.endsWith('.amazonaws.com'),
    )
    const writes = sumOf(
      sandbox,
      (host) => host.writes,
      (host) => host.endsWith('.amazonaws.com'),
    )
    print(`counted by the sandbox: ${asked} requests to sources, ${writes} writes to ECR`)

    say('4 · Generate the values that point every chart at the private registry')
    const values = await writeValues(sandbox.registryHost, env, signal)
    if (values.ok) print(['', `written to ${relative(process.cwd(), values.value)}`])
    else log(formatProblems([values.problem], { verbose: true }))

    const proof = values.ok ? await prove(values.value) : undefined
    const faults = faultsOfDemo({
      differences: differences.length,
      warmExit: warm,
      sourceRequests: asked,
      writes,
      hasValues: values.ok,
      proofExit: proof,
    })
    const seconds = ((performance.now() - began) / 1000).toFixed(0)
    say(
      faults.length === 0
        ? `Every image and chart is in the private registry, and every value points there (${seconds} s). Next, with your own registry:\n\n    npx tsx scripts/mirror-to-ecr.ts <account>.dkr.ecr.<region>.amazonaws.com --plan`
        : `The demo failed:\n${faults.map((fault) => `- ${demoFaults[fault]}\n`).join('')}See the output above.`,
    )
    return faults.length === 0 ? 0 : 1
  } finally {
    await sandbox.close()
    await rm(stateFolder, { recursive: true, force: true })
  }
}

/** Compares every destination with its source, including all children of an index. */
function compareStores(manifest: Manifest, sandbox: Sandbox): string[] {
  const references = manifest.images.map(referenceOf)
  const places = placeImages(references, mirroredRepository)
  return references.flatMap((reference) => {
    const name = formatReference(reference)
    const place = places.get(name)
    const held = place && sandbox.ecrImages(place.repository)
    const wanted = sandbox.upstreamDigest(name)
    if (place === undefined || held === undefined || wanted === undefined) return [name]
    const stored = new Set(held.manifests)
    const index = sandbox.ecrManifest(place.repository, wanted)
    const children = index === undefined ? [] : (parseManifest(index).manifests ?? [])
    const complete = children.every(({ digest }) => stored.has(digest))
    return index !== undefined && held.tags[place.tag] === wanted && complete ? [] : [name]
  })
}

type Count = ReturnType<Sandbox['counters']>[string]

function sumOf(
  sandbox: Sandbox,
  part: (count: Count) => number,
  ofHost: (host: string) => boolean = (host) => host.includes('.dkr.ecr.'),
): number {
  return Object.entries(sandbox.counters())
    .filter(([host]) => ofHost(host))
    .reduce((sum, [, count]) => sum + part(count), 0)
}

/** Runs a script of the project as a user would, in this terminal. Returns its exit code. */
async function runScript(
  script: string,
  args: readonly string[],
  { env, signal }: { readonly env: NodeJS.ProcessEnv; readonly signal: AbortSignal },
): Promise<number> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(root, script), ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env,
  })
  const forward = () => child.kill('SIGTERM')
  signal.addEventListener('abort', forward, { once: true })
  const [code]: unknown[] = await once(child, 'exit')
  signal.removeEventListener('abort', forward)
  return typeof code === 'number' ? code : 1
}

async function writeValues(
  registry: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Result<string>> {
  const script = join(root, 'scripts/generate-private-ecr-values.ts')
  const result = await run(
    { tool: process.execPath, args: ['--import', 'tsx', script, registry] },
    { env: environmentFor('offline', env), signal, cwd: root },
  )
  if (!result.ok) return failure(classifyRun(result))
  const file = join(root, '.cache/demo/private-ecr-values.yaml')
  await mkdir(join(root, '.cache/demo'), { recursive: true })
  await writeFile(file, result.stdout)
  return success(file)
}
