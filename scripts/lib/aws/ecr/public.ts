import { ECRPUBLICClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr-public'
import { callAws } from '../problem.ts'
import { type AwsSettings, clientSettings } from '../settings.ts'
import { type RegistryLogin, readToken } from '../token.ts'

/** The region of ECR Public's API; for other regions the SDK would build host names that do not exist. */
const apiRegion = 'us-east-1'

/** Logs in to public.ecr.aws, which raises its limit from one pull per second to ten. Throws `ProblemError`. */
export async function authorizePublic(
  settings: AwsSettings,
  signal: AbortSignal,
): Promise<RegistryLogin> {
  const client = new ECRPUBLICClient(
    clientSettings({ ...settings, region: apiRegion, fips: false, dualStack: false }),
  )
  const call = 'ecr-public:GetAuthorizationToken'
  try {
    const { authorizationData } = await callAws(call, () =>
      client.send(new GetAuthorizationTokenCommand({}), { abortSignal: signal }),
    )
    return readToken(call, authorizationData)
  } finally {
    client.destroy()
  }
}
