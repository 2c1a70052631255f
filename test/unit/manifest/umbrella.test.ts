import { describe, expect, it } from 'vitest'
import { readUmbrella } from '../../../scripts/lib/manifest/umbrella.ts'
import { emptyTree } from '../../../scripts/lib/model/values/values.ts'
import { makeChartFiles } from '../support/charts.ts'

const charts = 'charts: { a: { version: 1.0.0, repository: "https://charts.example.com" } }\n'

function read(dependency: string) {
  const chart = makeChartFiles('um', {
    'Chart.yaml': `apiVersion: v2\nname: um\nversion: 1.0.0\ndependencies: [${dependency}]\n`,
    'values.yaml': charts,
  })
  return readUmbrella({ path: '/um', chart, hash: 'sha256:0' }, emptyTree(), [])
}

describe('readUmbrella', () => {
  it.each([
    ['has no dependencies', ''],
    ['imports nothing from one', '{ name: sub, import-values: [] }'],
  ])('reads the charts of one that %s', (_, dependency) => {
    const umbrella = read(dependency)
    expect(umbrella.ok && umbrella.value.charts.map(({ name }) => name)).toEqual(['a'])
  })

  it.each(['{ name: charts }', '{ name: sub, alias: charts }'])(
    'refuses one with the dependency %s, whose values would be the list of charts',
    (dependency) => {
      expect(read(dependency)).toMatchObject({
        ok: false,
        problem: { message: expect.stringContaining('has a dependency named "charts"') },
      })
    },
  )

  it.each(['[data]', '[{ child: data, parent: charts }]', 'data'])(
    'refuses one that imports %s from a dependency, whose charts would not be seen',
    (imports) => {
      expect(read(`{ name: sub, import-values: ${imports} }`)).toMatchObject({
        ok: false,
        problem: { message: expect.stringContaining('imports values of its dependency "sub"') },
      })
    },
  )
})
