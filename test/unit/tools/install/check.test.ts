import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startServer } from '../../support/servers/local-server.ts'
import { startScript, writeScript } from '../../support/run-script.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'
import { addProgram, listFiles, makeArchive, makePins } from '../../support/tool-world.ts'

const entry = 'scripts/install-tools.ts'

/** A machine on which both tools are in the cache, and nothing else is to be had. */
function makeCache(): NodeJS.ProcessEnv {
  const cache = makeTempFolder()
  const platform = `${process.platform}-${process.arch}`
  addProgram(join(cache, 'tools/crane/v0.21.9', platform), 'crane')
  addProgram(join(cache, 'tools/helm/v4.2.4', platform), 'helm')
  return { PATH: '/usr/bin:/bin', ECR_AIRLIFT_CACHE: cache }
}

describe('install-tools', () => {
  it.each(['', '--check'])('prints one line for each tool (%s)', async (flag) => {
    const args = flag === '' ? [] : [flag]
    const { code, stdout, stderr } = await startScript(entry, args, makeCache()).result
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(
      /^crane v0\.21\.9 \/.*\/crane \(cache\)\nhelm v4\.2\.4 \/.*\/helm \(cache\)\n$/,
    )
  })

  it('prints JSON on request', async () => {
    const { stdout } = await startScript(entry, ['--output', 'json'], makeCache()).result
    expect(JSON.parse(stdout)).toMatchObject({
      tools: [
        { name: 'crane', version: 'v0.21.9', origin: 'cache' },
        { name: 'helm', version: 'v4.2.4', origin: 'cache' },
      ],
    })
  })

  it('only looks with --check, and exits 1 for what is missing', async () => {
    const cache = makeTempFolder()
    const env = { PATH: '/usr/bin:/bin', ECR_AIRLIFT_CACHE: cache }
    const { code, stdout, stderr } = await startScript(entry, ['--check'], env).result
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/error: crane is not on PATH\n(.*\n)?error: helm is not on PATH/)
    expect(listFiles(cache)).toEqual([])
  })
})

describe('two processes that install at once', () => {
  it('download once between them', async () => {
    const { bytes, sha256 } = await makeArchive('v1.2.3')
    const { url, requests } = await startServer(
      (_, to) => void setTimeout(() => to.end(bytes), 1000),
    )
    const script = writeScript(`
      import { run } from '@/tools/process/exec.ts'
      import { prepareTool } from '@/tools/install/install.ts'
      const pins = ${JSON.stringify(makePins(url, sha256))}
      const result = await prepareTool('crane', { env: process.env, run, pins, platform: 'test-x64' })
      console.log(result.ok ? result.value.origin : result.problem.message)
    `)
    const env = { PATH: '/usr/bin:/bin', ECR_AIRLIFT_CACHE: makeTempFolder() }
    const both = await Promise.all([1, 2].map(() => startScript(script, [], env).result))
    expect(both.map(({ stdout }) => stdout).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'cache\n',
      'download\n',
    ])
    expect(requests).toHaveLength(1)
  })
})
