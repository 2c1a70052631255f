import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { digestOf } from '../../../scripts/sandbox/content/seed.ts'
import { packStandIn, standInNames } from '../../../scripts/sandbox/stand-ins.ts'
import { readArchive } from '../../../scripts/sandbox/upstream/chart-archive.ts'
import { writeIndex } from '../../../scripts/sandbox/upstream/chart-index.ts'
import { releasesOf } from '../../../scripts/sandbox/upstream/chart-site.ts'
import { gatherCharts, olderVersion } from '../../../scripts/sandbox/upstream/chart-source.ts'

describe('an older version of', () => {
  test.for([
    ['1.17.2', '1.17.1'],
    ['v1.17.2', 'v1.17.1'],
    ['72.0.0', '71.0.0'],
    ['0.49.0', '0.48.0'],
    ['1.2.3+build', '1.2.2'],
    ['0.0.0', '0.0.0-0'],
  ] as const)('%s is %s', ([version, older]) => expect(olderVersion(version)).toBe(older))
})

describe('archives are kept', () => {
  test.for([
    [
      'https://grafana.github.io/helm-charts/',
      'https://github.com/grafana/helm-charts/releases/download',
    ],
    [
      'https://argoproj.github.io/argo-helm/',
      'https://github.com/argoproj/argo-helm/releases/download',
    ],
    ['https://kyverno.github.io/kyverno/', undefined],
    ['https://charts.jetstack.io/', undefined],
  ] as const)('for %s at %s', ([repository, releases]) => {
    expect(releasesOf(new URL(repository))).toBe(releases)
  })
})

test('an index names each version with its digest and address', () => {
  const archives = ['8.15.0', '8.14.0'].map((version) => packStandIn('grafana', version))
  const index: unknown = parse(
    writeIndex(archives, ({ name, version }) => `${name}-${version}.tgz`),
  )
  expect(index).toMatchObject({
    apiVersion: 'v1',
    entries: {
      grafana: archives.map(({ version, bytes }) => ({
        name: 'grafana',
        version,
        urls: [`grafana-${version}.tgz`],
        digest: digestOf(bytes).replace('sha256:', ''),
      })),
    },
  })
})

describe('the stand-in', () => {
  test.for(standInNames())('%s is packed the same every time and reads back', async (name) => {
    const chart = packStandIn(name, '9.8.7')
    expect(packStandIn(name, '9.8.7').bytes.equals(chart.bytes)).toBe(true)
    expect(await readArchive(chart.bytes)).toEqual(chart)
  })
  test('that is not there is named', () => {
    expect(() => packStandIn('nginx', '1.0.0')).toThrow('"nginx"')
  })
})

test('repositories are gathered once, whatever slashes they end in', async () => {
  const published = await gatherCharts([
    { name: 'grafana', version: '8.15.0', repository: 'https://example.com/charts/' },
    { name: 'jaeger', version: '3.2.0', repository: 'https://example.com/charts' },
  ])
  expect(published).toMatchObject([
    {
      repository: 'https://example.com/charts',
      archives: [
        { name: 'grafana', version: '8.15.0' },
        { name: 'grafana', version: '8.14.0' },
        { name: 'jaeger', version: '3.2.0' },
        { name: 'jaeger', version: '3.1.0' },
      ],
    },
  ])
})
