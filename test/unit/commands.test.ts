import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { endpointTokens } from '../../scripts/lib/bootstrap/application/endpoint-tokens.ts'
import { allFlags, createParser } from '../../scripts/lib/cli/command/parser.ts'
import { longName } from '../../scripts/lib/cli/command/flag.ts'
import { commands } from '../../scripts/lib/commands/all.ts'
import { bootstrap } from '../../scripts/lib/commands/bootstrap.ts'
import { demo, sandbox } from '../../scripts/lib/commands/sandbox.ts'
import { bench } from '../bench/flags.ts'
import { parseBootstrap } from './support/bootstrap.ts'

const project = resolve(import.meta.dirname, '../..')
const everyCommand = [...commands, sandbox, demo, bench].map(
  (command) => [command.script, command] as const,
)

describe.each(everyCommand)('%s', (script, command) => {
  it('is a script of this project', () => {
    expect(existsSync(join(project, script))).toBe(true)
  })

  it('names only flags of its own as required or conflicting', () => {
    const flags = allFlags(command)
    const named = Object.values(flags).flatMap(({ requires = [], conflicts = [] }) => [
      ...requires,
      ...conflicts,
    ])
    expect(named.filter((name) => !Object.hasOwn(flags, name))).toEqual([])
  })

  it('has one flag for each long name and each letter', () => {
    const flags = Object.entries(allFlags(command))
    const names = flags.flatMap(([name, flag]) => [longName(name, flag), flag.short ?? []].flat())
    expect(names.toSorted()).toEqual([...new Set(names)].toSorted())
  })

  it.each(command.examples.map((example) => [example] as const))(
    'accepts its own example: %s',
    async (example) => {
      const [line = ''] = example.replace(/^-- /, '').split(' >')
      const calls: unknown[] = []
      const parser = createParser(command, '0.0.0', async (call) => void calls.push(call))
      const words = line.split(' ').filter((word) => word !== '')
      await parser
        .configureOutput({ writeErr: () => undefined })
        .parseAsync(words, { from: 'user' })
      expect(calls).toHaveLength(1)
    },
  )
})

test('every entry has a command', () => {
  const entries = readdirSync(join(project, 'scripts'))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `scripts/${name}`)
  const scripts = everyCommand.map(([script]) => script)
  expect(entries.filter((entry) => !scripts.includes(entry))).toEqual([])
})

test('the help of a bootstrap names the endpoints that its template can create', async () => {
  expect(bootstrap.flags.createVpcEndpoints.about).toContain(endpointTokens.join(','))
  const line = `--deploy-import-vpc-cfn --create-vpc-endpoints ${endpointTokens.join(',')}`
  expect((await parseBootstrap(line)).createVpcEndpoints).toBe(endpointTokens.join(','))
})
