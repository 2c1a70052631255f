import { z } from 'zod'
import { ApiError, type ApiInput } from '../aws/json-api.ts'
import { mutabilities } from './mutability.ts'

/** The requests of the ECR API, limited to the fields that this one reads. */
const repositoryName = z.string()
const tags = z.array(
  z.object({ Key: z.string().min(1).max(128), Value: z.string().max(256).default('') }),
)
const imageId = z.object({ imageDigest: z.string().optional(), imageTag: z.string().optional() })
const imageIds = z.array(imageId)
/** Without a storage filter, listings contain active images only. */
const filter = z
  .object({
    tagStatus: z.enum(['TAGGED', 'UNTAGGED', 'ANY']).default('ANY'),
    imageStatus: z.enum(['ACTIVE', 'ARCHIVED', 'ACTIVATING', 'ANY']).default('ACTIVE'),
  })
  .default({ tagStatus: 'ANY', imageStatus: 'ACTIVE' })
const paging = z.object({
  maxResults: z.number().int().min(1).max(1000).optional(),
  nextToken: z.string().optional(),
})
const scanning = z.object({ scanOnPush: z.boolean().default(false) })
const mutability = z.object({
  imageTagMutability: z.enum(mutabilities).default('MUTABLE'),
  imageTagMutabilityExclusionFilters: z
    .array(
      z.object({
        filterType: z.literal('WILDCARD'),
        filter: z.string().regex(/^[0-9a-zA-Z._*-]{1,128}$/),
      }),
    )
    .min(1)
    .max(5)
    .optional(),
})

export const inputs = {
  createRepository: mutability.extend({
    repositoryName,
    tags: tags.default([]),
    imageScanningConfiguration: scanning.optional(),
    encryptionConfiguration: z
      .object({
        encryptionType: z.enum(['AES256', 'KMS', 'KMS_DSSE']),
        kmsKey: z.string().optional(),
      })
      .optional(),
  }),
  describeRepositories: paging.extend({ repositoryNames: z.array(repositoryName).optional() }),
  deleteRepository: z.object({ repositoryName, force: z.boolean().default(false) }),
  tagResource: z.object({ resourceArn: z.string(), tags }),
  listTagsForResource: z.object({ resourceArn: z.string() }),
  putImageTagMutability: mutability.extend({ repositoryName }),
  putImageScanningConfiguration: z.object({ repositoryName, imageScanningConfiguration: scanning }),
  repository: z.object({ repositoryName }),
  putLifecyclePolicy: z.object({
    repositoryName,
    lifecyclePolicyText: z.string().min(1).max(30_720),
  }),
  setRepositoryPolicy: z.object({ repositoryName, policyText: z.string().max(10_240) }),
  describeTemplates: paging.extend({ prefixes: z.array(z.string()).optional() }),
  accountSetting: z.object({ name: z.string(), value: z.string().optional() }),
  describeImages: paging.extend({ repositoryName, imageIds: imageIds.optional(), filter }),
  listImages: paging.extend({ repositoryName, filter }),
  updateImageStorageClass: z.object({
    repositoryName,
    imageId,
    targetStorageClass: z.enum(['STANDARD', 'ARCHIVE']),
  }),
  images: z.object({ repositoryName, imageIds: imageIds.min(1).max(100) }),
  layers: z.object({ repositoryName, layerDigests: z.array(z.string()).min(1).max(100) }),
}

export type ImageId = z.infer<typeof imageIds>[number]

/** Reads a request, or throws `InvalidParameterException` as the API does for invalid input. */
export function readInput<T>(schema: z.ZodType<T>, input: ApiInput): T {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const where = issue?.path.join('.') ?? ''
  throw new ApiError(
    'InvalidParameterException',
    `Invalid parameter at '${where}' failed to satisfy constraint: '${issue?.message ?? ''}'`,
  )
}

export interface Page<T> {
  readonly items: readonly T[]
  readonly nextToken?: string
}

/** Returns one page of a list. The token is opaque to clients. */
export function pageOf<T>(
  items: readonly T[],
  request: z.infer<typeof paging>,
  largest = Infinity,
): Page<T> {
  const size = Math.min(request.maxResults ?? 100, largest)
  const start = request.nextToken
    ? Number(Buffer.from(request.nextToken, 'base64url').toString())
    : 0
  if (!Number.isInteger(start)) {
    throw new ApiError('InvalidParameterException', "Invalid parameter at 'nextToken'")
  }
  const end = start + size
  return {
    items: items.slice(start, end),
    ...(end < items.length && { nextToken: Buffer.from(String(end)).toString('base64url') }),
  }
}
