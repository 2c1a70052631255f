import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createAcquirer } from '../../../../scripts/lib/charts/fetch/acquire.ts'
import { pullVersion } from '../../../../scripts/lib/charts/fetch/pull-oci.ts'
import { newestVersion } from '../../../../scripts/lib/charts/fetch/versions.ts'
import type { Tool } from '../../../../scripts/lib/tools/install/install.ts'
import type { Run } from '../../../../scripts/lib/tools/process/exec.ts'
import { archiveFile, packOf } from '../../support/archives.ts'
import { idleSession } from '../../support/session.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

const chart = { name: 'app', repository: 'oci://host.example/team' }
const isChart = 'application/vnd.cncf.helm.config.v1+json'
const isImage = 'application/vnd.oci.image.config.v1+json'

const crane: Tool = { name: 'crane', version: 'v0.21.9', path: 'crane', origin: 'path' }

/** A registry with these tags, each with the media type of its configuration. */
function sessionWith(tags: Readonly<Record<string, string>>) {
  const run: Run = (command) => {
    const [action] = command.args
    const address = command.args.at(-1) ?? ''
    const type = tags[address.slice(address.lastIndexOf(':') + 1)]
    const isList = action === 'ls'
    if (!isList && type === undefined) expect.unreachable(command.args.join(' '))
    const stdout = isList
      ? Object.keys(tags).join('\n')
      : JSON.stringify({ config: { mediaType: type } })
    return Promise.resolve({ command, ending: 'exited', ok: true, exitCode: 0, stdout, stderr: '' })
  }
  return {
    ...idleSession(makeTempFolder()),
    run,
    crane: () => Promise.resolve(crane),
  }
}

test.each<readonly [string, Readonly<Record<string, string>>, string | undefined]>([
  ['that is a chart', { '1.0.0': isChart, '1.1.0': isChart, '1.2.0': isImage }, '1.1.0'],
  ['that is stable', { '1.0.0': isChart, '1.1.0-rc.1': isChart }, '1.0.0'],
  ['of none', { '1.0.0': isImage, latest: isChart }, undefined],
])(
  'the newest version of a chart in a registry is the newest tag %s',
  async (_, tags, expected) => {
    const session = sessionWith(tags)
    const newest = await newestVersion(chart, createAcquirer(session), session)
    expect(newest).toEqual({ ok: true, value: expected })
  },
)

test.each([
  ['1.0.0', '1.0.0', true],
  ['1.0.0', 'v1.0.0', true],
  ['1.0.0', '1.0.1', false],
])('tag %s that holds version %s is taken: %s', async (tag, version, ok) => {
  const metadata = `apiVersion: v2\nname: app\nversion: ${version}\n`
  const archive = archiveFile(packOf([{ path: 'app/Chart.yaml', content: metadata }]))
  const folder = makeTempFolder()
  const run: Run = (command) => {
    copyFileSync(archive, join(folder, 'app.tgz'))
    return Promise.resolve({
      command,
      ending: 'exited',
      ok: true,
      exitCode: 0,
      stdout: '',
      stderr: '',
    })
  }
  const session = { ...idleSession(makeTempFolder()), run }
  const pulled = await pullVersion(session, { ...chart, version: tag }, folder)
  expect(pulled.ok).toBe(ok)
  if (!pulled.ok) expect(pulled.problem.message).toContain(`holds chart app ${version}`)
})
