import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { startBootstrap, version } from '../support/bootstrap/bootstrap.ts'
import { logIn } from '../support/bootstrap/login.ts'
import { viewRelease } from '../support/bootstrap/release.ts'
import { imagesIn, pullWithHelm } from '../support/charts/render.ts'
import { crane, helm } from '../support/tools.ts'
import { publishedImages, umbrellaCharts } from '../support/charts/umbrella-charts.ts'

const older = ['workflow-controller', 'argoexec', 'argocli'].map(
  (name) => `quay.io/argoproj/${name}:v3.7.8`,
)
const b = await startBootstrap({ umbrella: { versions: [version], images: older } })
afterAll(() => b?.close())

const line = ['--skip-cfn-deploy', '--push-all-images-to-private-ecr', '--skip-console-exec']

describe.skipIf(b === undefined)(
  'An isolated cluster, everything from the private registry',
  () => {
    if (b === undefined) return
    const { world, chart } = b
    const { sandbox, registry } = world
    const release = viewRelease(b)
    const args = [...line, '--ma-chart-dir', chart]

    it('is installed from scratch with one command, step by step as planned', async () => {
      const plan = await b.run([...args, '--plan', '--output', 'json'])
      const done = await b.run([...args, '--output', 'json'])
      expect(done.stderr).not.toContain('error')
      expect(done.code).toBe(0)
      const planned = JSON.parse(plan.stdout).steps.map(({ id }: { id: string }) => id)
      const { steps, deployment, release: installed } = JSON.parse(done.stdout)
      expect(steps.map(({ id }: { id: string }) => id)).toStrictEqual(planned)
      expect(new Set(steps.map(({ status }: { status: string }) => status))).toStrictEqual(
        new Set(['done', 'unchanged']),
      )
      expect(deployment).toMatchObject({ stage: 'dev', region: 'us-east-2', cluster: b.cluster })
      expect(installed).toBe(version)
      // Why it renders anew, and what that changes.
      expect(done.stderr).toContain('was not generated from chart migration-assistant 0.1.0')
      expect(done.stderr).toContain('differences from "manifests/private-ecr-manifest.ts"')
      expect(done.stderr).toMatch(/\+ image .*opensearch-migrations-console:2\.6\.4/)
      expect(sandbox.refused()).toStrictEqual([])
    })

    it('none of the user’s files are changed, and nothing is left behind', async () => {
      const names = await readdir(world.home, { recursive: true })
      expect(names.filter((name) => /kube|docker|helm|aws/.test(name))).toStrictEqual([])
      expect(await world.leftovers()).toStrictEqual([])
    })

    it('helm’s input points only to the private registry', async () => {
      const rendered = await release.rendered()
      const images = imagesIn(rendered).filter((image) => !image.startsWith(`${registry}/charts/`))
      expect(images.filter((image) => !image.startsWith(`${registry}/mirrored/`))).toStrictEqual([])
      expect(images).toContain(`${registry}/mirrored/${publishedImages(version).migrationConsole}`)
      // The one that no value reaches.
      expect(images).toContain(
        `${registry}/mirrored/public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3`,
      )
      const pods = sandbox.kubernetes(b.cluster).images()
      expect(pods.filter((image) => !image.startsWith(`${registry}/`))).toStrictEqual([])
    })

    it('every image in it is present, with the digest of its source', async () => {
      await logIn(world)
      const rendered = await release.rendered()
      const images = imagesIn(rendered).filter((image) => image.startsWith(`${registry}/mirrored/`))
      expect(images.length).toBeGreaterThan(5)
      for (const image of images) {
        const asked = await world.tool(crane, 'digest', image)
        expect(asked.stdout.trim(), image).toBe(
          sandbox.upstreamDigest(image.slice(`${registry}/mirrored/`.length)),
        )
      }
    })

    it('its charts, pulled from there and rendered with their values, point nowhere else', async () => {
      const { charts } = await release.values()
      const found = new Set<string>()
      for (const name of Object.keys(umbrellaCharts)) {
        const { repository = '', version: own, values } = charts[name] ?? {}
        expect(repository).toBe(`oci://${registry}/charts/${name}`)
        const source = parse(await readFile(join(chart, 'values.yaml'), 'utf8')).charts[name]
        const pulled = await pullWithHelm(world, { oci: repository }, own ?? source.version)
        const file = await world.write(`${name}.json`, JSON.stringify(values))
        const base = await world.write(`${name}-base.json`, JSON.stringify(source.values))
        const flags = ['--include-crds', '--kube-version', '1.31.0', '-f', base, '-f', file]
        const rendered = await world.tool(helm, 'template', name, pulled.file, ...flags)
        expect(rendered.stderr).not.toContain('Error')
        for (const image of imagesIn(rendered.stdout)) found.add(image)
      }
      expect(
        [...found].filter((image) => !image.startsWith(`${registry}/mirrored/`)),
      ).toStrictEqual([])
      const sources = Object.values(umbrellaCharts).flatMap(({ images }) => images)
      expect([...found].toSorted()).toStrictEqual(
        [...new Set(sources)].map((image) => `${registry}/mirrored/${image}`).toSorted(),
      )
    })

    it('a chart that values cannot make private is present as a copy that names its source', async () => {
      const oci = `oci://${registry}/charts/fluent-bit`
      const pulled = await pullWithHelm(world, { oci }, '0.49.0')
      const shown = await world.tool(helm, 'show', 'chart', pulled.file)
      expect(JSON.stringify(parse(shown.stdout).annotations)).toMatch(
        /templates\/daemonset\.yaml.*sha256:[0-9a-f]{64}/,
      )
    })

    it('a second run changes nothing and reports it', async () => {
      sandbox.resetCounters()
      const again = await b.run(args)
      expect(again.code).toBe(0)
      expect(again.stdout).toContain('Nothing to do: everything is up to date.')
      expect(again.stdout).toMatch(/= Installation +\S+ s +release "ma".* is up to date/)
      const written = Object.entries(sandbox.counters()).filter(([, { writes }]) => writes > 0)
      expect(written.map(([host]) => host)).toStrictEqual([])
      // AWS and the name of the release; no registry, no index of charts.
      const asked = Object.keys(sandbox.counters()).filter(
        (host) => !host.endsWith('amazonaws.com'),
      )
      expect(asked).toStrictEqual(['api.github.com'])
    })

    it('a chart that was bumped in the umbrella is mirrored; the release waits for --upgrade', async () => {
      const file = join(chart, 'values.yaml')
      const text = await readFile(file, 'utf8')
      await writeFile(file, text.replace('tag: 4.0.1', 'tag: 4.0.0'))
      const image = 'cr.fluentbit.io/fluent/fluent-bit:4.0.0'
      const missing = await b.run(args)
      expect(missing.stderr).toContain(image)
      expect(missing.code).not.toBe(0)
      await writeFile(file, text.replace('tag: v3.7.9', 'tag: v3.7.8'))
      const stopped = await b.run(args)
      expect(stopped.stderr).toMatch(/quay\.io\/argoproj\/argocli:v3\.7\.8/)
      expect(stopped.stderr).toMatch(
        /release "ma" .* is already installed with a different chart or values/,
      )
      expect(stopped.stderr).toContain('rerun with --upgrade to upgrade it')
      // To upgrade is for the user to decide, and not what is pasted.
      expect(stopped.stderr).not.toMatch(/To continue[\s\S]*--upgrade\n/)
      expect(stopped.code).toBe(1)
      const tags = sandbox.ecrImages('mirrored/quay.io/argoproj/argocli')?.tags ?? {}
      expect(Object.keys(tags).toSorted()).toStrictEqual(['v3.7.8', 'v3.7.9'])
      const upgraded = await b.run([...args, '--upgrade'])
      expect(upgraded.stdout).toMatch(/✔ Installation .*release "ma" upgraded/)
      expect(upgraded.code).toBe(0)
      expect((await b.run([...args, '--upgrade'])).stdout).toContain('Nothing to do')
    })
  },
)
