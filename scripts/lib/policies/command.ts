import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Context } from '../cli/main.ts'
import type { PolicyFlags, PolicyName } from '../commands/print-policy.ts'
import { unwrap } from '../model/problem.ts'
import { parseEcrRegistry, parsePrefix } from '../model/image/registry.ts'
import { fillPolicy } from './fill.ts'

const folder = fileURLToPath(new URL('../../../policies/', import.meta.url))

/** Runs `print-policy`: prints a policy for one registry. Makes no AWS calls. */
export async function runPrintPolicy(
  name: PolicyName,
  registryText: string,
  { prefix, chart = [], stack, cluster, nodeRole }: PolicyFlags,
  { output }: Context,
): Promise<void> {
  const registry = unwrap(parseEcrRegistry(registryText))
  const scope = {
    registry,
    prefix: unwrap(parsePrefix(prefix)),
    charts: chart,
    stack,
    cluster,
    nodeRole,
  }
  output(unwrap(fillPolicy(await readFile(`${folder}${name}.json`, 'utf8'), scope)))
}
