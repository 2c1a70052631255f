import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Report } from '../../../scripts/lib/mirror/report/report.ts'
import type { ScriptResult } from '../../unit/support/run-script.ts'
import { faultsOfPage } from '../../unit/support/texts/html.ts'
import { images, kubectl, operator } from '../support/images.ts'
import { startWorld, type World } from '../support/world.ts'

// The reports of runs as data and as a page: one in which a source fails, the next one, and one with nothing to do.
let world: World
let folder: string
let first: ScriptResult

const read = (...path: readonly string[]) => readFile(join(folder, ...path), 'utf8')
const readReport = async (...path: readonly string[]) => JSON.parse(await read(...path)) as Report
const escape = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')

function mirror(...args: readonly string[]) {
  return world.mirror(['--state-dir', folder, ...args])
}

beforeAll(async () => {
  world = await startWorld({ images })
  folder = await world.folderOf('own-state')
  const release = world.sandbox.addFault({
    host: 'registry.k8s.io',
    operation: 'manifestGet',
    effect: { status: 404, body: '<script>alert(1)</script>' },
  })
  const wanted = ['first.json', 'first.html'].flatMap((file) => ['--report', join(folder, file)])
  first = await mirror(...wanted)
  release()
})
afterAll(() => world.close())

describe('the report of a run in which a source fails', () => {
  test('is written as data and as a page, to the given files and to the state folder', async () => {
    expect(first.code, first.stderr).toBe(1)
    const report = await readReport('first.json')
    expect(report.counts).toMatchObject({ copied: 1, failed: 1 })
    expect(await readReport(world.registry, 'last-report.json')).toEqual(report)
    expect(await read(world.registry, 'last-report.html')).toBe(await read('first.html'))
    expect(first.stdout.trimEnd().split('\n').at(-1)).toBe(`Details: ${join(folder, 'first.html')}`)
  })

  test('lists every failed item with its next step on its page', async () => {
    const page = await read('first.html')
    const { outcomes } = await readReport('first.json')
    const failed = outcomes.filter(({ status }) => status === 'failed')
    expect(failed.map(({ name }) => name)).toEqual([kubectl])
    for (const { name, problem } of failed) {
      expect(page).toContain(`<span class="name">${name}</span> <span class="status bad">failed`)
      expect(page).toContain(`<strong>Next step:</strong> ${escape(problem?.next ?? 'none')}`)
    }
  })

  test('has a page that is well formed, escapes text from servers and contains no secrets', async () => {
    const page = await read('first.html')
    expect(faultsOfPage(page)).toEqual([])
    expect(page).toContain('&lt;script&gt;alert(1)')
    expect(page).not.toContain('<script>alert(1)')
    const secrets = ['AWS_SECRET_ACCESS_KEY', 'AWS_ACCESS_KEY_ID', 'AWS_SESSION_TOKEN']
    for (const name of secrets) expect(page).not.toContain(world.env[name] ?? 'no such variable')
    expect(page).not.toMatch(/Bearer |Basic |password/i)
  })

  test('shows the copy on the timeline, no earlier than the run could begin to copy', async () => {
    const { outcomes, milliseconds } = await readReport('first.json')
    const copy = outcomes.find(({ name }) => name === operator)
    expect(copy?.startedAt).toBeGreaterThan(0)
    expect((copy?.startedAt ?? NaN) + (copy?.milliseconds ?? NaN)).toBeLessThanOrEqual(milliseconds)
    expect(await read('first.html')).toContain(`<title>${operator}: copied, started at `)
  })
})

describe('the reports of the runs after it', () => {
  test('report that everything is present, and name the page in the state folder', async () => {
    const { code, stdout, stderr } = await mirror()
    expect(code, stderr).toBe(0)
    const page = join(folder, world.registry, 'last-report.html')
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(`Details: ${page}`)
    expect(await readFile(page, 'utf8')).toContain('Everything is present: copied 1 of 2 items.')
  })

  test('leave the page unchanged when there was nothing to do, unless one is requested', async () => {
    await rm(join(folder, world.registry, 'last-report.html'))
    const { code, stdout, stderr } = await mirror()
    expect(code, stderr).toBe(0)
    expect(stdout).not.toContain('Details:')
    expect((await readReport(world.registry, 'last-report.json')).counts.skipped).toBe(2)
    await expect(read(world.registry, 'last-report.html')).rejects.toThrow('ENOENT')
    await mirror('--report', join(folder, 'wanted.html'))
    const page = await read('wanted.html')
    expect(page).toContain('Nothing to do: everything is up to date (2 items).')
    expect(page).not.toContain('<svg class="timeline"')
    expect(faultsOfPage(page)).toEqual([])
  })
})
