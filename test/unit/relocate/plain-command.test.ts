import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RelocateFlags } from '../../../scripts/lib/commands/relocate-chart.ts'
import { findInput } from '../../../scripts/lib/relocate/plain-command.ts'
import { makeTempFolder } from '../support/temp-folder.ts'

const usual: RelocateFlags = {
  layout: 'mirrored',
  namespace: 'default',
  output: 'text',
  prefix: '',
}

function file(): string {
  const path = join(makeTempFolder(), 'a.yaml')
  writeFileSync(path, '')
  return path
}

describe('manifests refuse a flag that is about charts', () => {
  it.each<readonly [string, Partial<RelocateFlags>, string]>([
    ['--version', { version: '1.2.3' }, 'manifests have no version'],
    ['--values', { values: ['a.yaml'] }, 'manifests have no values'],
    ['--set', { set: ['a=b'] }, 'manifests have no values'],
    ['--set-string', { setString: ['a=b'] }, 'manifests have no values'],
    ['--set-json', { setJson: ['a=1'] }, 'manifests have no values'],
    ['--kube-version', { kubeVersion: '1.32.0' }, 'the same for every cluster and release'],
    ['--api-versions', { apiVersions: ['a/v1'] }, 'the same for every cluster and release'],
    ['--release-name', { releaseName: 'a' }, 'the same for every cluster and release'],
    ['--namespace', { namespace: 'a' }, 'the same for every cluster and release'],
    ['--layout by-chart', { layout: 'by-chart' }, 'no chart to name repositories after'],
    ['--operators', { operators: 'none' }, 'the catalog of operators is about charts'],
    ['--node-os', { nodeOs: ['ubuntu24.04'] }, 'the catalog of operators is about charts'],
    ['--nested', { nested: true }, 'no values lead from manifests into nested charts'],
    ['--graph', { graph: true }, 'manifests have no dependencies'],
    ['--repack', { repack: 'a' }, 'there is no chart to patch'],
  ])('%s', async (flag, flags, reason) => {
    const found = await findInput(file(), { ...usual, ...flags })
    const { kind, message, next } = found.ok ? { kind: '', message: '', next: '' } : found.problem
    expect(kind).toBe('usage')
    expect(message).toContain(`${flag} does not apply to "a.yaml", which is read as manifests: `)
    expect(message).toContain(reason)
    expect(next).toBe(`omit ${flag}, or specify a chart`)
  })

  it('and --repo, where stdin is read', async () => {
    const found = await findInput('-', { ...usual, repo: 'https://example.com' })
    expect(found.ok ? '' : found.problem.message).toContain('--repo does not apply to "stdin"')
  })
})

it('a name in a repository is that of a chart, even if there is a file of that name', async () => {
  const found = await findInput(file(), { ...usual, repo: 'https://example.com' })
  expect(found).toEqual({ ok: true, value: undefined })
})

it('the flags about the result are accepted', async () => {
  const flags = { mirror: ['a'], ignore: ['b'], strict: true, images: true, postRenderer: 'p' }
  const found = await findInput(file(), { ...usual, ...flags, prefix: 'team' })
  expect(found.ok && found.value?.kind).toBe('file')
})
