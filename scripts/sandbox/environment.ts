import { join } from 'node:path'
import { accessKey } from './aws/credentials.ts'

export interface EnvironmentParts {
  readonly proxyUrl: string
  readonly caFile: string
  readonly region: string
  /** The sandbox's private folder; files named in it need not exist. */
  readonly folder: string
}

/**
 * Returns the environment that makes every HTTPS request of crane, helm, curl, the AWS CLI and Node.js go to the
 * sandbox.
 */
export function environmentOf(parts: EnvironmentParts): Record<string, string> {
  const { proxyUrl, caFile, region, folder } = parts
  return {
    HTTPS_PROXY: proxyUrl,
    HTTP_PROXY: proxyUrl,
    NO_PROXY: '',
    https_proxy: proxyUrl,
    http_proxy: proxyUrl,
    no_proxy: '',
    SSL_CERT_FILE: caFile,
    CURL_CA_BUNDLE: caFile,
    REQUESTS_CA_BUNDLE: caFile,
    AWS_CA_BUNDLE: caFile,
    NODE_EXTRA_CA_CERTS: caFile,
    AWS_ACCESS_KEY_ID: accessKey.id,
    AWS_SECRET_ACCESS_KEY: accessKey.secret,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
    // The user's own profiles must have no effect.
    AWS_CONFIG_FILE: join(folder, 'no-aws-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'no-aws-credentials'),
    // The sandbox's archives must never be mistaken for published ones of the same name.
    ECR_AIRLIFT_CHART_CACHE: join(folder, 'charts'),
  }
}
