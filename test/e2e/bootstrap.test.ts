import { expect, it } from 'vitest'
import { startBootstrap } from './support/bootstrap.ts'

it('try', async () => {
  const b = await startBootstrap()
  if (!b) return
  try {
    const r = await b.run([
      '--skip-cfn-deploy',
      '--push-all-images-to-private-ecr',
      '--ma-chart-dir',
      b.chart,
      '--verbose',
    ])
    console.log(r.stderr, r.stdout, r.code)
    console.log(b.world.sandbox.refused())
    const r2 = await b.run([
      '--skip-cfn-deploy',
      '--push-all-images-to-private-ecr',
      '--ma-chart-dir',
      b.chart,
    ])
    console.log(r2.stderr, r2.stdout, r2.code)
    expect(1).toBe(1)
  } finally {
    await b.close()
  }
})
