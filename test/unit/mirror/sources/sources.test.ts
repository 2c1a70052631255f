import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { create } from 'tar'
import { describe, expect, it } from 'vitest'
import type { ChartStep } from '../../../../scripts/lib/mirror/plan/plan.ts'
import { openSources } from '../../../../scripts/lib/mirror/sources/sources.ts'
import type { OpenRun } from '../../../../scripts/lib/mirror/session/doors.ts'
import { failure, success } from '../../../../scripts/lib/model/problem.ts'
import type { Http } from '../../../../scripts/lib/tools/http/types.ts'
import { createGates } from '../../../../scripts/lib/tools/pacing/gate.ts'
import { passingClock } from '../../tools/pacing/passing-clock.ts'
import { fakeEcr, refuse, refusingRegistries, requestFor } from '../fakes.ts'
import { surroundingsOf } from '../../support/surroundings.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

const { signal } = new AbortController()

/** Packs a chart that says of itself what it is told to. */
async function packChart(version: string): Promise<{ file: string; digest: string }> {
  const folder = makeTempFolder()
  mkdirSync(join(folder, 'app'))
  writeFileSync(join(folder, 'app/Chart.yaml'), `name: app\nversion: ${version}\n`)
  const file = join(folder, 'app.tgz')
  await create({ file, gzip: true, cwd: folder }, ['app'])
  return { file, digest: `sha256:${createHash('sha256').update(readFileSync(file)).digest('hex')}` }
}

/** Gives an archive for the one address that is expected, and says that there is no provenance. */
function serve(archive: string): Http['download'] {
  return async (url, file, options) => {
    expect(options?.namedBy).toBe('https://x.io/')
    if (url === 'https://x.io/app-1.0.0.tgz.prov') {
      return failure({ kind: 'not-found', side: 'source', message: 'no provenance' })
    }
    expect(url).toBe('https://x.io/app-1.0.0.tgz')
    copyFileSync(archive, file)
    return success({ sha256: '', bytes: 0 })
  }
}

function runWith(index: string, download: Http['download']): OpenRun {
  return {
    request: requestFor(),
    doors: {
      run: refuse,
      clock: passingClock(),
      http: {
        get: async (url) => {
          if (url !== 'https://x.io/index.yaml') throw new Error(`unexpected request for ${url}`)
          return { ok: true, value: { status: 200, headers: {}, body: Buffer.from(index), url } }
        },
        call: refuse,
        download,
      },
      ecr: fakeEcr(),
      logins: { current: async () => success(1), expire: refuse },
      workFolder: makeTempFolder(),
      surroundings: { crane: surroundingsOf({}), helm: surroundingsOf({}) },
      crane: '/bin/crane',
      helm: '/bin/helm',
      registries: refusingRegistries,
      gate: createGates(() => ({ concurrency: 1, interval: 0 }), signal),
      signal,
      notify: () => undefined,
      backoff: { attempts: 1, first: 1, longest: 1 },
    },
    state: { began: 0, contents: new Map(), pulls: {} },
  }
}

function stepWith(action: ChartStep['action']): ChartStep {
  return {
    kind: 'chart',
    name: 'chart app 1.0.0',
    chart: { name: 'app', version: '1.0.0', repository: 'https://x.io' },
    host: 'x.io',
    place: { repository: 'charts/app', tag: '1.0.0' },
    repository: 'charts/app',
    destination: 'r/charts/app:1.0.0',
    action,
    reason: '',
    immutable: false,
  }
}

const index = 'entries: { app: [{ version: 1.0.0, urls: [app-1.0.0.tgz] }] }'

describe('a chart of an index that gives no digest', () => {
  it('is pulled to be compared, and leaves nothing behind', async () => {
    const { file, digest } = await packChart('1.0.0')
    const run = runWith(index, serve(file))
    expect(await openSources(run).resolve(stepWith('compare'))).toMatchObject({
      value: { digest },
    })
    expect(readdirSync(run.doors.workFolder)).toEqual([])
  })

  it('is not pulled when there is nothing to compare it with', async () => {
    const download = async () => {
      throw new Error('unexpected download')
    }
    const resolved = await openSources(runWith(index, download)).resolve(stepWith('copy'))
    expect(resolved).toEqual({
      ok: true,
      value: { entry: { version: '1.0.0', url: 'https://x.io/app-1.0.0.tgz' } },
    })
  })

  it('is refused when its Chart.yaml says something else', async () => {
    const { file } = await packChart('2.0.0')
    const run = runWith(index, serve(file))
    const resolved = await openSources(run).resolve(stepWith('compare'))
    expect('problem' in resolved && resolved.problem.message).toContain(
      'is app 2.0.0 according to its Chart.yaml',
    )
  })
})
