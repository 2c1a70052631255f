import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { operator } from '../support/images.ts'
import { operations, writes } from '../support/stores.ts'
import { test } from '../support/world.ts'

// Mistakes on the command line and in a manifest.
interface Mistake {
  readonly what: string
  readonly args: readonly string[]
  readonly says: readonly RegExp[]
}

const host = '123456789012.dkr.ecr.us-east-2.amazonaws.com'

const mistakes: readonly Mistake[] = [
  { what: 'no arguments', args: [], says: [/missing required argument 'registry'/, /--help/] },
  {
    what: 'an unknown flag',
    args: [host, '--onyl', 'x'],
    says: [/unknown option '--onyl'/, /--only/],
  },
  { what: 'two registries', args: [host, host], says: [/too many arguments/] },
  {
    what: 'an unknown policy',
    args: [host, '--existing', 'replace'],
    says: [/'replace' is invalid. Allowed choices are skip, verify, overwrite/],
  },
  {
    what: 'a contradiction',
    args: [host, '--images-only', '--charts-only'],
    says: [
      /'--images-only' cannot be used with option '--charts-only'|'--charts-only' cannot be used with/,
    ],
  },
  { what: 'no number', args: [host, '--concurrency', 'many'], says: [/--concurrency/, /many/] },
  {
    what: 'a name that is no registry',
    args: ['registry.example.com'],
    says: [/is not the host of a private Amazon ECR registry/, /→ use the form <12-digit account>/],
  },
  {
    what: 'ECR Public',
    args: ['public.ecr.aws/x'],
    says: [/is ECR Public; the destination is a private ECR registry/],
  },
  {
    what: 'oci:// before the registry',
    args: [`oci://${host}`],
    says: [/starts with "oci:\/\/"/, new RegExp(`→ use "${host}"`)],
  },
  {
    what: 'https:// before the registry',
    args: [`https://${host}`],
    says: [/starts with "https:\/\/"/, new RegExp(`→ use "${host}"`)],
  },
  {
    what: 'a slash behind the registry',
    args: [`${host}/`],
    says: [/ends with "\/"/, new RegExp(`→ use "${host}"`)],
  },
  {
    what: 'a repository behind the registry',
    args: [`${host}/team/a`],
    says: [/has a repository path/, /and "--prefix team\/a" for the path/],
  },
  {
    what: 'a prefix with a slash too many',
    args: [host, '--prefix', 'team/'],
    says: [/prefix "team\/" starts or ends with a slash/, /→ use "team"/],
  },
  {
    what: 'a prefix that ECR refuses',
    args: [host, '--prefix', 'Team'],
    says: [/prefix "Team" is not valid in ECR/],
  },
  {
    what: 'a glob that matches nothing',
    args: [host, '--only', 'cert-manger'],
    says: [/--only "cert-manger" matches nothing/, /→ name a chart or an image/],
  },
  {
    what: 'a group that is not there',
    args: [host, '--group', 'staging'],
    says: [
      /--group "staging" matches nothing/,
      /→ use one of these groups: development, production/,
    ],
  },
  {
    what: 'exceptions from no mutability',
    args: [host, '--repo-mutability-exclude', 'latest'],
    says: [/--repo-mutability-exclude: mutability filters require a mutability setting/],
  },
  {
    what: 'another word for a mutability',
    args: [host, '--repo-mutability', 'frozen'],
    says: [/'frozen' is invalid\. Allowed choices are mutable, immutable/],
  },
  {
    what: 'a policy file that is not there',
    args: [host, '--repo-policy', 'none.json'],
    says: [/--repo-policy: file "none\.json" cannot be read/],
  },
  ...['--manifest', '--region', '--report', '--repo-policy'].map((flag) => ({
    what: `an empty ${flag}, as of a variable that is not set`,
    args: [host, flag, ''],
    says: [/argument '' is invalid\. It must not be empty/],
  })),
  {
    what: 'a manifest that is not there',
    args: [host, '--manifest', '/nowhere/manifest.ts'],
    says: [
      /manifest "\/nowhere\/manifest\.ts" cannot be read: it does not exist/,
      /→ specify the path of a manifest module/,
    ],
  },
]

describe.concurrent('exit code 2, and not a single request, for', () => {
  const cases = mistakes.map((mistake) => [mistake.what, mistake] as const)
  test.for(cases)('%s', async ([, mistake], { world: make }) => {
    const world = await make({ images: [operator] })
    const { code, stderr, stdout } = await world.script('mirror-to-ecr.ts', mistake.args)
    expect(code, stderr).toBe(2)
    for (const words of mistake.says) expect(stderr).toMatch(words)
    expect(stderr).not.toMatch(/this is a bug/)
    expect(stdout).toBe('')
    expect(world.sandbox.counters()).toEqual({})
  })
})

const good = {
  chart:
    '{ "name": "a", "version": "1.0.0", "repository": "https://a.example/c", "group": "g", "relocation": {} }',
  image: `{ "reference": "${operator}", "charts": [] }`,
}

interface BadManifest {
  readonly what: string
  readonly file?: string
  readonly text: string
  /** Line and column of the error, then its words. */
  readonly says: readonly RegExp[]
}

const badManifests: readonly BadManifest[] = [
  {
    what: 'an image that is listed twice',
    text: manifestText({ images: [good.image, good.image] }),
    says: [/manifest\.json:9:5: .*"quay\.io\/strimzi\/operator:0\.47\.0" is listed twice/],
  },
  {
    what: 'a chart that is listed twice',
    text: manifestText({ charts: [good.chart, good.chart] }),
    says: [/manifest\.json:5:5: .*"a" is listed twice/],
  },
  {
    what: 'a number for a version',
    text: manifestText({ charts: [good.chart.replace('"1.0.0"', '1.10')] }),
    says: [/manifest\.json:4:31: charts\.0\.version: a version must be a quoted string/],
  },
  {
    what: 'an unknown key',
    text: manifestText({ images: [good.image.replace('"charts"', '"chart"')] }),
    says: [
      /manifest\.json:8:64: .*unknown key "chart"|manifest\.json:8:\d+: images\.0\.chart: unknown key "chart"/,
    ],
  },
  {
    what: 'a key that is missing',
    text: manifestText({}).replace(/\n {2}"input": "sha256:x",/, ''),
    says: [/manifest\.json:1:1: input/],
  },
  {
    what: 'a reference that is not one',
    text: manifestText({ images: ['{ "reference": "quay.io/A B:1", "charts": [] }'] }),
    says: [/manifest\.json:8:\d+: images\.0\.reference: /],
  },
  {
    what: 'an image of a chart that is not there',
    text: manifestText({ images: [good.image.replace('[]', '["b"]')] }),
    says: [/manifest\.json:8:5: .*chart "b" is not in the manifest/],
  },
  {
    what: 'a text that breaks off',
    text: manifestText({}).slice(0, 40),
    says: [/manifest\.json:\d+:\d+: /],
  },
  {
    what: 'a module that is no manifest',
    file: 'manifest.ts',
    text: 'export const charts = []\n',
    says: [/manifest\.ts" is not a manifest module/, /→ generate it with "npm run regenerate"/],
  },
]

describe.concurrent('exit code 2, with the place of the error, for a manifest with', () => {
  const cases = badManifests.map((bad) => [bad.what, bad] as const)
  test.for(cases)('%s', async ([, { file = 'manifest.json', text, says }], { world: make }) => {
    const world = await make({ images: [operator] })
    const path = await world.write(file, text)
    const { code, stderr } = await world.mirror(['--manifest', path])
    expect(code, stderr).toBe(2)
    for (const words of says) expect(stderr).toMatch(words)
    expect(stderr).not.toMatch(/this is a bug/)
    expect(world.sandbox.counters()).toEqual({})
  })
})

describe.concurrent('a good manifest', () => {
  test('with an unreachable host is rejected before any change', async ({ world: make }) => {
    const world = await make({ images: [operator] })
    const stranger = '{ "reference": "registry.unknown.example/a/b:1", "charts": [] }'
    const path = await world.write('m.json', manifestText({ images: [good.image, stranger] }))
    const { code, stderr } = await world.mirror(['--manifest', path])
    expect(code, stderr).toBe(3)
    expect(stderr).toMatch(/error: image "registry\.unknown\.example\/a\/b:1": /)
    expect(stderr).toMatch(/→ .*"registry\.unknown\.example"/)
    expect(world.sandbox.refused()).toContain('registry.unknown.example')
    expect(writes(world.sandbox)).toBe(0)
  })

  test('that is empty needs no work and is not an error', async ({ world: make }) => {
    const world = await make({ images: [operator] })
    const path = await world.write('m.json', manifestText({}))
    const { code, stdout, stderr } = await world.mirror(['--manifest', path])
    expect(code, stderr).toBe(0)
    expect(stdout).toContain('Nothing to do')
    expect(operations(world.sandbox, 'sources')).toEqual({})
  })
})

test('a report that cannot be written is an error before any work', async ({ world: make }) => {
  const world = await make({ images: [operator] })
  const file = await world.write('file', '')
  const { code, stderr } = await world.mirror(['--report', join(file, 'report.json')])
  expect(code, stderr).toBe(2)
  expect(stderr).toMatch(/error: cannot write to ".*": /)
  expect(stderr).toMatch(/→ choose another place with --report/)
  expect(stderr).not.toMatch(/this is a bug/)
  expect(world.sandbox.counters()).toEqual({})
})

function manifestText(parts: {
  readonly charts?: readonly string[]
  readonly images?: readonly string[]
}): string {
  const list = (entries: readonly string[] = []) =>
    entries.map((entry) => `    ${entry}`).join(',\n')
  return `{
  "input": "sha256:x",
  "charts": [
${list(parts.charts)}
  ],

  "images": [
${list(parts.images)}
  ],
  "relocation": {}
}
`
}
