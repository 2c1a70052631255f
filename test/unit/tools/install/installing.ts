import type { RequestListener } from 'node:http'
import { type Result } from '../../../../scripts/lib/model/problem.ts'
import { run as realRun } from '../../../../scripts/lib/tools/process/exec.ts'
import { createHttp } from '../../../../scripts/lib/tools/http/http.ts'
import { type Tool, type ToolOptions } from '../../../../scripts/lib/tools/install/install.ts'
import { startServer } from '../../support/servers/local-server.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'
import { makeArchive, makePins } from '../../support/tool-world.ts'

export const version = 'v1.2.3'
export const finished = `tools/crane/${version}/test-x64/crane`

/** A machine with an own PATH and cache, and a server with a release archive. */
export async function makeWorld(settings: { answer?: RequestListener; sha256?: string } = {}) {
  const archive = await makeArchive(version)
  const server = await startServer(settings.answer ?? ((_, to) => to.end(archive.bytes)))
  const cache = makeTempFolder()
  const bin = makeTempFolder()
  const env = { PATH: `${bin}:/usr/bin:/bin`, ECR_AIRLIFT_CACHE: cache }
  const notices: string[] = []
  const url = `${server.url}/crane.tar.gz`
  const options: ToolOptions = {
    env: { ...env, PATH: bin },
    // The archive holds a shell script, which is really run.
    run: realRun,
    http: createHttp({ env: {}, connectDeadline: 500, idleDeadline: 300 }),
    pins: makePins(url, settings.sha256 ?? archive.sha256),
    platform: 'test-x64',
    onNotice: (text) => notices.push(text),
  }
  return { archive, server, cache, bin, url, notices, options }
}

export function messageOf(result: Result<Tool>): string {
  return result.ok ? '' : `${result.problem.message}\n${result.problem.next ?? ''}`
}
