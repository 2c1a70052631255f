import { describe, expect, it } from 'vitest'
import { block } from '../../../scripts/lib/values/override.ts'
import { readValuesText } from '../../../scripts/lib/sources/values/values-file.ts'
import {
  dashboardName,
  fillDashboard,
} from '../../../scripts/lib/bootstrap/application/dashboard-text.ts'
import { withoutRegistry } from '../../../scripts/lib/bootstrap/application/given-values.ts'
import {
  imageSettings,
  namesAllImages,
  namesPrivateImages,
} from '../../../scripts/lib/bootstrap/application/image-settings.ts'
import { emptyTree, nodeAt, treeOf } from '../../../scripts/lib/model/values/values.ts'

const facts = { region: 'us-east-2', account: '123456789012', stage: 'dev', qualifier: 'q"1' }

describe('A dashboard’s tokens are filled in inside strings', () => {
  const fill = (value: unknown) => {
    const filled = fillDashboard('d.json', JSON.stringify(value), facts)
    return filled.ok ? JSON.parse(filled.value) : filled.problem.message
  }
  it.each([
    ['"REGION"', 'REGION', 'us-east-2'],
    ['"ACCOUNT_ID"', 'ACCOUNT_ID', '123456789012'],
    ['a token between dashes', 'migration-MA_STAGE-replayer', 'migration-dev-replayer'],
    ['a token in quotes', 'qualifier="MA_QUALIFIER"', 'qualifier="q"1"'],
    [
      'the placeholders',
      'placeholder-region placeholder-account-id placeholder-stage placeholder-qualifier',
      'us-east-2 123456789012 dev q"1',
    ],
    ['a longer word that has a token in it', 'REGIONAL MY_REGION', 'REGIONAL MY_REGION'],
    ['numbers stay', 7, 7],
  ])('%s', (_, value, expected) => {
    expect(fill({ a: [{ b: value }] })).toStrictEqual({ a: [{ b: expected }] })
  })
  it('a value is not filled in a second time', () => {
    const filled = fillDashboard('d.json', '["MA_STAGE"]', { ...facts, stage: 'REGION' })
    expect(filled).toStrictEqual({ ok: true, value: '["REGION"]' })
  })
  it('what is not JSON is named', () => {
    const filled = fillDashboard('capture.json', '<html>404</html>', facts)
    expect(!filled.ok && filled.problem.message).toMatch(/dashboard "capture.json" is not JSON/)
  })
  it('names have the stage and the region in them', () => {
    expect(dashboardName('CaptureReplay', facts)).toBe('MA-dev-us-east-2-CaptureReplay')
  })
})

describe('Image settings that nobody need write', () => {
  const published = { kind: 'published', version: '2.6.4' } as const
  it('are the published images of the release', () => {
    const base = 'public.ecr.aws/opensearchproject/opensearch-migrations-'
    expect(imageSettings(published, emptyTree())).toEqual({
      images: {
        captureProxy: { repository: `${base}traffic-capture-proxy`, tag: '2.6.4' },
        trafficReplayer: { repository: `${base}traffic-replayer`, tag: '2.6.4' },
        reindexFromSnapshot: { repository: `${base}reindex-from-snapshot`, tag: '2.6.4' },
        migrationConsole: { repository: `${base}console`, tag: '2.6.4' },
        installer: { repository: `${base}console`, tag: '2.6.4' },
      },
    })
  })
  it('are the tags of the build in the exported repository', () => {
    const repository = '123456789012.dkr.ecr.us-east-2.amazonaws.com/migration-ecr-dev'
    expect(imageSettings({ kind: 'built', repository }, emptyTree())).toEqual({
      images: {
        captureProxy: { repository, tag: 'migrations_capture_proxy_latest' },
        trafficReplayer: { repository, tag: 'migrations_traffic_replayer_latest' },
        reindexFromSnapshot: { repository, tag: 'migrations_reindex_from_snapshot_latest' },
        migrationConsole: { repository, tag: 'migrations_migration_console_latest' },
        installer: { repository, tag: 'migrations_migration_console_latest' },
      },
    })
  })
  it('never beat a leaf that the user has set', () => {
    const given = treeOf({
      images: { captureProxy: { repository: 'mine/proxy' }, installer: { tag: 't' } },
    })
    const settings = imageSettings(published, given)
    expect(nodeAt(settings, ['images', 'captureProxy'])).toEqual({ tag: '2.6.4' })
    expect(nodeAt(settings, ['images', 'installer'])).not.toHaveProperty('tag')
  })
  it('are none when the user names all images', () => {
    const leaves = { repository: 'r', tag: 't' }
    const keys = [
      'captureProxy',
      'trafficReplayer',
      'reindexFromSnapshot',
      'migrationConsole',
      'installer',
    ]
    const images = Object.fromEntries(keys.map((key) => [key, leaves]))
    expect(namesAllImages(treeOf({ images }))).toBe(true)
    expect(namesAllImages(treeOf({ images: { ...images, installer: { tag: 't' } } }))).toBe(false)
  })
})

describe('Images that a user leads to private registries', () => {
  const host = '123456789012.dkr.ecr.us-east-2.amazonaws.com'
  const keys = [
    'captureProxy',
    'trafficReplayer',
    'reindexFromSnapshot',
    'migrationConsole',
    'installer',
  ]
  const of = (repository: string) =>
    Object.fromEntries(keys.map((key) => [key, { repository: `${repository}/${key}` }]))
  it.each([
    ['all of them', of(host), true],
    ['all but one', { ...of(host), installer: { repository: 'quay.io/x' } }, false],
    ['one without a repository', { ...of(host), installer: { tag: 'x' } }, false],
    ['none', of('public.ecr.aws/x'), false],
  ])('%s', (_, images, expected) => {
    expect(namesPrivateImages(treeOf({ images }))).toBe(expected)
  })
})

it('what helm would take for something else than text is written in quotes', () => {
  const values = treeOf({ stageName: 'no', a: 'on', b: '0644', c: '1_000', d: 'y', e: 12, f: true })
  const text = block(values)
  expect(text).toContain('stageName: "no"')
  expect(readValuesText('values.yaml', text)).toStrictEqual({ ok: true, value: values })
})

it('values that lead charts into the registry already are left out where charts are read from their publishers', () => {
  const host = '123456789012.dkr.ecr.us-east-2.amazonaws.com'
  const values = treeOf({
    charts: {
      'cert-manager': {
        repository: `oci://${host}/charts/cert-manager`,
        version: 'v1.17.2',
        values: {
          image: { registry: host, repository: 'mirrored/quay.io/jetstack/controller' },
          extraArgs: ['--acme-image', `${host}/mirrored/quay.io/x`],
          replicas: 2,
        },
      },
    },
    images: { installer: { repository: `${host}/own` } },
  })
  expect(withoutRegistry(values, host)).toEqual({
    charts: { 'cert-manager': { version: 'v1.17.2', values: { image: {}, replicas: 2 } } },
    images: { installer: { repository: `${host}/own` } },
  })
})
