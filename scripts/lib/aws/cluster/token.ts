import { SignatureV4 } from '@smithy/signature-v4'
import { STSClient } from '@aws-sdk/client-sts'
import { partitionOf } from '../../model/image/registry.ts'
import { callAws } from '../problem.ts'
import { openAnew, type AwsSession } from '../session.ts'

/** A bearer token for the API server of an EKS cluster. */
export interface ClusterToken {
  readonly token: string
  /** EKS accepts it for 15 minutes after it was made; a minute is reserved for clock differences. */
  readonly expiresAt: Date
}

export interface ClusterTokens {
  readonly issue: (cluster: string) => Promise<ClusterToken>
}

const lifeMilliseconds = 14 * 60_000

const clusterHeader = 'x-k8s-aws-id'

/** Returns the STS host of the cluster's region, which an isolated VPC reaches through its endpoint. */
function stsHost(region: string): string {
  return `sts.${region}.${partitionOf(region)?.suffix ?? 'amazonaws.com'}`
}

/**
 * Makes EKS tokens locally: a presigned STS `GetCallerIdentity` request that names the cluster in a signed header. The
 * URL itself is valid for a minute, which is enough for the check by EKS.
 * Source: the token format of kubernetes-sigs/aws-iam-authenticator ("k8s-aws-v1." and the base64url of the URL).
 */
export function openClusterTokens(session: AwsSession): ClusterTokens {
  return {
    issue: (cluster) =>
      callAws('sts:GetCallerIdentity', async () => {
        // Signing does not reveal that credentials have expired: the cluster would refuse every token made with them.
        // So the credentials are read again for each token.
        const client = openAnew(session, (settings) => new STSClient(settings))
        const { credentials, sha256 } = client.config
        // A token is not valid longer than the credentials that signed it.
        const { expiration } = await credentials()
        const issuedAt = new Date()
        const hostname = stsHost(session.region)
        const signer = new SignatureV4({
          service: 'sts',
          region: session.region,
          credentials,
          sha256,
        })
        const request = {
          protocol: 'https:',
          hostname,
          method: 'GET',
          path: '/',
          query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
          headers: { host: hostname, [clusterHeader]: cluster },
        }
        const signed = await signer.presign(request, {
          expiresIn: 60,
          signingDate: issuedAt,
          unhoistableHeaders: new Set([clusterHeader]),
        })
        const query = Object.entries(signed.query ?? {})
          .map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`)
          .join('&')
        const url = `https://${hostname}/?${query}`
        return {
          token: `k8s-aws-v1.${Buffer.from(url).toString('base64url')}`,
          expiresAt: new Date(
            Math.min(issuedAt.getTime() + lifeMilliseconds, expiration?.getTime() ?? Infinity),
          ),
        }
      }),
  }
}
