import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { ProblemError } from '../model/problem.ts'
import { callAws } from './problem.ts'
import { type AwsSettings, clientSettings } from './settings.ts'

export interface Identity {
  readonly account: string
  readonly arn: string
}

/** Looks up the identity of the credentials in STS. Throws `ProblemError`, also when STS returns no account. */
export async function readIdentity(settings: AwsSettings, signal: AbortSignal): Promise<Identity> {
  // STS has no dual-stack endpoint in most regions; its plain one serves every caller.
  const client = new STSClient(clientSettings({ ...settings, dualStack: false }))
  const call = 'sts:GetCallerIdentity'
  try {
    const { Account, Arn } = await callAws(call, () =>
      client.send(new GetCallerIdentityCommand({}), { abortSignal: signal }),
    )
    if (Account === undefined || Account === '') {
      throw new ProblemError({
        kind: 'unknown',
        side: 'target',
        message: `${call} returned no account`,
        next: 'check the credentials with "aws sts get-caller-identity"',
      })
    }
    return { account: Account, arn: Arn ?? '' }
  } finally {
    client.destroy()
  }
}
