import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { startBootstrap, version } from '../support/bootstrap/bootstrap.ts'
import { viewRelease } from '../support/bootstrap/release.ts'
import { publishedImages } from '../support/charts/umbrella-charts.ts'

const own = 'quay.io/example/my-proxy:7'
const b = await startBootstrap({ umbrella: { versions: [version], images: [own] } })
afterAll(() => b?.close())

describe.skipIf(b === undefined)('Values of the installation', () => {
  if (b === undefined) return
  const { world, cluster, chart } = b
  const { registry, sandbox } = world
  const skip = ['--skip-cfn-deploy', '--skip-console-exec', '--ma-chart-dir', chart]
  const push = [...skip, '--push-all-images-to-private-ecr']
  const release = viewRelease(b)
  beforeEach(release.uninstall)

  it('without a mirror point to the published images, and include the settings of the run', async () => {
    const done = await b.run([...skip, '--ignore-checks'])
    expect(done.code).toBe(0)
    const values = await release.values()
    expect(values).toMatchObject({
      stageName: 'dev',
      aws: { region: 'us-east-2', account: registry.slice(0, 12), configureAwsEksResources: true },
      defaultBucketConfiguration: {
        snapshotRoleArn: `arn:aws:iam::${registry.slice(0, 12)}:role/snapshot-dev`,
      },
    })
    expect(await release.images()).toContain(publishedImages(version).migrationConsole)
  })

  it('a leaf that the user set is not overridden by a default, and its image is mirrored', async () => {
    const file = await world.write(
      'mine.yaml',
      "images: { captureProxy: { repository: quay.io/example/my-proxy, tag: '7' } }\n",
    )
    const done = await b.run([...push, '--helm-values', file])
    expect(done.code).toBe(0)
    const values = await release.values()
    expect(values.images['captureProxy']).toStrictEqual({
      repository: `${registry}/mirrored/quay.io/example/my-proxy`,
      tag: '7',
    })
    expect(values.images['trafficReplayer']?.tag).toBe(version)
    expect(sandbox.ecrImages('mirrored/quay.io/example/my-proxy')?.tags).toHaveProperty('7')
  })

  it('generated earlier and passed with --helm-values stay in effect: mirror, generate, bootstrap', async () => {
    await b.run(push)
    const state = await world.folderOf('state')
    const folder = join(state, 'bootstrap', `${registry.slice(0, 12)}_us-east-2_dev_ma`)
    const generated = await world.script('generate-private-ecr-values.ts', [
      registry,
      '--allow-unproven',
      '--manifest',
      join(folder, 'private-ecr-manifest.ts'),
    ])
    const file = await world.write('ecr-values.yaml', generated.stdout)
    await release.uninstall()
    // The subnets are isolated, and all images private.
    const done = await b.run([...skip, '--helm-values', file])
    expect(done.code).toBe(0)
    const values = await release.values()
    expect(values.images['migrationConsole']?.repository).toBe(
      `${registry}/mirrored/public.ecr.aws/opensearchproject/opensearch-migrations-console`,
    )
    expect(values.charts['kyverno']?.repository).toBe(`oci://${registry}/charts/kyverno`)
    // Without its own values it would pull public ones.
    const refused = await b.run(skip)
    expect(refused.stderr).toContain('public.ecr.aws has no VPC endpoint')
    expect(refused.code).toBe(2)
    // Together with the mirror they are read from their publishers all the same.
    await release.uninstall()
    const both = await b.run([...push, '--helm-values', file])
    expect(both.code).toBe(0)
    expect((await release.values()).charts['kyverno']?.repository).toBe(
      `oci://${registry}/charts/kyverno`,
    )
  })

  it('a committed manifest generated from the umbrella is used unchanged', async () => {
    const state = await world.folderOf('state')
    const folder = join(state, 'bootstrap', `${registry.slice(0, 12)}_us-east-2_dev_ma`)
    const first = await b.run([...push, '--state-dir', state])
    expect(first.code).toBe(0)
    const manifest = join(await world.folderOf('committed'), 'manifest.ts')
    const made = await world.script('regenerate-manifest.ts', [
      '--from',
      chart,
      '--values',
      join(folder, 'manifest-values.yaml'),
      '--kube-version',
      '1.33.0',
      '--manifest',
      manifest,
    ])
    // It names what no value reaches.
    expect(made.code).toBe(1)
    const text = await readFile(manifest, 'utf8')
    expect(text).toBe(await readFile(join(folder, 'private-ecr-manifest.ts'), 'utf8'))
    await rm(join(folder, 'private-ecr-manifest.ts'))
    const second = await b.run([...push, '--manifest', manifest])
    expect(second.stderr).not.toContain('was not generated from')
    expect(second.stdout).toContain('Nothing to do')
  })

  it('charts are rendered for the Kubernetes of the cluster', async () => {
    const file = join(chart, 'Chart.yaml')
    const text = await readFile(file, 'utf8')
    await writeFile(file, `${text}kubeVersion: '>=1.33.0-0'\n`)
    expect((await b.run(push)).code).toBe(0)
    await writeFile(file, `${text}kubeVersion: '>=1.99.0-0'\n`)
    const refused = await b.run(push)
    await writeFile(file, text)
    expect(refused.stderr).toMatch(/requires kubeVersion: >=1\.99\.0-0/)
    expect(refused.stderr).toMatch(/– Installation +not run/)
  })

  it('an image that another tool mirrored also counts', async () => {
    const image = `${registry}/own/proxy`
    const file = await world.write(
      'built.yaml',
      `images: { captureProxy: { repository: ${image}, tag: built } }\n`,
    )
    const missing = await b.run([...push, '--helm-values', file])
    expect(missing.code).toBe(3)
    expect(missing.stderr).toContain(`"${image}:built"`)
    expect(missing.stderr).toContain('not found in the registry')
    sandbox.putEcrImage('own/proxy', 'built', own)
    const done = await b.run([...push, '--helm-values', file])
    expect(done.code).toBe(0)
    expect(sandbox.ecrRepositories().filter((name) => name.includes('dkr.ecr'))).toStrictEqual([])
  })

  it('helm is not called after a failed proof, unless that is allowed', async () => {
    const template = join(chart, 'templates/resources/composed.yaml')
    // Composed in the template: neither a value nor a rewrite reaches it.
    const composed = 'image: {{ printf "%s/%s" "quay.io" "example/my-proxy:7" }}'
    await writeFile(
      template,
      `apiVersion: v1\nkind: Pod\nmetadata: { name: composed }\nspec:\n  containers:\n    - name: it\n      ${composed}\n`,
    )
    const failed = await b.run(push)
    expect(failed.code).toBe(3)
    expect(failed.stderr).toContain(`"${own}" at Pod/composed`)
    expect(failed.stderr).toContain('points to a public registry')
    expect(failed.stderr).toMatch(/✘ Proof[\s\S]*– Installation +not run/)
    expect(
      sandbox
        .kubernetes(cluster)
        .objects('Pod')
        .some(({ metadata }) => metadata.name === 'composed'),
    ).toBe(false)
    const allowed = await b.run([...push, '--allow-unproven'])
    expect(allowed.code).toBe(0)
    expect(allowed.stderr).toContain(`! migration-assistant (umbrella): "${own}"`)
    await rm(template)
  })

  it.each([
    ['--source-mirror nonsense', /source mirror "nonsense"/],
    ['--repo-tag x', /invalid --repo-tag "x"/],
    ['--repo-lifecycle-policy none.json', /"none\.json" cannot be read/],
    ['--prefix Upper', /prefix "Upper" is not valid in ECR/],
  ])('%s is refused before anything is asked', async (flags, message) => {
    sandbox.resetCounters()
    const refused = await b.run([...push, ...flags.split(' ')])
    expect(refused.code).toBe(2)
    expect(refused.stderr).toMatch(message)
    expect(sandbox.counters()).toStrictEqual({})
  })

  it.each([
    [
      'a missing file',
      'none.yaml',
      undefined,
      /values file .*none\.yaml" cannot be read: it does not exist/,
    ],
    ['a file that is no YAML', 'odd.yaml', 'a: [1,\nb: 2\n', /odd\.yaml:\d+:\d+/],
    ['a file that is no mapping', 'list.yaml', '- 1\n', /values must be a mapping/],
  ])('%s is refused before anything is asked', async (_, name, text, message) => {
    sandbox.resetCounters()
    const file = text === undefined ? name : await world.write(name, text)
    const refused = await b.run([...push, '--helm-values', file])
    expect(refused.code).toBe(2)
    expect(refused.stderr).toMatch(message)
    expect(sandbox.counters()).toStrictEqual({})
  })
})
