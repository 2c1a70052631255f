import { access, rm, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  chartText,
  deployment,
  type Desk,
  openDesk,
  startPublished,
} from '../support/charts/published.ts'
import { certManager, images, web } from '../support/shop.ts'
import type { World } from '../support/world.ts'

// Mistakes in a chart list and on the command line. Nothing is ever written.
const repository = 'https://charts.example.com/stable'
const demanding = {
  repository,
  files: chartText('demanding', '1.0.0', {
    'values.yaml': 'image: quay.io/example/web:1.0.0\ndatabase: { host: "" }\n',
    'templates/app.yaml': `{{- $host := required "a database host is needed" .Values.database.host }}
${deployment('app', ['{{ .Values.image }}'])}`,
  }),
}

let world: World
let desk: Desk
beforeAll(async () => {
  world = await startPublished([web.first, certManager.first, demanding], images)
  desk = await openDesk(world, '')
})
afterAll(() => world.close())

const entry = (name: string, version: string, rest = '') =>
  `  - name: ${name}\n    version: '${version}'\n    repository: ${repository}\n${rest}`
const good = `charts:\n${entry('web', '1.0.0')}`

interface Mistake {
  readonly that: string
  readonly list?: string
  readonly args?: readonly string[]
  readonly code: number
  readonly says: readonly RegExp[]
}

const lists: readonly Mistake[] = [
  {
    that: 'several mistakes, all at once and each with its place',
    list: `charts:
  - name: web
    version: 1.10
    repository: ${repository}
    colour: blue
  - name: cert-manager
    version: '1.17'
    repository: charts.jetstack.io
    runtime:
      - reference: quay.io/example/plugin
        reason: on demand
direct:
  - reference: quay.io/example/job:1.0
`,
    code: 2,
    says: [
      /charts\.yaml:3:14: charts\.0\.version: YAML reads the version 1\.1 as a number; quote it/,
      /charts\.yaml:5:5: charts\.0\.colour: unknown key "colour"/,
      /charts\.yaml:7:14: charts\.1\.version: "1\.17" is not a chart version/,
      /charts\.yaml:10:20: charts\.1\.runtime\.0\.reference: image "quay\.io\/example\/plugin" has neither tag nor digest/,
      /charts\.yaml:13:5: direct\.0\.reason: the reason must be a string/,
    ],
  },
  {
    that: 'a chart that is listed twice',
    list: `${good}${entry('web', '1.0.0')}`,
    code: 2,
    says: [/charts\.yaml:5:5: charts\.1: "web" is listed twice; the first is entry 1/],
  },
  {
    that: 'values that are not a map',
    list: `charts:\n${entry('web', '1.0.0', '    values: [image, tag]\n')}`,
    code: 2,
    says: [/charts\.yaml:5:13: charts\.0\.values: values must be a mapping/],
  },
  {
    that: 'broken YAML',
    list: 'charts:\n  - name: web\n   version: x\n',
    code: 2,
    says: [/charts\.yaml:3:\d+: /],
  },
  {
    that: 'a chart that asks for a value, in helm’s words and with the leaf',
    list: `${good}${entry('demanding', '1.0.0')}`,
    code: 1,
    says: [
      /chart demanding 1\.0\.0 does not render: .*a database host is needed/s,
      /→ set a value for "database\.host" under "values" of this chart in \S+\/charts\.yaml\n/,
    ],
  },
  {
    that: 'a version that differs from the published one by its v',
    list: 'charts:\n  - { name: cert-manager, version: 1.17.2, repository: https://charts.jetstack.io }\n',
    code: 1,
    says: [
      /chart "cert-manager" has no version "1\.17\.2" in "https:\/\/charts\.jetstack\.io"/,
      /→ it is published as "v1\.17\.2": set published: 'v1\.17\.2' in \S+\/charts\.yaml and regenerate\n/,
    ],
  },
  {
    that: 'a chart that nobody publishes, and one that does not render, both at once',
    list: `charts:\n${entry('wep', '1.0.0')}${entry('demanding', '1.0.0')}`,
    code: 1,
    says: [
      /error: "https:.*" has no chart "wep"/,
      /→ (?:did you mean .*\? Check its name|check its name and its repository) in \S+\/charts\.yaml/,
      /"database\.host"/,
    ],
  },
]

const commands: readonly Mistake[] = [
  {
    that: 'a chart that is not in the list',
    args: ['--chart', 'wep'],
    code: 2,
    says: [/chart "wep" is not in \S+charts\.yaml/, /→ its charts are web/],
  },
  {
    that: 'one chart alone when nothing is known of the others',
    args: ['--chart', 'cert-manager'],
    list: `${good}  - { name: cert-manager, version: v1.17.2, repository: https://charts.jetstack.io }\n`,
    code: 2,
    says: [/chart "web" 1\.0\.0 has changed since/, /→ regenerate without --chart/],
  },
  {
    that: '--check with --bump',
    args: ['--check', '--bump', 'web=1.0.0'],
    code: 2,
    says: [/'--check' cannot be used with option '--bump/],
  },
  {
    that: '--check with --digests',
    args: ['--check', '--digests'],
    code: 2,
    says: [/'--check' cannot be used with option '--digests'/],
  },
  {
    that: '--outdated with --check',
    args: ['--outdated', '--check'],
    code: 2,
    says: [/'--outdated' cannot be used with option '--check'/],
  },
  {
    that: '--why with --outdated',
    args: ['--why', 'web', '--outdated'],
    code: 2,
    says: [/'--why <reference>' cannot be used with option '--outdated'/],
  },
  {
    that: '--render without --check',
    args: ['--render'],
    code: 2,
    says: [/--check/],
  },
  {
    that: '-f without --from',
    args: ['-f', 'values.yaml'],
    code: 2,
    says: [/--from/],
  },
  {
    that: '--bump with --from, which has versions of its own',
    args: ['--from', 'no-such-chart', '--bump', 'web=1.0.0'],
    code: 2,
    says: [/cannot be used with option/],
  },
  {
    that: '--chart with --from, which looks at all of its charts',
    args: ['--from', 'no-such-chart', '--chart', 'web'],
    code: 2,
    says: [/cannot be used with option/],
  },
  {
    that: 'an unknown flag',
    args: ['--chek'],
    code: 2,
    says: [/unknown option '--chek'/, /--check/],
  },
]

describe('regenerate-manifest refuses', () => {
  test.each([...lists, ...commands])('$that', async ({ list = good, args = [], code, says }) => {
    await writeFile(desk.listFile, list)
    await rm(desk.manifestFile, { force: true })
    const result = await desk.regenerate(args)
    expect(result.code, result.stderr).toBe(code)
    expect(result.stdout).toBe('')
    for (const pattern of says) expect(result.stderr).toMatch(pattern)
    expect(result.stderr).not.toContain('this is a bug')
    await expect(access(desk.manifestFile)).rejects.toThrow('ENOENT')
  })

  test('a missing chart list', async () => {
    const { code, stderr } = await desk.regenerate(['--list', `${desk.folder}/none.yaml`])
    expect(code).toBe(2)
    expect(stderr).toMatch(/chart list "\S+none\.yaml" cannot be read: it does not exist/)
  })
})

test('a chart renders once its required value is set', async () => {
  const values = '    values: { database: { host: db.example.internal } }\n'
  await writeFile(desk.listFile, `charts:\n${entry('demanding', '1.0.0', values)}`)
  const { code, stderr } = await desk.regenerate()
  expect(code, stderr).toBe(0)
  const { images: found } = await desk.manifest()
  expect(found.map(({ reference }) => reference)).toEqual(['quay.io/example/web:1.0.0'])
})
