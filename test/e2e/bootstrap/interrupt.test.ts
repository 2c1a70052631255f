import { afterAll, describe, expect, it } from 'vitest'
import { startBootstrap } from '../support/bootstrap/bootstrap.ts'

const b = await startBootstrap()
afterAll(() => b?.close())

/** The steps of this run, each with its place in the count. */
const titles = [
  'Account and region',
  'Release',
  'Deployment settings',
  'Cluster',
  'Node pool',
  'VPC endpoints',
  'Mirror',
  'Values',
  'Proof',
  'Installation',
  'Dashboards',
  'Console',
]

describe.skipIf(b === undefined)('A run that is interrupted', () => {
  if (b === undefined) return
  const { world, chart } = b
  const args = [
    '--skip-cfn-deploy',
    '--push-all-images-to-private-ecr',
    '--ma-chart-dir',
    chart,
    '--skip-console-exec',
  ]

  // Slow answers make every step long enough to be met.
  const slow = () => world.sandbox.addFault({ effect: { latency: 150 } })

  it.each(titles)(
    'in step "%s" says what is done and what is not, and how to go on',
    async (title) => {
      const restore = slow()
      const running = b.start([...args, '--upgrade'])
      const number = titles.indexOf(title) + 1
      await running.saw(new RegExp(`\\[ ?${number}/12\\] ${title}`))
      running.kill('SIGINT')
      const { code, stderr } = await running.result
      restore()
      // What was nearly done when the signal came may have ended well.
      expect([0, 130]).toContain(code)
      if (code === 0) return
      for (const [index, one] of titles.entries()) {
        if (index + 1 < number) expect(stderr).toMatch(new RegExp(`[✔=] ${one} `))
        if (index > number) expect(stderr).toMatch(new RegExp(`– ${one} +not run`))
      }
      expect(stderr).toContain('To continue, rerun it; completed steps are not repeated:')
      expect(stderr).not.toContain('this is a bug')
      expect(await world.leftovers()).toStrictEqual([])
    },
  )

  it('is finished by the next one, and the one after that changes nothing', async () => {
    const finished = await b.run([...args, '--upgrade'])
    expect(finished.stderr).not.toContain('error')
    expect(finished.code).toBe(0)
    const again = await b.run(args)
    expect(again.stdout).toContain('Nothing to do')
  })

  it('by a second signal ends immediately', async () => {
    const restore = slow()
    const running = b.start(args)
    await running.saw(/\[ 7\/12\]/)
    running.kill('SIGINT')
    await new Promise((settle) => setTimeout(settle, 200))
    running.kill('SIGINT')
    // Node no longer handles signals while it exits; a shell reports 130 for either.
    expect([130, null]).toContain((await running.result).code)
    restore()
  })

  it('by SIGKILL leaves credentials that the next run removes', async () => {
    const restore = slow()
    const running = b.start(args)
    await running.saw(/\[ 6\/12\]/)
    running.kill('SIGKILL')
    await running.result
    restore()
    expect((await world.leftovers()).length).toBeGreaterThan(0)
    expect((await b.run(args)).code).toBe(0)
    expect(await world.leftovers()).toStrictEqual([])
  })
})
