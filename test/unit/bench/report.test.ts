import { describe, expect, test } from 'vitest'
import { drawBars } from '../../bench/pictures/bars.ts'
import { budgetsOf } from '../../bench/report/budgets.ts'
import { drawCurves } from '../../bench/pictures/curves.ts'
import { renderJson } from '../../bench/report/json.ts'
import { readRenders } from '../../bench/renders.ts'
import { renderReport } from '../../bench/report/report.ts'
import { type Curves, isWell, type Results, type Run } from '../../bench/report/results.ts'
import type { Scenario } from '../../bench/rounds.ts'
import { table } from '../../bench/report/table.ts'

const mebibyte = 1024 * 1024

const counted = { requests: 0, writes: 0, bytesIn: 0, bytesOut: 0 }

function runOf(mover: string, scenario: Scenario, seconds: number, rest: Partial<Run> = {}): Run {
  return {
    mover,
    scenario,
    seconds,
    round: 0,
    exitCode: 0,
    sandboxSeconds: 0,
    faults: [],
    hosts: {
      'quay.io': { ...counted, requests: 8, bytesOut: 100 * mebibyte },
      'public.ecr.aws': { ...counted, requests: 2, bytesOut: 20 * mebibyte },
      '1.dkr.ecr.eu-west-1.amazonaws.com': {
        ...counted,
        requests: 5,
        writes: 3,
        bytesIn: 121 * mebibyte,
      },
    },
    ...rest,
  }
}

const point = (images: number) => ({ images, seconds: images / 1000, bytes: images, requests: 1 })
const curves: Curves = {
  startSeconds: 0.5,
  plan: [point(10), point(10_000)],
  planPresent: [point(10)],
  mirror: [point(10), { images: 50, seconds: 2, requests: 3 }],
}

function resultsOf(runs: readonly Run[], rest: Partial<Results> = {}): Results {
  return {
    conditions: {
      images: 55,
      charts: 11,
      scale: 1,
      baseScale: 1,
      latency: 20,
      bandwidth: 10 * mebibyte,
      putImageRate: 10,
      rounds: 1,
      machine: 'a machine',
      versions: { crane: 'v1' },
    },
    sizes: { countedBytes: 200 * mebibyte, uniqueBytes: 120 * mebibyte, manifests: 110 },
    movers: [
      { name: 'crane-8', about: '`crane` <8>', kind: 'peer' },
      { name: 'skopeo', about: 'skopeo', kind: 'peer', absence: 'skopeo is not on PATH' },
      { name: 'kit-off', about: 'kit, off', kind: 'kit' },
      { name: 'kit-on', about: 'kit, on', kind: 'kit' },
    ],
    runs,
    ...rest,
  }
}

const find = (results: Results, what: string) =>
  budgetsOf(results).filter((budget) => budget.what.startsWith(what))

describe('budgets', () => {
  test.for([
    ['is met on the line', 11, 'met'],
    ['is not met above it', 11.1, 'not met'],
  ] as const)('a ratio %s', ([, seconds, verdict]) => {
    const results = resultsOf([runOf('crane-8', 'cold', 10), runOf('kit-off', 'cold', seconds)])
    expect(find(results, 'cold, mounting off')).toMatchObject([{ verdict }])
  })
  test('a peer that left something out is not the fastest', () => {
    const results = resultsOf([
      runOf('crane-8', 'cold', 10),
      runOf('skopeo', 'cold', 1, { faults: ['quay.io/a:1 is missing'] }),
      runOf('kit-off', 'cold', 10),
    ])
    expect(find(results, 'cold, mounting off')).toMatchObject([{ verdict: 'met' }])
  })
  test("time with mounting is held against the peers and against the line's limit", () => {
    const results = resultsOf([runOf('crane-8', 'cold', 25), runOf('kit-on', 'cold', 16)])
    expect(find(results, 'cold, mounting on').map(({ verdict }) => verdict)).toEqual([
      'not met',
      'met',
    ])
  })
  test('bytes are those of all sources down, and those to AWS up', () => {
    const results = resultsOf([runOf('kit-on', 'cold', 1)])
    expect(find(results, 'bytes down')[0]?.measured).toBe('1.00 × (120.00 to 120.00)')
    expect(find(results, 'bytes up')[0]?.measured).toBe('1.01 × (121.00 to 120.00)')
  })
  test('the rate dictates a tenth of a second for each manifest after the first ten', () => {
    const results = resultsOf([runOf('kit-off', 'put-image-rate', 10)])
    expect(find(results, 'cold at 10')[0]?.measured).toBe('1.00 × (10.00 to 10.00)')
  })
  test('one request of a second run is too much', () => {
    const results = resultsOf([runOf('kit-off', 'warm', 1), runOf('crane-8', 'warm', 1)])
    expect(find(results, 'source requests')).toMatchObject([{ measured: '10', verdict: 'not met' }])
    expect(find(results, 'writes')).toMatchObject([{ measured: '3', verdict: 'not met' }])
  })
  test('a plan is judged by what it takes beyond start-up', () => {
    expect(find(resultsOf([], { curves }), 'plan')).toMatchObject([
      { measured: '9.50', verdict: 'not met' },
      { measured: '0.0100', verdict: 'met' },
    ])
  })
  test('without runs nothing is measured', () => {
    expect(new Set(budgetsOf(resultsOf([])).map(({ verdict }) => verdict))).toEqual(
      new Set(['not measured']),
    )
  })
})

describe('the report', () => {
  const missing = { faults: ['quay.io/a:1 is missing', 'quay.io/b:1 is missing'] }
  const results = resultsOf([runOf('crane-8', 'cold', 2, missing), runOf('kit-off', 'cold', 3)], {
    curves,
  })
  const text = renderReport(results)

  test('shows what a mover left out, and why one was not run', () => {
    expect(text).toMatch(/`crane` <8> .* \*\*2\*\* \|/)
    expect(text).toContain('skopeo (skopeo is not on PATH)')
    expect(text).toContain('kit, on (not run)')
  })
  test('names the limit of the line', () => {
    expect(text).toContain('is 20.0 s for all of them, 12.0 s for the unique ones')
  })
  test('has a part for every scenario that was run and for the curves, and ends with the budgets', () => {
    expect([...text.matchAll(/^### (\S+)/gm)].map(([, word]) => word)).toEqual([
      'Cold:',
      'Plan,',
      'Plan,',
      'Mirror',
      'Budgets',
    ])
  })
  test('says "not measured" of memory where there is no /proc', () => {
    expect(text).toMatch(/\| 50 +\| +2\.00 \| not measured \| +3 \|/)
  })
})

test('a table is aligned, fills up short rows and keeps bars out of its cells', () => {
  expect(table(['name', 'n'], [['a|b', '10'], ['c']]).split('\n')).toEqual([
    '| name |   n |',
    '| ---- | --: |',
    String.raw`| a\|b |  10 |`,
    '| c    |     |',
  ])
})

describe('pictures', () => {
  const results = resultsOf([
    runOf('crane-8', 'cold', 20),
    runOf('crane-8', 'cold', 30),
    runOf('kit-off', 'cold', 10),
  ])
  const bars = drawBars(results)

  test('a bar is as long as its median', () => {
    const lengths = [...bars.matchAll(/<rect x=.* width="([\d.]+)" height="16"/g)].map(
      ([, width]) => Number(width),
    )
    expect(lengths).toHaveLength(2)
    expect((lengths[0] ?? 0) / (lengths[1] ?? 1)).toBeCloseTo(2.5, 1)
  })
  test('the limits of the line are drawn', () => {
    expect(bars.match(/stroke-dasharray/g)).toHaveLength(2)
  })
  test('text is escaped', () => {
    expect(bars).toContain('crane &lt;8&gt;')
    expect(bars).not.toContain('<8>')
  })
  test('a curve that grows like the number of images runs parallel to the dashed line', () => {
    const picture = drawCurves(curves)
    const slopes = [...picture.matchAll(/<polyline points="([\d.,-]+) ([\d.,-]+)" .*?>/g)]
      .filter(([all]) => /#1a7f37|dasharray/.test(all))
      .slice(0, 2)
      .map(([, from = '', to = '']) => {
        const [[x1 = 0, y1 = 0], [x2 = 0, y2 = 0]] = [from, to].map((pair) =>
          pair.split(',').map(Number),
        ) as [number[], number[]]
        return (y2 - y1) / (x2 - x1)
      })
    expect(slopes[0]).toBeLessThan(0)
    expect(slopes[0]).toBeCloseTo(slopes[1] ?? 0, 1)
  })
})

test('renders are added up over charts and variants', () => {
  const text = `cert-manager v1: 5 images, proven; 2 variants, 8 renders (8 known), 0.4 s
etcd-operator 0.4: 2 images, proven; 5 renders (0 known), 1.0 s
all renders match the manifest`
  expect(readRenders(text)).toEqual({ renders: 13, variants: 3 })
  expect(readRenders('an error')).toBeUndefined()
})

test('JSON has everything, with a line for each run', () => {
  const results = resultsOf([runOf('crane-8', 'cold', 1), runOf('kit-on', 'warm', 2)], { curves })
  const text = renderJson(results)
  expect(JSON.parse(text)).toEqual(results)
  expect(text.match(/^    \{"mover":/gm)).toHaveLength(2)
})

describe('whether all is well', () => {
  const fault = { faults: ['quay.io/a:1 is missing'] }
  test.for([
    ['nothing is missing', [runOf('crane-8', 'cold', 1), runOf('kit-on', 'cold', 1)], true, true],
    ['a peer left something out', [runOf('crane-8', 'cold', 1, fault)], true, false],
    ['a peer failed', [runOf('crane-8', 'cold', 1, { exitCode: 1 })], true, false],
    ['the kit left something out', [runOf('kit-on', 'cold', 1, fault)], false, false],
    ['the kit failed', [runOf('kit-on', 'warm', 1, { exitCode: 1 })], false, false],
  ] as const)('when %s', ([, runs, usually, strictly]) => {
    const results = resultsOf(runs)
    expect([isWell(results, false), isWell(results, true)]).toEqual([usually, strictly])
  })
})
