import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCredentials } from './aws/credentials.ts'
import { placeOf } from './aws/partition.ts'
import { createTokenBook } from './aws/tokens.ts'
import { createImageFactory } from './content/image.ts'
import { createContentStore } from './content/store.ts'
import type { EcrState } from './ecr/state.ts'
import { environmentOf } from './environment.ts'
import { createHosts } from './hosts.ts'
import { createInspection } from './inspection.ts'
import { createAuthority } from './net/authority.ts'
import { createBucket } from './net/bucket.ts'
import { createCounters } from './net/counters.ts'
import { createEdge } from './net/edge.ts'
import { createFaults } from './net/faults.ts'
import { createLines } from './net/pipe.ts'
import type { Service } from './net/call.ts'
import { startProxy } from './net/proxy.ts'
import type { EcrOptions, Sandbox, SandboxOptions } from './options.ts'
import { easilyMissedImages } from './stand-ins.ts'
import { createUpstreamImages } from './upstream/images.ts'
import { createQuota } from './upstream/quota.ts'
import { stockCharts, stockImages } from './stock.ts'

export type { Sandbox, SandboxOptions } from './options.ts'

/**
 * Starts the sandbox: on loopback, in this process, in memory. Clients reach it through its proxy, with the variables
 * of `environment`. None of their requests leave this machine.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const now = options.now ?? Date.now
  const place = placeOf(options.account ?? '123456789012', options.region ?? 'us-east-2')
  const store = createContentStore()
  const images = createUpstreamImages(createImageFactory(store, options.scale, options.baseScale))
  const charts = options.charts ?? []
  const extra = options.chartsDir === undefined ? easilyMissedImages(charts) : []
  stockImages(images, [...options.images, ...extra])
  const chartSites = await stockCharts(images, store, charts, options.chartsDir)

  const state: EcrState = {
    place,
    repositories: new Map(),
    templates: options.ecr?.templates ?? [],
    now,
    ...ecrRules(options.ecr),
  }
  const authority = await createAuthority()
  const credentials = createCredentials()
  const privateTokens = createTokenBook(now)
  const publicTokens = createTokenBook(now)
  let quota = createQuota(options.limits ?? {}, now)
  const hosts = createHosts({
    caller: options.caller ?? place.account,
    store,
    images,
    imageMirrors: options.imageMirrors ?? {},
    chartSites,
    state,
    ecr: options.ecr ?? {},
    credentials,
    privateTokens,
    publicTokens,
    quota: () => quota,
  })

  const room = { place, credentials, certificateAuthority: authority.pem, now }
  const guests = (options.guests ?? []).map((open) => open(room))
  const servicesOf = (host: string) =>
    guests.reduce<readonly Service[] | undefined>((own, guest) => guest(host, own), hosts.get(host))

  const counters = createCounters()
  const faults = createFaults(options.faults)
  const edge = createEdge({
    servicesOf,
    counters,
    faults,
    lineOf: createLines(options.bandwidth),
    ...(options.latency !== undefined && { latency: options.latency }),
  })
  const proxy = await startProxy({
    authority,
    edge,
    knows: (host) => servicesOf(host) !== undefined,
    ...(options.port !== undefined && { port: options.port }),
  })
  const folder = await mkdtemp(join(tmpdir(), 'sandbox-'))
  const caFile = join(folder, 'ca.pem')
  await writeFile(caFile, authority.pem)

  return {
    proxyUrl: proxy.url,
    caFile,
    environment: environmentOf({ proxyUrl: proxy.url, caFile, region: place.region, folder }),
    registryHost: place.registryHost,
    counters: () => counters.snapshot(),
    resetCounters() {
      counters.reset()
      proxy.resetRefused()
    },
    refused: () => proxy.refused(),
    addFault: (rule) => faults.add(rule),
    setCredentials: (credentialState, operations) => credentials.set(credentialState, operations),
    expireTokens() {
      privateTokens.expireAll()
      publicTokens.expireAll()
    },
    setLimits(limits) {
      quota = createQuota(limits, now)
    },
    resetEcr(ecr) {
      state.repositories.clear()
      Object.assign(state, ecrRules(ecr))
    },
    ...createInspection(images, state),
    async close() {
      await proxy.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The settings of an ECR registry that can change while it runs. */
function ecrRules({
  blobMounting = false,
  putImageRate,
  restoreMilliseconds = 0,
}: EcrOptions = {}) {
  const putImages = putImageRate === undefined ? undefined : createBucket(putImageRate)
  return { blobMounting, putImages, restoreMilliseconds }
}
