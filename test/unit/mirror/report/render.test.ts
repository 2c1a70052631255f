import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { renderReport } from '../../../../scripts/lib/mirror/report/render.ts'
import { isPrintable } from '../../../../scripts/lib/model/text/printable.ts'
import type { Outcome } from '../../../../scripts/lib/model/events.ts'
import { faultsOfPage } from '../../support/texts/html.ts'
import { outcomeOf, reportOf } from '../../support/report.ts'

const evil = `<script>alert("1")</script>'"\`&<b onclick=x>{{registry}}\u202Eevil\u0007\u009B`
const problem = {
  kind: 'network',
  side: 'source',
  message: evil,
  next: `next ${evil}`,
  detail: `detail ${evil}`,
} as const
const hostile: Outcome = outcomeOf('failed', {
  name: `name ${evil}`,
  host: `host ${evil}`,
  destination: `destination ${evil}`,
  reason: `reason ${evil}`,
  digest: `digest ${evil}`,
  charts: [`chart ${evil}`],
  attempts: 2,
  problem,
})
const difference = { setting: 'tags', is: evil, wanted: evil, changeable: true } as const
const full = reportOf(
  [
    hostile,
    { ...hostile, status: 'copied' },
    { ...hostile, kind: 'chart', status: 'differs' },
    outcomeOf('skipped', { reason: evil }),
    outcomeOf('interrupted', { name: evil }),
  ],
  {
    registry: evil,
    prefix: evil,
    existing: evil,
    repositoriesCreated: [evil],
    repositories: {
      drift: [{ repository: evil, arn: evil, differences: [difference] }],
      update: false,
      changed: [evil],
      left: [evil],
      problems: [problem],
    },
  },
)
const many = reportOf(
  Array.from({ length: 500 }, (_, index) =>
    outcomeOf(index % 5 === 0 ? 'failed' : 'copied', { name: `image-${index}`, problem }),
  ),
)

describe('the page', () => {
  it.each([
    ['everything in it', full],
    ['five hundred items', many],
    ['one item', reportOf([outcomeOf('copied')])],
    ['only what was there', reportOf([outcomeOf('skipped')])],
    ['nothing', reportOf([])],
  ])('with %s is well formed and needs nothing else', async (_, report) => {
    expect(faultsOfPage(await renderReport(report))).toEqual([])
  })

  it('shows words of others as words', async () => {
    const page = await renderReport(full)
    expect(page).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;')
    expect(page).not.toContain('<script>alert')
    expect(page).not.toContain('<b onclick')
    expect(page.match(/<script/g)).toHaveLength(1)
  })

  it('shows control and direction characters of others as text, wherever they stand', async () => {
    const page = await renderReport(full)
    expect(page).toContain(String.raw`\u202eevil\u0007\u009b`)
    expect(page.split('\n').filter((line) => !isPrintable(line))).toEqual([])
  })

  it('lets no other script run than its own', async () => {
    const page = await renderReport(full)
    const script = /<script>([^]*?)<\/script>/.exec(page)?.[1] ?? ''
    const hash = createHash('sha256').update(script).digest('base64')
    expect(page).toContain(`script-src 'sha256-${hash}'`)
  })

  it('names each failed item and its next step', async () => {
    const page = await renderReport(many)
    for (let index = 0; index < 500; index += 5) {
      expect(page).toContain(
        `<span class="name">image-${index}</span> <span class="status bad">failed`,
      )
    }
    expect(page).toContain('<strong>Next step:</strong> next ')
  })

  it.each([
    ['has', outcomeOf('copied'), true],
    ['does not have', outcomeOf('skipped'), false],
  ])('%s a timeline', async (_, outcome, isThere) => {
    const page = await renderReport(reportOf([outcome]))
    expect(page.includes('<svg class="timeline"')).toBe(isThere)
  })
})
