import { partitionIdOf } from '../../model/image/registry.ts'
import { ProblemError } from '../../model/problem.ts'

/** Throws `ProblemError` for a principal of another partition than the region's. */
export function checkPrincipal(principal: string, region: string): void {
  const partition = partitionIdOf(region)
  if (principal.startsWith(`arn:${partition}:`)) return
  throw new ProblemError({
    kind: 'usage',
    side: 'input',
    message: `--eks-access-principal-arn "${principal}" is in a different partition than region "${region}"`,
    next: `use an ARN that starts with arn:${partition}:`,
  })
}
