import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { fixture, relocate } from '../support/charts/relocating.ts'
import { startWorld, type World } from '../support/world.ts'

// What an operator pulls while it runs is in no render; a catalog tells.
let world: World

beforeAll(async () => {
  world = await startWorld({ images: [] })
})
afterAll(() => world.close())

const chart = fixture('operator-pulls')
const place = (path: string) => `${world.registry}/mirrored/quay.io/example/${path}`

/** A catalog whose operator pulls these images. */
const catalog = (...images: readonly string[]) => `operators:
  - chart: operator-pulls
    addresses: [example.com/operator-pulls]
    pulls: nodes
    decidedBy: Installation spec.registry
    source: https://example.com/operator-pulls
    releases:
      - versions: '<1'
        source: https://example.com/operator-pulls
        images: [${images.join(', ')}]
`
const node = `{ repository: quay.io/example/node, tag: 'v{app}', when: always, leaves: { installation.registry: registry, installation.imagePath: parent } }`
const database = `{ repository: quay.io/example/database, tag: '16', when: a Database exists, leaves: { settings.DATABASE_IMAGE: reference } }`
const fixed = `{ repository: quay.io/example/agent, tag: '1', when: a Node exists, field: Node spec.image }`
const unread = `{ repository: quay.io/example/probe, tag: '1', when: always, leaves: { probe.image: reference } }`
const driver = `{ repository: quay.io/example/driver, tag: '5-{os}', when: always, systems: [ubuntu22.04] }`

let files = 0

async function run(text: string, ...flags: readonly string[]) {
  files += 1
  const file = await world.write(`operators-${files}.yaml`, text)
  return relocate(world, chart, '--operators', file, ...flags)
}

describe('images of the catalog', () => {
  test('are listed, and moved by their leaves', async () => {
    const { code, stdout, stderr } = await run(catalog(node, database), '--strict')
    expect(code, stderr).toBe(0)
    expect(parse(stdout)).toEqual({
      image: `${place('operator')}:v2.3.4`,
      installation: { registry: world.registry, imagePath: 'mirrored/quay.io/example' },
      settings: { DATABASE_IMAGE: `${place('database')}:16` },
    })
    expect(stderr).toContain('1 image and 2 more at run time: proven;')
    expect(stderr).toContain(
      '+ quay.io/example/node:v2.3.4 is pulled at run time by operator-pulls (operators.yaml): always; moved by installation.registry, installation.imagePath',
    )
  })

  test('are in the JSON with their destinations, and among the images', async () => {
    const json = await run(catalog(node), '--output', 'json')
    expect(JSON.parse(json.stdout)).toMatchObject({
      state: 'proven',
      questions: [],
      runtime: [
        {
          reference: 'quay.io/example/node:v2.3.4',
          destination: `${place('node')}:v2.3.4`,
          operator: 'operator-pulls',
          when: 'always',
          leaves: ['installation.registry', 'installation.imagePath'],
          source: 'https://example.com/operator-pulls',
        },
      ],
    })
    const { stdout } = await run(catalog(node), '--images')
    expect(stdout).toBe('quay.io/example/node:v2.3.4\nquay.io/example/operator:v2.3.4\n')
  })

  test.each<readonly [string, string, readonly string[], string]>([
    [
      'no leaf moves',
      fixed,
      [],
      'no value moves it; set Node spec.image; settle it with --ignore quay.io/example/agent:1',
    ],
    ['have a leaf that the chart does not read', unread, [], '"probe.image" should move it'],
    [
      'the values send elsewhere',
      node,
      ['--set', 'installation.registry=my.example.com'],
      'your values set "installation.registry", and no render shows the result',
    ],
    [
      'depend on an operating system that is not known',
      driver,
      [],
      '"operator-pulls" 0.1.0 pulls further images at run time: quay.io/example/driver:5-{os}, always; name the operating systems',
    ],
  ])('that %s are an open question', async (_, image, flags, words) => {
    const { code, stderr } = await run(catalog(image), ...flags, '--strict')
    expect(stderr).toContain('proven, 1 open question;')
    expect(stderr).toContain(words)
    expect(code).toBe(1)
  })

  test('are there once for each operating system of the nodes', async () => {
    const systems = ['--node-os', 'ubuntu22.04', '--node-os', 'rhel9.6']
    const { stdout } = await run(catalog(driver), '--images', ...systems)
    expect(stdout).toBe(
      'quay.io/example/driver:5-rhel9.6\nquay.io/example/driver:5-ubuntu22.04\nquay.io/example/operator:v2.3.4\n',
    )
  })

  test('are left out when they are ignored', async () => {
    const flags = ['--ignore', 'quay.io/example/agent:1', '--strict']
    const { code, stderr } = await run(catalog(fixed), ...flags)
    expect(code, stderr).toBe(0)
    expect(stderr).not.toContain('quay.io/example/agent')
  })

  test('never replace what is found', async () => {
    const found = `{ repository: quay.io/example/operator, tag: 'v{app}', when: always }`
    const { stdout, stderr } = await run(catalog(found), '--strict')
    expect(parse(stdout)).toEqual({ image: `${place('operator')}:v2.3.4` })
    expect(stderr).toContain('1 image: proven;')
  })

  test('that values name are found in the render', async () => {
    const own = ['--set', 'settings.DATABASE_IMAGE=quay.io/example/database:15']
    const { stdout, stderr } = await run(catalog(database), '--strict', ...own)
    expect(parse(stdout)).toMatchObject({
      settings: { DATABASE_IMAGE: `${place('database')}:15` },
    })
    expect(stderr).toContain('2 images: proven;')
  })
})

test('another version of the operator leaves a question', async () => {
  const { stderr } = await run(catalog(node).replace("'<1'", "'>=1'"))
  expect(stderr).toContain('proven, 1 open question;')
  expect(stderr).toContain('"operator-pulls" 0.1.0 pulls further images at run time: nodes; check')
})

test('the catalog can be switched off', async () => {
  const { code, stderr } = await relocate(world, chart, '--operators', 'none', '--strict')
  expect(code, stderr).toBe(0)
  expect(stderr).toContain('1 image: proven;')
})

test('a faulty catalog is refused with the place of the fault', async () => {
  const { code, stderr } = await run(catalog(node).replace('always', '""'))
  expect(code).toBe(2)
  expect(stderr).toMatch(/operators-\d+\.yaml:10:\d+: operators\.0\.releases\.0\.images\.0\.when/)
})
