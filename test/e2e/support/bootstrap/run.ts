import { expect } from 'vitest'
import type { ScriptResult } from '../../../unit/support/run-script.ts'
import type { BootstrapWorld } from './bootstrap.ts'
import type { Network } from './aws-network.ts'

/** The output of `--output json`. */
export interface Output {
  readonly steps: readonly {
    readonly id: string
    readonly status: string
    readonly result: string
  }[]
  readonly problems?: readonly { readonly kind: string; readonly message: string }[]
  readonly deployment?: Readonly<Record<string, string>>
  readonly release?: string | null
}

export function readOutput({ stdout }: ScriptResult): Output {
  return JSON.parse(stdout) as Output
}

/** The outcome of each step, by its ID. */
export function statusesOf({ steps }: Output): Record<string, string> {
  return Object.fromEntries(steps.map(({ id, status }) => [id, status]))
}

/** The number of calls of each operation of an AWS service, by the start of its host name. */
export function callsOf({ world }: BootstrapWorld, service: string): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const [host, { operations }] of Object.entries(world.sandbox.counters())) {
    if (!host.startsWith(`${service}.`)) continue
    for (const [name, count] of Object.entries(operations)) sums[name] = (sums[name] ?? 0) + count
  }
  return sums
}

/** Hosts that received a request. */
export function askedHosts({ world }: BootstrapWorld): string[] {
  return Object.entries(world.sandbox.counters())
    .filter(([, { requests }]) => requests > 0)
    .map(([host]) => host)
}

/** Requests to AWS that were meant to change something. */
export function writesOf({ world }: BootstrapWorld): number {
  return Object.values(world.sandbox.counters()).reduce((sum, { writes }) => sum + writes, 0)
}

/** Flags of an import into some subnets of a network, by their names. */
export function importing(
  stack: string,
  { vpcId, subnets }: Network,
  names: readonly string[] = Object.keys(subnets),
): string[] {
  const ids = names.map((name) => subnets[name] ?? name)
  const place = ['--vpc-id', vpcId, '--subnet-ids', ids.join(',')]
  return ['--deploy-import-vpc-cfn', '--stack-name', stack, ...place]
}

/** Expects that a run was rejected with these words, that it names a next step, and that it is not a bug. */
export function expectRefused(
  result: ScriptResult,
  code: 1 | 2 | 3,
  words: readonly (string | RegExp)[],
): void {
  const { stderr } = result
  expect(result.code, stderr).toBe(code)
  for (const one of words) {
    if (typeof one === 'string') expect(stderr).toContain(one)
    else expect(stderr).toMatch(one)
  }
  expect(stderr).toMatch(/^ {2}→ /m)
  expect(stderr).not.toMatch(/this is a bug/)
  expect(stderr.includes('nothing was changed'), stderr).toBe(code !== 1)
  expect(stderr.includes('To continue, rerun it'), stderr).toBe(code !== 2)
}
