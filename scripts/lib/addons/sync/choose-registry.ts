import { createAwsAgent } from '../../aws/agent.ts'
import { readDefaultRegistry } from '../../aws/defaults.ts'
import type { Context } from '../../cli/main.ts'
import { readTarget } from '../../aws/ecr/target.ts'
import { ProblemError, usageProblem } from '../../model/problem.ts'
import type { EcrRegistry } from '../../model/image/registry.ts'

/**
 * Returns the given registry, else the one of the credentials' account and region. Throws `ProblemError` when they
 * contradict each other or no region is known.
 */
export async function chooseRegistry(
  { targetRegistry, region }: { readonly targetRegistry?: string; readonly region?: string },
  { env, signal }: Pick<Context, 'env' | 'signal'>,
): Promise<EcrRegistry> {
  if (region === '') throw new ProblemError(usageProblem('--region is empty'))
  const host = targetRegistry ?? (await readDefaultRegistry(createAwsAgent(env), region, signal))
  return readTarget(host, region)
}
