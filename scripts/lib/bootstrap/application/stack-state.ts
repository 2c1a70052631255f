import type { Problem } from '../../model/problem.ts'

/** What may be done with a stack in a state. */
export type StackMove =
  { readonly move: 'create' | 'update' } | { readonly move: 'refuse'; readonly problem: Problem }

/** Judges a stack before it is deployed. Broken ones are never repaired by deleting them. */
export function judgeStack(name: string, status: string | undefined, reason = ''): StackMove {
  if (status === undefined) return { move: 'create' }
  const advice = adviceFor(name, status)
  if (advice === undefined) return { move: 'update' }
  const because = reason === '' ? '' : `: ${reason}`
  return {
    move: 'refuse',
    problem: {
      kind: 'conflict',
      side: 'target',
      message: `stack "${name}" is in state ${status}${because}`,
      next: advice,
    },
  }
}

const remove =
  'delete it yourself (in the console, or "aws cloudformation delete-stack"), then run this again'

function adviceFor(name: string, status: string): string | undefined {
  // Nothing goes on there: a change set that was never executed leaves a stack with nothing in it.
  if (status === 'REVIEW_IN_PROGRESS') {
    return `it is no more than a change set that nobody has executed: execute that, or ${remove}`
  }
  if (status.endsWith('_IN_PROGRESS')) {
    return `something is being done with it; wait until "aws cloudformation describe-stacks --stack-name ${name}" shows another state, then run this again`
  }
  switch (status) {
    case 'CREATE_FAILED':
      return `its creation failed: look at its events for the cause, roll it back with "aws cloudformation rollback-stack --stack-name ${name}" or ${remove}`
    case 'ROLLBACK_COMPLETE':
      return `its creation failed, and such a stack cannot be updated: look at its events for the cause, ${remove}`
    case 'ROLLBACK_FAILED':
    case 'DELETE_FAILED':
      return `look at its events for what could not be removed, ${remove}`
    case 'UPDATE_ROLLBACK_FAILED':
      return `mend what its events name, then "aws cloudformation continue-update-rollback --stack-name ${name}", then run this again`
    case 'UPDATE_FAILED':
      return `roll it back with "aws cloudformation rollback-stack --stack-name ${name}", then run this again`
    default:
      return undefined
  }
}

/** How a deployment ended, or nothing while it is under way. */
export function stackEnding(status: string): 'succeeded' | 'failed' | undefined {
  if (status.endsWith('_IN_PROGRESS')) return undefined
  return status === 'CREATE_COMPLETE' || status === 'UPDATE_COMPLETE' ? 'succeeded' : 'failed'
}
