import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Problem } from '../../../scripts/lib/model/problem.ts'
import { parseChartsYaml } from '../../../scripts/lib/sources/charts-yaml.ts'
import {
  checkGenerated,
  moduleFile,
  parseListFile,
} from '../../../scripts/lib/sources/manifest/generated.ts'
import { parseManifest } from '../../../scripts/lib/sources/manifest/parse.ts'
import { hashInput } from '../../../scripts/lib/sources/manifest/module.ts'
import { makeTempFolder } from '../support/temp-folder.ts'

const list = (lines: string) => `charts: []\nrepositories:\n${lines}`
const problems = (work: Promise<unknown>) =>
  work.then(
    () => [],
    (error: { problems: readonly Problem[] }) => error.problems.map(({ message }) => message),
  )

describe('the repositories of a chart list', () => {
  it('are read as they are written, policies of files in their place', async () => {
    const folder = makeTempFolder()
    writeFileSync(join(folder, 'lifecycle.json'), '{"rules": [{"rulePriority": 1}]}')
    const text = list(`  mutability: immutable
  mutabilityExclude: [latest]
  encryption: { type: KMS, key: alias/ecr }
  scanOnPush: false
  lifecyclePolicy: lifecycle.json
  repositoryPolicy:
    Version: 2012-10-17
    Statement: []
  tags: { team: search }
`)
    const { list: read } = await parseListFile(join(folder, 'charts.yaml'), text)
    expect(read.repositories).toEqual({
      mutability: 'immutable',
      mutabilityExclude: ['latest'],
      encryption: { type: 'KMS', key: 'alias/ecr' },
      scanOnPush: false,
      lifecyclePolicy: { rules: [{ rulePriority: 1 }] },
      repositoryPolicy: { Version: '2012-10-17', Statement: [] },
      tags: { team: 'search' },
    })
  })

  it.each([
    [
      'an unknown key',
      '  mutable: true\n',
      'c.yaml:3:3: repositories.mutable: unknown key "mutable"',
    ],
    ['another mutability', '  mutability: fixed\n', 'c.yaml:3:15: repositories.mutability'],
    [
      'a filter at its place',
      '  mutability: mutable\n  mutabilityExclude:\n    - ok\n    - v[0-9]\n',
      'c.yaml:6:7: repositories.mutabilityExclude.1: "v[0-9]" is not a tag filter',
    ],
    [
      'an unquoted filter',
      '  mutability: mutable\n  mutabilityExclude: [1.10]\n',
      'c.yaml:4:23: repositories.mutabilityExclude.0: a filter must be a string; quote it',
    ],
    [
      'an unknown encryption',
      '  encryption: { type: AES }\n',
      'c.yaml:3:23: repositories.encryption.type',
    ],
    [
      'a key that is none',
      '  encryption: { type: KMS, key: mine }\n',
      'c.yaml:3:33: repositories.encryption.key: "mine" is not a KMS key',
    ],
    [
      'a number for a tag',
      '  tags: { team: 7 }\n',
      'c.yaml:3:17: repositories.tags.team: the value of a tag must be a string; quote it',
    ],
    ['a tag of AWS', '  tags: { aws:x: y }\n', 'c.yaml:3:18: repositories.tags.aws:x: "aws:x" is'],
    [
      'a list for a policy',
      '  lifecyclePolicy: [1]\n',
      'c.yaml:3:20: repositories.lifecyclePolicy: a policy must be a mapping, or the name of a file',
    ],
    [
      'a policy without its part',
      '  repositoryPolicy: { Statements: [] }\n',
      'c.yaml:3:21: repositories.repositoryPolicy: this policy has no "Statement"',
    ],
  ])('refuse %s', (_, lines, message) => {
    const parsed = parseChartsYaml({ file: 'c.yaml', text: list(lines) })
    expect(parsed.ok ? 'accepted' : parsed.problem.message).toContain(message)
  })

  it.each([
    ['that is not there', undefined, 'lifecyclePolicy: file "p.json" cannot be read: it does not'],
    ['with a syntax error', '{"rules": [}', 'p.json:1:12'],
    ['with a duplicate key', '{"rules": [], "rules": []}', 'p.json:1:15'],
    ['that is no mapping', '[]', 'p.json:1:1: a policy must be a mapping'],
    ['without rules', '{}', 'p.json:1:1: this policy has no "rules"'],
  ])('refuse a policy file %s', async (_, content, message) => {
    const folder = makeTempFolder()
    if (content !== undefined) writeFileSync(join(folder, 'p.json'), content)
    const file = join(folder, 'charts.yaml')
    const [found] = await problems(parseListFile(file, list('  lifecyclePolicy: p.json\n')))
    expect(found).toContain(message)
  })
})

describe('the repositories of a manifest', () => {
  it('are checked like those of a list', () => {
    const text = JSON.stringify({
      input: 'x',
      charts: [],
      images: [],
      repositories: { lifecyclePolicy: 'file.json', tags: { 'aws:x': 'y' } },
    })
    const parsed = parseManifest('m.json', text)
    const message = parsed.ok ? 'accepted' : parsed.problem.message
    expect(message).toContain('repositories.lifecyclePolicy: a policy must be a mapping')
  })

  it('are stale when a policy file has changed', async () => {
    const folder = makeTempFolder()
    const [listFile, policyFile] = [join(folder, 'charts.yaml'), join(folder, 'p.yaml')]
    const text = list('  lifecyclePolicy: p.yaml\n')
    writeFileSync(policyFile, 'rules: [{ rulePriority: 1 }]')
    const source = await parseListFile(listFile, text)
    const manifest = { charts: [], images: [], relocation: {}, input: hashInput(text) }
    const { repositories } = source.list
    if (repositories === undefined) throw new Error('the list lost its repositories')
    const file = join(folder, 'manifest.ts')
    const written = await moduleFile({ ...manifest, repositories }, 'its chart list', file)
    writeFileSync(file, written.text)
    expect(await checkGenerated(source, file)).toEqual([])
    writeFileSync(policyFile, 'rules: [{ rulePriority: 2 }]')
    const [stale] = await checkGenerated(await parseListFile(listFile, text), file)
    expect(stale?.message).toContain('was not generated from the current')
  })
})
