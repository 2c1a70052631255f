import { describe, expect, it } from 'vitest'
import { findVersion } from '../../../scripts/lib/charts/fetch/index-file.ts'
import { explainRender } from '../../../scripts/lib/charts/render/problem.ts'
import { sourceAdvice } from '../../../scripts/lib/mirror/sources/sources.ts'
import type { Origin } from '../../../scripts/lib/model/origin.ts'
import { makeChartFiles } from '../support/charts.ts'

// Advice names the file that the user gave: a chart list where there is one, and never another.
const chart = makeChartFiles('one', {})
const failed = (stderr: string) => ({
  ok: false as const,
  stdout: '',
  stderr,
  ending: 'exited' as const,
  exitCode: 1,
  command: { tool: 'helm', args: [] },
  milliseconds: 1,
})
const origins: readonly (readonly [name: string, origin: Origin, file: string])[] = [
  ['a chart list', { kind: 'chart-list', file: 'my/list.yaml' }, 'my/list.yaml'],
  ['a manifest', { kind: 'manifest', file: 'my/manifest.ts' }, 'my/manifest.ts'],
  ['add-ons', { kind: 'addons', files: ['my/addons.yaml'] }, 'my/addons.yaml'],
  ['the command line', { kind: 'command-line' }, ''],
]

describe.each(origins)('advice for charts of %s', (_, origin, file) => {
  const version = (published: string, asked: string) => {
    const entry = { version: published, url: 'https://x.io/a.tgz' }
    const wanted = { name: 'a', version: asked, repository: 'https://x.io' }
    const found = findVersion({ versionsOf: () => [entry], names: ['a'] }, wanted, origin)
    return found.ok ? '' : found.problem.next
  }
  it.each([
    ['a version with another v', () => version('v1.0.0', '1.0.0')],
    [
      'an image that is gone',
      () => {
        const step = { kind: 'image', host: 'quay.io' } as never
        return sourceAdvice(step, { kind: 'not-found', side: 'source', message: '' }, origin)
      },
    ],
    [
      'a value that is asked for',
      () => explainRender(failed('Error: x\n'), { chart, origin, values: [] }).next,
    ],
  ])('%s', (__, advise) => {
    const advice = advise() ?? ''
    expect(advice).toContain(file)
    expect(advice).not.toMatch(/(?<!my\/)charts\.yaml/)
  })
})
