import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { createAgent } from '../../../../scripts/lib/tools/http/http.ts'
import type { World } from '../world.ts'

/** A user in a world: the variables that point to its sandbox, and a home. */
type User = Pick<World, 'env' | 'home' | 'registry'>

/** Returns an AWS SDK client for the world's sandbox. */
export function ecrClient({ env }: Pick<User, 'env'>): ECRClient {
  const agent = createAgent(env)
  return new ECRClient({
    region: env['AWS_REGION'] ?? '',
    credentials: {
      accessKeyId: env['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: env['AWS_SECRET_ACCESS_KEY'] ?? '',
    },
    requestHandler: new NodeHttpHandler({ httpAgent: agent, httpsAgent: agent }),
  })
}

/** Logs the world's user in to its ECR, as `docker login` would: crane, helm and skopeo all find it there. */
export async function logIn(world: User): Promise<void> {
  const client = ecrClient(world)
  const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({}))
  client.destroy()
  const auth = authorizationData?.[0]?.authorizationToken ?? ''
  await writeDockerConfig(world, { auths: { [world.registry]: { auth } } })
}

/** Writes the user's own docker configuration and returns its path. */
export async function writeDockerConfig(
  { home }: Pick<User, 'home'>,
  config: object,
): Promise<string> {
  const file = join(home, '.docker', 'config.json')
  await mkdir(join(home, '.docker'), { recursive: true })
  await writeFile(file, JSON.stringify(config))
  return file
}
