// The process that plays the internet: apart from the movers, so that what it needs is not taken for theirs.
import { parseManifest } from '../../../scripts/sandbox/content/repository.ts'
import { digestOf } from '../../../scripts/sandbox/content/seed.ts'
import { type Sandbox, startSandbox } from '../../../scripts/sandbox/sandbox.ts'
import { packStandIn } from '../../../scripts/sandbox/stand-ins.ts'
import { chartLayer, faultsOfCopies } from '../../e2e/support/stores.ts'
import type { Answer, Question, ServerApi, Sizes } from './server-api.ts'
import type { ChartWork, ImageWork } from './work.ts'

let sandbox: Sandbox | undefined
let cpuAtReset = process.cpuUsage()

const api: ServerApi = {
  async start({ bandwidth, ...options }) {
    sandbox = await startSandbox({
      ...options,
      ...(bandwidth !== undefined && { bandwidth }),
    })
    return { environment: sandbox.environment, registryHost: sandbox.registryHost }
  },

  async stock({ images, charts }) {
    const held = running()
    for (const { source, repository, tag } of images) held.putEcrImage(repository, tag, source)
    const sizes = addUp(held, images, charts)
    held.resetEcr()
    return sizes
  },

  async renew(options, repositories) {
    const held = running()
    // No mover is to be held up by a quota that another has used.
    held.setLimits({ dockerHubPulls: 'unlimited' })
    held.resetEcr(options)
    for (const name of repositories) held.createEcrRepository(name)
  },

  async resetCounters() {
    running().resetCounters()
    cpuAtReset = process.cpuUsage()
  },

  async seen() {
    const { user, system } = process.cpuUsage(cpuAtReset)
    return { hosts: running().counters(), cpuSeconds: (user + system) / 1e6 }
  },

  async faults({ images, charts }) {
    const copies = faultsOfCopies(
      running(),
      images.map(({ source }) => source),
    )
    return [...copies, ...charts.flatMap((chart) => faultOfChart(chart) ?? [])]
  },
}

function running(): Sandbox {
  if (sandbox === undefined) throw new Error('the sandbox has not been started')
  return sandbox
}

function faultOfChart({ name, version }: ChartWork): string | undefined {
  const tag = version.replaceAll('+', '_')
  const found = chartLayer(running(), { repository: `charts/${name}`, tag })
  const expected = digestOf(packStandIn(name, version).bytes)
  return found === expected ? undefined : `chart ${name} is ${found ?? 'missing'}, not ${expected}`
}

/** Adds up what lies in ECR, which is then exactly what there is to move. */
function addUp(held: Sandbox, images: readonly ImageWork[], charts: readonly ChartWork[]): Sizes {
  const unique = new Map<string, number>()
  let [countedBytes, manifestBytes, manifests] = [0, 0, charts.length]
  for (const repository of new Set(images.map((one) => one.repository))) {
    const blobs = new Map<string, number>()
    for (const digest of held.ecrImages(repository)?.manifests ?? []) {
      const manifest = held.ecrManifest(repository, digest)
      if (manifest === undefined) continue
      manifests += 1
      manifestBytes += manifest.bytes.length
      const { config, layers = [] } = parseManifest(manifest)
      for (const blob of [...(config ? [config] : []), ...layers]) blobs.set(blob.digest, blob.size)
    }
    countedBytes += sumOf(blobs)
    for (const [digest, size] of blobs) unique.set(digest, size)
  }
  const archives = charts.reduce(
    (sum, { name, version }) => sum + packStandIn(name, version).bytes.length,
    0,
  )
  const rest = manifestBytes + archives
  return { countedBytes: countedBytes + rest, uniqueBytes: sumOf(unique) + rest, manifests }
}

function sumOf(sizes: ReadonlyMap<string, number>): number {
  return [...sizes.values()].reduce((sum, size) => sum + size, 0)
}

process.on('message', ({ id, name, args }: Question) => {
  const call = api[name] as (...given: readonly unknown[]) => Promise<unknown>
  const reply = (answer: Omit<Answer, 'id'>) => process.send?.({ id, ...answer })
  call(...args).then(
    (value) => reply({ value }),
    (error: unknown) => reply({ error: error instanceof Error ? error.message : String(error) }),
  )
})
// Whoever started it is gone: nobody needs it any more.
process.on('disconnect', () => {
  const end = () => process.exit()
  sandbox?.close().then(end, end)
})
