import { lstat, readFile, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { StackTemplate } from '../../aws/stacks.ts'
import { readChart } from '../../charts/chart/files.ts'
import { type Problem, ProblemError, unwrap } from '../../model/problem.ts'
import type { BootstrapRequest } from '../arguments.ts'
import { dashboards, fillDashboard } from './dashboard-text.ts'
import { fetchAsset, type Release, type ReleaseDoors, resolveRelease, templateUrl } from './site.ts'

/** The files to install. */
export interface Artifacts {
  /** The release; absent when none is needed. */
  readonly version: string | undefined
  /** Folder or archive of the umbrella chart. */
  readonly chart: string
  /** Texts by file name. */
  readonly dashboards: ReadonlyMap<string, string>
  /** Absent when no stack is deployed, or when its template has not been built yet. */
  readonly template: StackTemplate | undefined
}

/** Paths of the application's parts in a checkout of its sources. */
const checkoutPaths = {
  chart: 'deployment/k8s/charts/aggregates/migrationAssistantWithArgo',
  dashboards: 'deployment/k8s/dashboards',
  templates: 'deployment/migration-assistant-solution/cdk.out-minified',
}

/** Maximum bytes of a template in a CloudFormation call. Source: its quotas. */
const longestTemplate = 51_200

/** Finds the checkout for the build flags. Throws `ProblemError` when there is none. */
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
    message: `"${folder}" is not a checkout of the application: it has no gradlew`,
    next: 'set --base-dir to a checkout; the --build flags require it',
  })
}

/**
 * Fetches everything to install: from `--ma-chart-dir`, from the checkout, or from the release, whose version is
 * resolved once. Throws `ProblemError`.
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
    if (release === undefined) throw new Error(`the release of "${name}" is not known`)
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

/** Checks the dashboards now; otherwise they would only fail after the stack is deployed and the images are copied. */
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
    message: `--ma-chart-dir "${path}" is neither a chart folder nor a chart archive`,
    next: 'use the folder that contains Chart.yaml, or the .tgz',
  })
}

/** Reads local dashboards in the chart's folder or its parent. Follows no links, which could expose any file. */
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
        next: 'check --base-dir, or build the file',
      },
      { cause },
    )
  }
}

async function downloadTemplate(
  kind: 'create-vpc' | 'import-vpc',
  { version }: Release,
  doors: ReleaseDoors,
): Promise<StackTemplate> {
  const url = templateUrl(version, kind)
  const file = unwrap(
    await fetchAsset(`${kind}-eks.template`, version, { url, sha256: undefined }, doors),
  )
  const body = await readText(file)
  const problem = templateProblem(url, body)
  if (problem !== undefined) {
    // If kept, every later run would use it as the template.
    await rm(file, { force: true })
    throw new ProblemError(problem)
  }
  // Sent inline, so that the checked text is deployed. CloudFormation has to fetch a longer template itself.
  return Buffer.byteLength(body) <= longestTemplate ? { body } : { url }
}

/** Refuses a file that is not a CloudFormation template. */
function templateProblem(name: string, text: string): Problem | undefined {
  const isJson = text.trimStart().startsWith('{')
  if (isJson ? text.includes('"Resources"') : /^Resources:/m.test(text)) return undefined
  return {
    kind: 'invalid-input',
    side: 'source',
    message: `"${name}" is not a CloudFormation template: it has no Resources`,
    next: 'check the file; a proxy may have answered instead of the publisher',
  }
}

/** Reads the template that the build of a checkout produced. */
export async function builtTemplate(
  checkout: string,
  kind: 'create-vpc' | 'import-vpc',
): Promise<StackTemplate> {
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
      message: `"${file}" has ${Buffer.byteLength(body)} bytes, but CloudFormation accepts at most ${longestTemplate}`,
      next: 'deploy it via S3 with the tools of its repository, then rerun with --skip-cfn-deploy',
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
