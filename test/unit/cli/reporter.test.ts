import { describe, expect, it } from 'vitest'
import { createReporter } from '../../../scripts/lib/cli/reporter.ts'
import { columns, count, formatBytes } from '../../../scripts/lib/cli/text.ts'
import type { MirrorEvent, Outcome } from '../../../scripts/lib/model/events.ts'
import { fakeTerminal } from '../support/texts/terminal.ts'

const outcome: Outcome = {
  kind: 'image',
  name: 'quay.io/a/b:1',
  host: 'quay.io',
  destination: 'd',
  status: 'copied',
  reason: 'not there yet',
  attempts: 1,
  mounted: 0,
  blobs: 1,
  startedAt: 0,
  milliseconds: 1250,
}
const problem = { kind: 'network', side: 'source', message: 'lost\u001b[31m' } as const
const events: readonly MirrorEvent[] = [
  { kind: 'phase', text: 'copying' },
  { kind: 'total', steps: 2 },
  { kind: 'start', name: 'quay.io/a/b:1' },
  { kind: 'blob', bytes: 10, name: 'quay.io/a/b:1' },
  { kind: 'notice', text: 'anonymous' },
  { kind: 'retry', name: 'quay.io/a/b:1', delay: 1500, problem },
  { kind: 'end', outcome },
  { kind: 'end', outcome: { ...outcome, status: 'skipped', reason: 'present, same digest' } },
]

async function show(
  terminal: { isTTY: boolean; columns?: number; rows?: number },
  flags: { quiet?: boolean; verbose?: boolean } = {},
): Promise<string> {
  const fake = fakeTerminal(terminal)
  const reporter = await createReporter({
    quiet: false,
    verbose: false,
    ...flags,
    terminal: fake.terminal,
  })
  for (const event of events) reporter.notify(event)
  reporter.close()
  return fake.text()
}

describe('the reporter', () => {
  it('writes one complete line for each event into a pipe', async () => {
    expect(await show({ isTTY: false })).toBe(`• copying
! anonymous
  retry in 1.5 s: quay.io/a/b:1: lost\\u001b[31m
  [1/2] copied quay.io/a/b:1 (1 blob, 1.3 s)
  [2/2] skipped quay.io/a/b:1: present, same digest
`)
  })

  it('adds each start when it is verbose, and nothing at all when it is quiet', async () => {
    expect(await show({ isTTY: false }, { verbose: true })).toContain('  start quay.io/a/b:1\n')
    expect(await show({ isTTY: false }, { quiet: true })).toBe('')
  })

  it.each([0, 1, 19, 20, 40, 200])('draws on a terminal of %d columns', async (width) => {
    const text = await show({ isTTY: true, columns: width, rows: width === 0 ? 0 : 5 })
    expect(text).toContain('quay.io/a/b:1')
    expect(text).toMatch(/2\/2/)
  })
})

describe('the reporter on a terminal', () => {
  it('shows what is under way with its blobs and bytes, and the bytes of all', async () => {
    const text = await show({ isTTY: true, columns: 80, rows: 24 })
    expect(text).toContain('  quay.io/a/b:1  1 blob  10 B  0 s')
    expect(text).toContain(' 1/2  10 B, 10 B/s')
  })
})

describe('text', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [150 * 1024 * 1024, '150 MiB'],
  ])('says %d bytes as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text)
  })

  it('aligns words to the left and numbers to the right', () => {
    const rows = [
      ['a', 'n'],
      ['bcd', '10'],
    ]
    expect(columns(rows, { numbersFrom: 1 })).toEqual(['a     n', 'bcd  10'])
  })

  it('aligns what is printed, not what it was made of', () => {
    const rows = [
      ['a\u001b[2Kb', 'x\nforged', 'end'],
      ['e\u0301', 'y', 'end'],
    ]
    expect(columns(rows)).toEqual([
      String.raw`a\u001b[2Kb  x\nforged  end`,
      'e\u0301            y          end',
    ])
  })

  it('counts with the right noun', () => {
    expect([count(1, 'item'), count(2, 'item'), count(0, 'repository', 'repositories')]).toEqual([
      '1 item',
      '2 items',
      '0 repositories',
    ])
  })
})
