import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ProblemError } from '../../../../scripts/lib/model/problem.ts'
import { prepareTool, prepareTools } from '../../../../scripts/lib/tools/install/install.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'
import { addProgram, fakeRun, listFiles, makeArchive } from '../../support/tool-world.ts'
import { makeWorld, messageOf, version } from './installing.ts'

describe('a build with go', () => {
  const outcomes: [string, object, string][] = [
    [
      'fails',
      { exitCode: 1, stderr: 'go: downloading\ngo: needs go >= 1.26\n' },
      'needs go >= 1.26',
    ],
    ['takes too long', { exitCode: null, ending: 'deadline' }, 'did not end within 15 minutes'],
  ]
  it.each(outcomes)('that %s is among the causes', async (_, answer, words) => {
    const { options, bin, cache } = await makeWorld()
    addProgram(bin, 'go')
    const { run } = fakeRun({ 'go install tools.example.test/helm@v1.2.3': answer })
    const message = messageOf(await prepareTool('helm', { ...options, run }))
    expect(message).toContain('no release archive for test-x64')
    expect(message).toContain(words)
    expect(listFiles(cache)).toEqual([])
  })
})

describe('all tools together', () => {
  it('report what is missing for each', async () => {
    const { options } = await makeWorld({ answer: (_, to) => to.writeHead(404).end() })
    const error = await prepareTools(options).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(ProblemError)
    expect(error).toMatchObject({
      problems: [
        { message: expect.stringMatching(/^cannot install crane/) },
        { message: expect.stringMatching(/^cannot install helm/) },
      ],
    })
  })
})

describe('two installs at once', () => {
  it('download once; the second waits, says so, and finds the first one’s', async () => {
    const archive = await makeArchive(version)
    const { options, server, notices } = await makeWorld({
      sha256: archive.sha256,
      answer: (_, to) => void setTimeout(() => to.end(archive.bytes), 100),
    })
    const results = await Promise.all([1, 2].map(() => prepareTool('crane', options)))
    const origins = results.map((result) => result.ok && result.value.origin)
    expect(origins.map(String).toSorted()).toEqual(['cache', 'download'])
    expect(server.requests).toHaveLength(1)
    expect(notices.join('\n')).toContain('waiting for another process to install')
  })

  it('one that waits can be interrupted', async () => {
    const { options } = await makeWorld({ answer: () => undefined })
    const stopped = new AbortController()
    const first = prepareTool('crane', { ...options, signal: stopped.signal })
    await new Promise((resolve) => setTimeout(resolve, 100))
    const second = await prepareTool('crane', { ...options, signal: AbortSignal.timeout(50) })
    expect(second).toMatchObject({ problem: { kind: 'interrupted' } })
    stopped.abort()
    expect(await first).toMatchObject({ problem: { kind: 'interrupted' } })
  })
})

describe('a cache that cannot be written', () => {
  it('is a problem that names the folder and the variable', async () => {
    const { options } = await makeWorld()
    const file = join(makeTempFolder(), 'file')
    writeFileSync(file, '')
    const env = { ...options.env, ECR_AIRLIFT_CACHE: file }
    const message = messageOf(await prepareTool('crane', { ...options, env }))
    expect(message).toContain(file)
    expect(message).toContain('set ECR_AIRLIFT_CACHE')
  })
})
