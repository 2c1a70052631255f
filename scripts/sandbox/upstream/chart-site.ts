import { digestOf } from '../content/seed.ts'
import { type Reply, type Service, text } from '../net/call.ts'
import type { ChartArchive } from './chart-archive.ts'
import { fileNameOf, writeIndex } from './chart-index.ts'
import type { PublishedCharts } from './chart-source.ts'

interface Page {
  readonly operation: 'chartIndex' | 'chartArchive' | 'chartRedirect'
  readonly reply: Reply
}

/** Pages by host and path. */
type Site = Map<string, Map<string, Page>>

const assetHost = 'release-assets.githubusercontent.com'

/** Serves HTTP chart repositories, each on its own host, and the hosts that store their archives. */
export function createChartSites(published: readonly PublishedCharts[]): Map<string, Service> {
  const site: Site = new Map()
  for (const { repository, archives } of published) {
    const base = new URL(`${repository}/`)
    const releases = releasesOf(base)
    const urlOf = (archive: ChartArchive): string =>
      releases === undefined ? fileNameOf(archive) : `${releases}/${releasePath(archive)}`
    addPage(site, new URL('index.yaml', base), {
      operation: 'chartIndex',
      reply: text(200, writeIndex(archives, urlOf), { 'content-type': 'text/yaml' }),
    })
    for (const archive of archives) addArchive(site, new URL(urlOf(archive), base), archive)
  }
  return new Map([...site].map(([host, pages]) => [host, servePages(pages)]))
}

/**
 * The location of a repository's archives, if it is not the index's folder. Projects that publish `helm-charts` on
 * GitHub Pages attach the archives to releases; the others serve them next to the index.
 */
export function releasesOf(base: URL): string | undefined {
  const owner = /^(.+)\.github\.io$/.exec(base.host)?.[1]
  const project = base.pathname.split('/')[1] ?? ''
  return owner !== undefined && /helm/.test(project)
    ? `https://github.com/${owner}/${project}/releases/download`
    : undefined
}

function releasePath(archive: ChartArchive): string {
  return `${archive.name}-${archive.version}/${fileNameOf(archive)}`
}

function addArchive(site: Site, url: URL, archive: ChartArchive): void {
  const content: Page = {
    operation: 'chartArchive',
    reply: {
      status: 200,
      headers: { 'content-type': 'application/octet-stream' },
      body: archive.bytes,
    },
  }
  if (url.host !== 'github.com') return addPage(site, url, content)
  const asset = new URL(
    `https://${assetHost}/github-production-release-asset/${digestOf(archive.bytes).slice(7, 43)}`,
  )
  addPage(site, asset, content)
  addPage(site, url, {
    operation: 'chartRedirect',
    reply: { status: 302, headers: { location: `${asset.href}?sp=r&sig=example` } },
  })
}

function addPage(site: Site, url: URL, page: Page): void {
  const pages = site.get(url.host) ?? new Map<string, Page>()
  pages.set(url.pathname, page)
  site.set(url.host, pages)
}

function servePages(pages: ReadonlyMap<string, Page>): Service {
  return {
    accepts: (call) => pages.has(call.path),
    operation: (call) => ({ name: pages.get(call.path)?.operation ?? 'unknown', write: false }),
    answer: (call) => pages.get(call.path)?.reply ?? text(404, 'Not Found\n'),
    throttled: () => text(429, 'Too many requests\n'),
  }
}
