import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startBootstrap, version } from '../support/bootstrap/bootstrap.ts'

// What templates decide by the cluster is proven with what the cluster serves, not with what helm assumes without one.
const images = ['workflow-controller', 'argoexec', 'argocli'].map(
  (name) => `quay.io/argoproj/${name}:v3.7.8`,
)
const bootstrap = await startBootstrap({ umbrella: { versions: [version], images } })

describe.skipIf(bootstrap === undefined)('an image that only this cluster renders', () => {
  const run = async (condition: string) => {
    if (bootstrap === undefined) throw new Error('moto is missing')
    await writeFile(
      join(bootstrap.chart, 'templates/hidden.yaml'),
      `{{ if ${condition} }}\napiVersion: v1\nkind: Pod\nmetadata: { name: hidden }\nspec:\n  containers: [{ name: h, image: "quay.io/example/hidden:1" }]\n{{ end }}\n`,
    )
    return bootstrap.run([
      '--skip-cfn-deploy',
      '--push-all-images-to-private-ecr',
      '--skip-console-exec',
      '--ma-chart-dir',
      bootstrap.chart,
    ])
  }

  beforeAll(() => expect(bootstrap).toBeDefined())
  afterAll(() => bootstrap?.close())

  test('by an object in it is named, for no render shows it', { timeout: 180_000 }, async () => {
    const { code, stdout, stderr } = await run('lookup "v1" "Namespace" "" "kube-system"')
    expect(code, stderr).toBe(0)
    expect(stdout + stderr).toContain(
      'output that depends on the cluster (lookup) is not proven: templates/hidden.yaml',
    )
  })

  test.each([
    ['by the name of EKS in its version', 'contains "eks" .Capabilities.KubeVersion.Version'],
    ['by an API that it does not serve', 'not (.Capabilities.APIVersions.Has "policy/v1beta1")'],
    [
      'by an API that helm does not know',
      '.Capabilities.APIVersions.Has "karpenter.sh/v1/NodePool"',
    ],
  ])('%s', { timeout: 180_000 }, async (_, condition) => {
    const { code, stdout, stderr } = await run(condition)
    expect(code, stderr).not.toBe(0)
    expect(stdout + stderr).toMatch(/^✘ (?:Mirror|Proof) .*quay\.io\/(?:v2\/)?example\/hidden\b/m)
    expect(stdout + stderr).toMatch(/^– Installation +not run$/m)
  })
})
