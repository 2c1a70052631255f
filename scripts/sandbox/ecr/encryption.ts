import { createHash } from 'node:crypto'
import { ApiError } from '../aws/json-api.ts'
import type { Place } from '../aws/partition.ts'

export interface EncryptionConfiguration {
  readonly encryptionType: string
  readonly kmsKey?: string | undefined
}

/** The encryption as ECR stores it: KMS always has a key, identified by its ARN. */
export function resolveEncryption(
  place: Place,
  { encryptionType, kmsKey }: EncryptionConfiguration,
): EncryptionConfiguration {
  if (encryptionType === 'AES256') {
    if (kmsKey === undefined) return { encryptionType }
    throw new ApiError(
      'InvalidParameterException',
      "Invalid parameter at 'encryptionConfiguration' failed to satisfy constraint: 'KMS key must not be specified for AES256 encryption'",
    )
  }
  return { encryptionType, kmsKey: keyArn(place, kmsKey ?? 'alias/aws/ecr') }
}

function keyArn({ partition, region, account }: Place, key: string): string {
  const own = `arn:${partition}:kms:${region}:${account}:`
  if (key.startsWith('arn:') && !key.startsWith(`arn:${partition}:kms:${region}:`)) {
    throw new ApiError('KmsException', `The KMS key '${key}' is not in region '${region}'`)
  }
  const name = key.replace(/^arn:.*?:(?=key\/|alias\/)/, '')
  if (name.startsWith('alias/')) return `${own}key/${keyIdOf(name)}`
  return key.startsWith('arn:') ? key : `${own}key/${key}`
}

/** Returns the key behind an alias, which is always the same. */
function keyIdOf(alias: string): string {
  const hash = createHash('sha256').update(alias).digest('hex')
  return hash.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
