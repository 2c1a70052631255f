import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { dashboardsFolder, umbrellaFolder } from '../charts/umbrella-charts.ts'
import { readTemplate } from './aws-account.ts'
import { packFolder } from '../charts/published.ts'

/** The hosts from which releases of the application are downloaded. */
export const releasePlaces = [
  'api.github.com',
  'github.com/opensearch-project',
  'solutions-reference.s3.amazonaws.com',
] as const

/** A server that simulates these hosts. */
export interface ReleaseSite {
  readonly url: string
  /** By path; a test may change them. */
  readonly files: Map<string, Buffer>
  readonly close: () => Promise<void>
}

const project = '/opensearch-project/opensearch-migrations'
const product = 'migration-assistant-for-amazon-opensearch-service'

/** Publishes a release with the chart, dashboards and templates of the fixtures, as the latest one. */
export async function startReleaseSite(version: string): Promise<ReleaseSite> {
  const files = new Map<string, Buffer>()
  const assets = []
  const dashboards = ['capture-replay-dashboard.json', 'reindex-from-snapshot-dashboard.json']
  const named: [string, Buffer][] = [
    [`migration-assistant-${version}.tgz`, await packFolder(umbrellaFolder)],
    ...(await Promise.all(
      dashboards.map(async (name): Promise<[string, Buffer]> => [
        name,
        await readFile(join(dashboardsFolder, name)),
      ]),
    )),
  ]
  for (const [name, content] of named) {
    const path = `${project}/releases/download/${version}/${name}`
    files.set(path, content)
    const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`
    assets.push({ name, digest, browser_download_url: `https://github.com${path}` })
  }
  const release = Buffer.from(JSON.stringify({ tag_name: version, assets }))
  files.set(`/repos${project}/releases/latest`, release)
  files.set(`/repos${project}/releases/tags/${version}`, release)
  for (const kind of ['create-vpc', 'import-vpc'] as const) {
    const path = `/${product}/${version}/${product}-${kind}-eks.template`
    files.set(path, Buffer.from(await readTemplate(kind)))
  }
  const server = createServer((request, response) => {
    const content = files.get(request.url ?? '')
    if (content === undefined) response.writeHead(404).end('not found')
    else response.writeHead(200, { 'content-length': content.length }).end(content)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return {
    url: `http://127.0.0.1:${port}`,
    files,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
