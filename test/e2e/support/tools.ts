import { delimiter, dirname } from 'node:path'
import { run } from '../../../scripts/lib/tools/process/exec.ts'
import { prepareTools } from '../../../scripts/lib/tools/install/install.ts'
import { findOnPath } from '../../../scripts/lib/tools/install/cache.ts'
import { skipWithout } from './needed.ts'

// Once per test file, and before its tests, because a first build takes longer than the time limit of a test.
const prepared = await prepareTools({ env: process.env, run })

export const crane = prepared.crane.path
export const helm = prepared.helm.path

/** A PATH on which children find the tools that the tests use, whether or not the user has them on theirs. */
export const toolPath = [dirname(crane), dirname(helm), process.env['PATH'] ?? ''].join(delimiter)

/** Finds a program that only some machines have. Throws on CI if it is missing. */
export async function findProgram(name: string): Promise<string | undefined> {
  const path = await findOnPath(name, process.env)
  if (path === undefined) skipWithout(`${name} is not on PATH`)
  return path
}
