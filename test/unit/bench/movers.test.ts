import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { loadManifest } from '../../../scripts/lib/sources/manifest/file.ts'
import { writeErrand } from '../../bench/world/errand.ts'
import { measure } from '../../bench/measure.ts'
import { movers } from '../../bench/movers.ts'
import { repositoriesOf, withOneChanged, workOf } from '../../bench/world/work.ts'
import { makeTempFolder } from '../support/temp-folder.ts'

const registry = '123456789012.dkr.ecr.us-east-2.amazonaws.com'
const manifest = await loadManifest()
const signal = new AbortController().signal

/** A folder with programs that write down what they were given; `FAIL` names an argument at which they fail. */
function fakeTools(): { readonly path: string; readonly calls: () => string[] } {
  const folder = makeTempFolder()
  const log = join(folder, 'calls')
  mkdirSync(join(folder, 'bin'))
  writeFileSync(log, '')
  for (const name of ['crane', 'helm', 'skopeo', 'regsync']) {
    const script = `#!/bin/sh\necho "${name} $*" >> '${log}'\ncase "$*" in *"$FAIL"*) exit 1;; esac\n`
    writeFileSync(join(folder, 'bin', name), script, { mode: 0o755 })
  }
  return {
    path: join(folder, 'bin'),
    calls: () => readFileSync(log, 'utf8').trim().split('\n'),
  }
}

test.for(movers.filter(({ kind }) => kind === 'peer'))(
  '$name is given every image and chart, and goes on when one fails',
  async (mover) => {
    const folder = makeTempFolder()
    const errand = await writeErrand(folder, registry, manifest)
    const { path, calls } = fakeTools()
    const PATH = [path, process.env['PATH']].join(delimiter)
    const env = { PATH, REGISTRY: registry, FAIL: 'busybox:1.35' }
    const job = { ...mover.command(errand), env, cwd: folder, log: join(folder, 'log') }
    const { exitCode } = await measure(job, signal)
    const lines = calls()
    expect(lines.filter((line) => line.startsWith('helm pull'))).toHaveLength(11)
    if (mover.name === 'regsync') {
      expect(lines[0]).toMatch(/^regsync once -c .*regsync\.yaml$/)
      return
    }
    expect(exitCode).toBe(1)
    for (const { source, repository, tag } of workOf(manifest).images) {
      const target = `${registry}/${repository}:${tag}`
      expect(lines.some((line) => line.includes(`${source} `) && line.endsWith(target))).toBe(true)
    }
  },
)

test('charts of repositories and of registries are pulled as helm wants them named', async () => {
  const { folder } = await writeErrand(makeTempFolder(), registry, manifest)
  const { path, calls } = fakeTools()
  const PATH = [path, process.env['PATH']].join(delimiter)
  const env = { PATH, REGISTRY: registry, FAIL: 'nothing' }
  const run = (...args: string[]) =>
    execFileSync('bash', [join(folder, 'chart.sh'), ...args], { env })
  run('grafana', '8.15.0', 'https://grafana.github.io/helm-charts')
  run('etcd-operator', '0.4.2', 'oci://ghcr.io/aenix-io/charts')
  expect(calls().map((line) => line.replace(/ (?:-d )?\/\S*/, ''))).toEqual([
    'helm pull grafana --repo https://grafana.github.io/helm-charts --version 8.15.0',
    `helm push oci://${registry}/charts`,
    'helm pull oci://ghcr.io/aenix-io/charts/etcd-operator --version 0.4.2',
    `helm push oci://${registry}/charts`,
  ])
})

test('the changed list differs from the usual one in one tag, and needs no other repository', () => {
  const [usual, changed] = [manifest, withOneChanged(manifest)].map(workOf)
  const tags = usual?.images.filter(({ tag }, index) => tag !== changed?.images[index]?.tag)
  expect(tags).toHaveLength(1)
  expect(changed && repositoriesOf(changed)).toEqual(usual && repositoriesOf(usual))
})

test.runIf(process.platform === 'linux')(
  'a measurement sees a program with its children',
  async () => {
    const folder = makeTempFolder()
    const job = {
      tool: 'bash',
      args: ['-c', 'sleep 0.5 & sleep 0.5 & wait; exit 3'],
      env: { PATH: process.env['PATH'] },
      cwd: folder,
      log: join(folder, 'log'),
    }
    const measured = await measure(job, signal)
    expect(measured).toMatchObject({ exitCode: 3, processes: 3 })
    expect(measured.peakBytes).toBeGreaterThan(1024 * 1024)
  },
)

test('a measurement that is given up ends the program with its children, and says so', async () => {
  const folder = makeTempFolder()
  const giveUp = new AbortController()
  const log = join(folder, 'log')
  const args = ['-c', 'sleep 60 & echo started; wait']
  const job = { tool: 'bash', args, env: { PATH: process.env['PATH'] }, cwd: folder, log }
  const measured = measure(job, giveUp.signal)
  await vi.waitFor(() => expect(readFileSync(log, 'utf8')).toBe('started\n'), { timeout: 10_000 })
  giveUp.abort(new Error('enough'))
  await expect(measured).rejects.toThrow('enough')
})
