import { DescribeClusterCommand, EKSClient } from '@aws-sdk/client-eks'
import { eksToken } from '../../../unit/support/servers/eks-token.ts'
import { clientSettings } from '../../../unit/support/servers/sandbox-clients.ts'
import type { World } from '../world.ts'

/** Writes a kubeconfig for a cluster of the world's sandbox, with a fresh token, and returns its path. */
export async function writeKubeconfig(world: World, name: string): Promise<string> {
  const client = new EKSClient(clientSettings(world.sandbox))
  const { cluster } = await client.send(new DescribeClusterCommand({ name }))
  client.destroy()
  const tokenFile = await world.write('token', eksToken({ cluster: name }))
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [
      {
        name,
        cluster: {
          server: cluster?.endpoint,
          'certificate-authority-data': cluster?.certificateAuthority?.data,
        },
      },
    ],
    users: [{ name, user: { tokenFile } }],
  }
  return world.write('kubeconfig', JSON.stringify(config))
}
