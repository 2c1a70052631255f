import {
  ECRClient,
  GetAccountSettingCommand,
  GetAuthorizationTokenCommand,
} from '@aws-sdk/client-ecr'
import { type EcrImages, openImages } from './images.ts'
import { type EcrRepositories, openRepositories } from './repositories.ts'
import { callAws } from '../problem.ts'
import { type AwsSettings, clientSettings } from '../settings.ts'
import { type RegistryLogin, readToken } from '../token.ts'

export type { EcrImage, UnreadableImage } from './images.ts'
export type { EcrRepository } from './repositories.ts'

/** The ECR control plane calls of a mirror. Every failure is a `ProblemError`. */
export interface Ecr extends EcrRepositories, EcrImages {
  readonly authorize: () => Promise<RegistryLogin>
  /** Returns whether layers may be mounted across repositories in this account and region. */
  readonly mayMount: () => Promise<boolean>
  readonly close: () => void
}

export function openEcr(settings: AwsSettings, account: string, signal: AbortSignal): Ecr {
  const client = new ECRClient(clientSettings(settings))
  const abortable = { abortSignal: signal }

  return {
    ...openRepositories(client, account, signal),
    ...openImages(client, account, signal),

    authorize: () => authorize(client, signal),

    mayMount: () =>
      callAws('ecr:GetAccountSetting', async () => {
        const command = new GetAccountSettingCommand({ name: 'BLOB_MOUNTING' })
        return (await client.send(command, abortable)).value === 'ENABLED'
      }),

    close: () => client.destroy(),
  }
}

/** Requests a login to the registries of a region. Throws `ProblemError`. */
export async function authorizeRegistry(
  settings: AwsSettings,
  signal: AbortSignal,
): Promise<RegistryLogin> {
  const client = new ECRClient(clientSettings(settings))
  try {
    return await authorize(client, signal)
  } finally {
    client.destroy()
  }
}

function authorize(client: ECRClient, signal: AbortSignal): Promise<RegistryLogin> {
  return callAws('ecr:GetAuthorizationToken', async () => {
    const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({}), {
      abortSignal: signal,
    })
    return readToken('ecr:GetAuthorizationToken', authorizationData?.[0])
  })
}
