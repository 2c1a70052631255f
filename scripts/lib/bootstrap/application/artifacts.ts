import { lstat, readFile, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { Template } from '../../aws/stacks.ts'
import { readChart } from '../../charts/chart/files.ts'
import { type Problem, ProblemError, unwrap } from '../../model/problem.ts'
import type { BootstrapRequest } from '../arguments.ts'
import { dashboards, fillDashboard } from './dashboard-text.ts'
import { fetchAsset, type Release, type ReleaseDoors, resolveRelease, templateUrl } from './site.ts'

/** What is installed, and what goes with it. */
export interface Artifacts {
  /** The release; nothing when nothing of one is needed. */
  readonly version: string | undefined
  /** Folder or archive of the umbrella chart. */
  readonly chart: string
  /** Texts by file name. */
  readonly dashboards: ReadonlyMap<string, string>
  /** Nothing when no stack is deployed, or when its template is yet to be built. */
  readonly template: Template | undefined
}

/** Where the parts of the application lie in a checkout of its sources. */
const checkoutPaths = {
  chart: 'deployment/k8s/charts/aggregates/migrationAssistantWithArgo',
  dashboards: 'deployment/k8s/dashboards',
  templates: 'deployment/migration-assistant-solution/cdk.out-minified',
}

/** The most bytes of a template that a call to CloudFormation may carry. Source: its quotas. */
const longestTemplate = 51_200

/** Finds the checkout that the build flags speak of. Throws `ProblemError` when there is none. */
export async function findCheckout({
  flags,
  build,
}: BootstrapRequest): Promise<string | undefined> {
  if (!build.cfn && !build.images && !build.chart) return undefined
  const folder = resolve(flags.baseDir ?? '.')
  if (await isFile(join(folder, 'gradlew'))) return folder
  throw new ProblemError({
    kind: 'usage',
    side: 'input',
    message: `"${folder}" is not a checkout of the application: there is no gradlew in it`,
    next: 'name one by --base-dir; the --build flags need it',
  })
}

/**
 * Has everything here that is installed: from `--ma-chart-dir`, from the checkout, or from the release, whose version
 * is resolved once. Throws `ProblemError`.
 */
export async function gatherArtifacts(
  request: BootstrapRequest,
  checkout: string | undefined,
  needsVersion: boolean,
  doors: ReleaseDoors,
): Promise<Artifacts> {
  const { deploy, build, flags } = request
  const own = flags.maChartDir === undefined ? undefined : resolve(flags.maChartDir)
  if (own !== undefined) await checkChartPlace(own)
  const beside = own === undefined ? undefined : await dashboardsBeside(own)
  const local =
    build.chart && checkout !== undefined
      ? await readDashboards(join(checkout, checkoutPaths.dashboards))
      : beside
  const fromRelease = {
    chart: own === undefined && !build.chart,
    dashboards: local === undefined,
    template: deploy.kind !== 'skip' && !build.cfn,
  }
  const isNeeded = needsVersion || Object.values(fromRelease).includes(true)
  const release = isNeeded ? unwrap(await resolveRelease(flags.version, doors)) : undefined
  const download = async (name: string) => {
    if (release === undefined) throw new Error(`nothing says of which release "${name}" is to be`)
    return unwrap(await fetchAsset(name, release.version, release.asset(name), doors))
  }
  const artifacts: Artifacts = {
    version: release?.version,
    chart:
      own ??
      (build.chart
        ? join(checkout ?? '', checkoutPaths.chart)
        : await download(`migration-assistant-${release?.version ?? ''}.tgz`)),
    dashboards:
      local ?? (await readAll(await Promise.all(dashboards.map(({ file }) => download(file))))),
    template:
      deploy.kind === 'skip' || build.cfn || release === undefined
        ? undefined
        : await downloadTemplate(deploy.kind, release, doors),
  }
  await checkFiles(artifacts)
  return artifacts
}

/** Finds out now what would otherwise fail when the stack is deployed and the images are copied. */
async function checkFiles({ chart, dashboards: texts }: Artifacts): Promise<void> {
  unwrap(await readChart(chart))
  const facts = { region: '', account: '', stage: '', qualifier: '' }
  for (const [file, text] of texts) unwrap(fillDashboard(file, text, facts))
}

async function checkChartPlace(path: string): Promise<void> {
  const info = await stat(path).catch(() => undefined)
  const isChart =
    info?.isFile() || (info?.isDirectory() && (await isFile(join(path, 'Chart.yaml'))))
  if (isChart) return
  throw new ProblemError({
    kind: 'usage',
    side: 'input',
    message: `--ma-chart-dir "${path}" is neither a chart folder nor an archive of one`,
    next: 'name the folder with Chart.yaml in it, or the .tgz',
  })
}

/** Dashboards that were brought along: in the chart's folder, or where it lies. A link could show any file. */
async function dashboardsBeside(chart: string): Promise<Map<string, string> | undefined> {
  for (const folder of [chart, dirname(chart)]) {
    const paths = dashboards.map(({ file }) => join(folder, file))
    const found = await Promise.all(paths.map(isFileItself))
    if (found.every(Boolean)) return readAll(paths)
  }
  return undefined
}

function readDashboards(folder: string): Promise<Map<string, string>> {
  return readAll(dashboards.map(({ file }) => join(folder, file)))
}

async function readAll(paths: readonly string[]): Promise<Map<string, string>> {
  return new Map(
    await Promise.all(paths.map(async (path) => [basename(path), await readText(path)] as const)),
  )
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new ProblemError(
      {
        kind: 'not-found',
        side: 'input',
        message: `"${path}" cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
        next: 'check --base-dir, or build it',
      },
      { cause },
    )
  }
}

async function downloadTemplate(
  kind: 'create-vpc' | 'import-vpc',
  { version }: Release,
  doors: ReleaseDoors,
): Promise<Template> {
  const url = templateUrl(version, kind)
  const file = unwrap(
    await fetchAsset(`${kind}-eks.template`, version, { url, sha256: undefined }, doors),
  )
  const body = await readText(file)
  const problem = templateProblem(url, body)
  if (problem !== undefined) {
    // Kept, it would be taken for the template by every run to come.
    await rm(file, { force: true })
    throw new ProblemError(problem)
  }
  // Sent along, what is deployed is what was looked at; a longer one CloudFormation has to read by itself.
  return Buffer.byteLength(body) <= longestTemplate ? { body } : { url }
}

/** What was saved under a template's name need not be one. */
function templateProblem(name: string, text: string): Problem | undefined {
  const isJson = text.trimStart().startsWith('{')
  if (isJson ? text.includes('"Resources"') : /^Resources:/m.test(text)) return undefined
  return {
    kind: 'invalid-input',
    side: 'source',
    message: `"${name}" is not a CloudFormation template: it has no Resources`,
    next: 'look at it; a proxy may have answered in place of the publisher',
  }
}

/** The template that the build of a checkout has left. */
export async function builtTemplate(
  checkout: string,
  kind: 'create-vpc' | 'import-vpc',
): Promise<Template> {
  const name = kind === 'create-vpc' ? 'Create' : 'Import'
  const file = join(
    checkout,
    checkoutPaths.templates,
    `Migration-Assistant-Infra-${name}-VPC-eks.template.json`,
  )
  const body = await readText(file)
  const problem = templateProblem(file, body)
  if (problem !== undefined) throw new ProblemError(problem)
  if (Buffer.byteLength(body) > longestTemplate) {
    throw new ProblemError({
      kind: 'invalid-input',
      side: 'input',
      message: `"${file}" has ${Buffer.byteLength(body)} bytes; CloudFormation takes ${longestTemplate}`,
      next: 'deploy it by way of S3 with the tools of its sources, then run this with --skip-cfn-deploy',
    })
  }
  return { body }
}

async function isFileItself(path: string): Promise<boolean> {
  return lstat(path).then(
    (info) => info.isFile(),
    () => false,
  )
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (info) => info.isFile(),
    () => false,
  )
}
