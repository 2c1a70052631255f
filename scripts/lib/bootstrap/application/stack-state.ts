import type { Problem } from '../../model/problem.ts'

/** What can be done with a stack in its state. */
export type StackMove =
  { readonly move: 'create' | 'update' } | { readonly move: 'refuse'; readonly problem: Problem }

/** Decides what to do with a stack before deployment. Never repairs a broken one by deleting it. */
export function decideStack(name: string, status: string | undefined, reason = ''): StackMove {
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
  'delete it yourself (in the console, or with "aws cloudformation delete-stack"), then rerun'

function adviceFor(name: string, status: string): string | undefined {
  // Not in progress: a change set that was never executed leaves an empty stack.
  if (status === 'REVIEW_IN_PROGRESS') {
    return `execute its pending change set, or ${remove}`
  }
  if (status.endsWith('_IN_PROGRESS')) {
    return `wait until the operation in progress ends (check with "aws cloudformation describe-stacks --stack-name ${name}"), then rerun`
  }
  switch (status) {
    case 'CREATE_FAILED':
      return `its creation failed: find the cause in its events, then roll it back with "aws cloudformation rollback-stack --stack-name ${name}" or ${remove}`
    case 'ROLLBACK_COMPLETE':
      return `its creation failed, so it cannot be updated: find the cause in its events, ${remove}`
    case 'ROLLBACK_FAILED':
    case 'DELETE_FAILED':
      return `check its events for resources that could not be deleted, ${remove}`
    case 'UPDATE_ROLLBACK_FAILED':
      return `fix the cause shown in its events, run "aws cloudformation continue-update-rollback --stack-name ${name}", then rerun`
    case 'UPDATE_FAILED':
      return `roll it back with "aws cloudformation rollback-stack --stack-name ${name}", then rerun`
    default:
      return undefined
  }
}

/** Returns how a deployment ended; nothing while it is in progress. */
export function stackEnding(status: string): 'succeeded' | 'failed' | undefined {
  if (status.endsWith('_IN_PROGRESS')) return undefined
  return status === 'CREATE_COMPLETE' || status === 'UPDATE_COMPLETE' ? 'succeeded' : 'failed'
}
