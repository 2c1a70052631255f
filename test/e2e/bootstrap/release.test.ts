import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { plainly, startBootstrap } from '../support/bootstrap/bootstrap.ts'
import { writeKubeconfig } from '../support/bootstrap/cluster.ts'
import { viewRelease } from '../support/bootstrap/release.ts'
import { helm } from '../support/tools.ts'

const b = await startBootstrap()
afterAll(() => b?.close())

describe.skipIf(b === undefined)('An existing release', () => {
  if (b === undefined) return
  const { world, cluster, chart } = b
  const args = plainly(b)
  const job = 'ma-installer'
  const kubernetes = () => world.sandbox.kubernetes(cluster)
  const release = viewRelease(b)
  beforeEach(async () => {
    kubernetes().passJob('*')
    await release.uninstall()
  })

  it('with the same chart and values is left unchanged', async () => {
    expect((await b.run(args)).code).toBe(0)
    const again = await b.run(args)
    expect(again.code).toBe(0)
    expect(again.stdout).toMatch(/= Installation .*is up to date/)
  })

  it('whose values helm reads differently is still left unchanged', async () => {
    const odd =
      'extra: { mode: 0644, on: yes, text: "on", no: n, at: 12:30, day: 2026-11-26, big: 1_000 }\n'
    const values = await world.write('odd.yaml', odd)
    expect((await b.run([...args, '--helm-values', values])).code).toBe(0)
    const again = await b.run([...args, '--helm-values', values])
    expect(again.stdout).toContain('Nothing to do')
    expect((await release.values()).extra).toStrictEqual({
      mode: 420,
      true: true,
      text: 'on',
      false: false,
      at: '12:30',
      day: '2026-11-26',
      big: 1000,
    })
  })

  it('with other values stops the run, shows them, and is upgraded on request', async () => {
    await b.run(args)
    const values = await world.write(
      'more.yaml',
      'installer: { timeout: 301 }\nadminPassword: hidden\n',
    )
    const stopped = await b.run([...args, '--helm-values', values])
    expect(stopped.code).toBe(3)
    expect(stopped.stderr).toContain('installer.timeout: not set → 301')
    expect(stopped.stderr).toContain('adminPassword: differs')
    expect(stopped.stderr).not.toContain('hidden')
    expect(stopped.stderr).toContain('rerun with --upgrade')
    const upgraded = await b.run([...args, '--helm-values', values, '--upgrade'])
    expect(upgraded.code).toBe(0)
    expect(upgraded.stderr).toContain('installer.timeout: not set → 301')
    expect(upgraded.stdout).toMatch(/✔ Installation .*upgraded/)
    const back = await b.run([...args, '--upgrade'])
    expect(back.stderr).toContain('installer.timeout: 301 → not set')
    expect(back.code).toBe(0)
  })

  it('that another tool installed does not count as the same', async () => {
    await release.helm('install', 'ma', chart, '--create-namespace')
    const stopped = await b.run(args)
    expect(stopped.stderr).toContain('is already installed with a different chart or values')
    expect(stopped.stderr).toContain('its content may differ from sha256:')
    expect(stopped.code).toBe(3)
  })

  it('whose installer fails shows its pods, logs and events, and continues with --upgrade', async () => {
    kubernetes().failJob(job, 'installation of chart kyverno failed: no such host')
    const failed = await b.run(args)
    expect(failed.code).toBe(1)
    expect(failed.stderr).toMatch(/pod ma-installer-\w+: Failed/)
    expect(failed.stderr).toContain('installation of chart kyverno failed: no such host')
    expect(failed.stderr).toMatch(/event: Job\/ma-installer BackoffLimitExceeded/)
    expect(failed.stderr).toMatch(/✘ Installation[\s\S]*– Dashboards +not run/)
    expect(failed.stderr).toMatch(/To continue[\s\S]*--upgrade\n/)
    const again = await b.run(args)
    expect(again.stderr).toMatch(/release "ma" .* has failed: /)
    expect(again.stderr).toMatch(/✘ Cluster /)
    kubernetes().passJob(job)
    const mended = await b.run([...args, '--upgrade'])
    expect(mended.code).toBe(0)
    expect(await release.status()).toBe('deployed')
  })

  it('that hangs ends at --helm-timeout, with the state of its pods', async () => {
    kubernetes().hangJob(job, 'waiting for cert-manager')
    const failed = await b.run([...args, '--helm-timeout', '30'])
    expect(failed.code).toBe(1)
    expect(failed.stderr).toMatch(/… pods: .*\d Running/)
    // It does not fail: it runs and runs, and its log says why.
    expect(failed.stderr).toMatch(/log of ma-installer-\w+\/\w+:\s+! +waiting for cert-manager/)
    expect(failed.stderr).toMatch(/could not install release .*not ready/)
  })

  it('that was interrupted during its installation can be finished', async () => {
    kubernetes().hangJob(job)
    const running = b.start(args)
    await running.saw(/\] Installation/)
    await new Promise((settle) => setTimeout(settle, 2_500))
    running.kill('SIGINT')
    const stopped = await running.result
    expect(stopped.code).toBe(130)
    expect(stopped.stderr).toContain('helm was interrupted while installing release "ma"')
    kubernetes().passJob(job)
    expect(await release.status()).toBe('failed')
    expect((await b.run([...args, '--upgrade'])).code).toBe(0)
  })

  it('that was killed during its installation is pending, and the run prints how to clean up', async () => {
    kubernetes().hangJob(job)
    const place = ['--kubeconfig', await writeKubeconfig(world, cluster), '--namespace', 'ma']
    const timeout = ['timeout', '-s', 'KILL', '2', helm]
    await world.tool('env', ...timeout, 'install', 'ma', chart, '--create-namespace', ...place)
    expect(await release.status()).toBe('pending-install')
    for (const flags of [[], ['--upgrade'], ['--push-all-images-to-private-ecr']]) {
      world.sandbox.resetCounters()
      const refused = await b.run([...args, ...flags])
      // Before anything is copied.
      expect(world.sandbox.counters()[world.registry]).toBeUndefined()
      expect(refused.stderr).toMatch(/✘ Cluster /)
      expect(refused.stderr).not.toContain('--upgrade\n')
      expect(refused.code).toBe(3)
      expect(refused.stderr).toContain('is being installed, or its installation was interrupted')
      expect(refused.stderr).toContain('helm uninstall ma --namespace ma')
    }
  })

  it('in another namespace is another release', async () => {
    await b.run(args)
    const other = await b.run([...args, '--namespace', 'second'])
    expect(other.code).toBe(0)
    expect(other.stdout).toMatch(/✔ Installation .*release "second" installed/)
  })
})
