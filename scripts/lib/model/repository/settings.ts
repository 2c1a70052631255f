import type { ValuesTree } from '../values/values.ts'

export const encryptionTypes = ['AES256', 'KMS', 'KMS_DSSE'] as const

export interface Encryption {
  readonly type: (typeof encryptionTypes)[number]
  /** ARN, alias or ID of a KMS key; defaults to the key that AWS manages for ECR. */
  readonly key?: string
}

/**
 * Requested settings of a mirror's repositories. An omitted setting requests nothing: a new repository gets ECR's
 * default, and an existing one is not checked.
 */
export interface RepositorySettings {
  readonly mutability?: 'mutable' | 'immutable'
  /** Tags to which the opposite applies; `*` is a wildcard. */
  readonly mutabilityExclude?: readonly string[]
  readonly encryption?: Encryption
  readonly scanOnPush?: boolean
  /** Policies are JSON documents; they become text only on their way to ECR. */
  readonly lifecyclePolicy?: ValuesTree
  readonly repositoryPolicy?: ValuesTree
  readonly tags?: Readonly<Record<string, string>>
}

export const policySettings = ['lifecyclePolicy', 'repositoryPolicy'] as const

export type PolicySetting = (typeof policySettings)[number]

/** The tag of every repository created by ecr-airlift, by which a clean-up finds them. */
export const ownTag = { key: 'chart-syncer', value: 'true' } as const

/** A fault in settings, and its path. */
export interface SettingsFault {
  readonly path: readonly [keyof RepositorySettings, ...(readonly (string | number)[])]
  readonly message: string
}

/** ECR's limits, from its API reference. */
const limits = {
  filters: 5,
  tags: 50,
  tagKey: 128,
  tagValue: 256,
  lifecycle: 30_720,
  policy: 10_240,
}

/** Finds everything that ECR would reject, before a call is made. */
export function faultsOfSettings(settings: RepositorySettings): SettingsFault[] {
  return [
    ...faultsOfMutability(settings),
    ...faultsOfEncryption(settings.encryption),
    ...faultsOfTags(settings.tags ?? {}),
    ...faultsOfPolicy('lifecyclePolicy', settings.lifecyclePolicy, 'rules', limits.lifecycle),
    ...faultsOfPolicy('repositoryPolicy', settings.repositoryPolicy, 'Statement', limits.policy),
  ]
}

function faultsOfMutability({
  mutability,
  mutabilityExclude,
}: RepositorySettings): SettingsFault[] {
  if (mutabilityExclude === undefined) return []
  const faults: SettingsFault[] = []
  const add = (message: string, ...rest: readonly number[]) =>
    faults.push({ path: ['mutabilityExclude', ...rest], message })
  if (mutability === undefined) {
    add('mutability filters require a mutability setting')
  }
  if (mutabilityExclude.length === 0 || mutabilityExclude.length > limits.filters) {
    add(`ECR accepts 1 to ${limits.filters} filters, not ${mutabilityExclude.length}`)
  }
  for (const [index, filter] of mutabilityExclude.entries()) {
    if (/^[0-9a-zA-Z._*-]{1,128}$/.test(filter)) continue
    add(
      `"${filter}" is not a tag filter: use letters, digits, ".", "_" and "-", with "*" as a wildcard`,
      index,
    )
  }
  return faults
}

const keyForms: readonly RegExp[] = [
  /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(?:key\/[\w-]+|alias\/[\w/-]+)$/,
  /^alias\/[\w/-]+$/,
  /^(?:[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}|mrk-[\da-f]{32})$/,
]

function faultsOfEncryption(encryption: Encryption | undefined): SettingsFault[] {
  if (encryption?.key === undefined) return []
  const { type, key } = encryption
  if (type === 'AES256') {
    return [
      { path: ['encryption', 'key'], message: 'a key requires type KMS or KMS_DSSE, not AES256' },
    ]
  }
  if (keyForms.some((form) => form.test(key))) return []
  const message = `"${key}" is not a KMS key: use its ARN, its ID, or an alias such as alias/ecr`
  return [{ path: ['encryption', 'key'], message }]
}

function faultsOfTags(tags: Readonly<Record<string, string>>): SettingsFault[] {
  const faults: SettingsFault[] = []
  const names = Object.keys(tags)
  // One place is reserved for our own tag.
  if (names.length >= limits.tags) {
    faults.push({
      path: ['tags'],
      message: `${names.length} tags are too many: a repository can have ${limits.tags}, and ${ownTag.key} is one of them`,
    })
  }
  for (const [key, value] of Object.entries(tags)) {
    const message = faultOfTag(key, value)
    if (message !== undefined) faults.push({ path: ['tags', key], message })
  }
  return faults
}

function faultOfTag(key: string, value: string): string | undefined {
  if (key === ownTag.key) return `"${key}" is set on every repository automatically; remove it`
  if (key.toLowerCase().startsWith('aws:'))
    return `"${key}" is reserved: only AWS sets tags that start with "aws:"`
  if (key === '' || key.length > limits.tagKey) {
    return `a tag key must have 1 to ${limits.tagKey} characters, not ${key.length}`
  }
  if (value.length > limits.tagValue) {
    return `the value of tag "${key}" has ${value.length} characters; ${limits.tagValue} are allowed`
  }
  const stray = /[^\p{L}\p{Z}\p{N}_.:/=+\-@]/u.exec(key + value)?.[0]
  return stray && `tag "${key}" has the character "${stray}", which AWS does not allow in tags`
}

function faultsOfPolicy(
  name: PolicySetting,
  policy: ValuesTree | undefined,
  part: string,
  longest: number,
): SettingsFault[] {
  if (policy === undefined) return []
  if (!Object.hasOwn(policy, part)) {
    return [{ path: [name], message: `this policy has no "${part}"` }]
  }
  const { length } = policyText(policy)
  return length <= longest
    ? []
    : [{ path: [name], message: `this policy has ${length} characters; ECR accepts ${longest}` }]
}

/** Returns a policy as ECR receives it: JSON without spaces. */
export function policyText(policy: ValuesTree): string {
  return JSON.stringify(policy)
}

/** Reads `key=value`; the value may be empty or contain more `=`. */
export function parseTag(text: string): readonly [string, string] | undefined {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  return key === undefined || value === undefined ? undefined : [key, value]
}

/**
 * Merges settings from flags over those of the chart list. Tags are merged one by one. A different mutability also
 * removes the exceptions to the old one, because they would mean the opposite.
 */
export function mergeSettings(
  block: RepositorySettings,
  flags: RepositorySettings,
): RepositorySettings {
  const { mutabilityExclude: _, ...others } = block
  const kept = flags.mutability === undefined ? block : others
  const merged = { ...kept, ...flags }
  return block.tags === undefined || flags.tags === undefined
    ? merged
    : { ...merged, tags: { ...block.tags, ...flags.tags } }
}

/** Returns the setting under ECR's name for it. */
export function mutabilityName({
  mutability,
  mutabilityExclude = [],
}: Pick<RepositorySettings, 'mutability' | 'mutabilityExclude'>) {
  const isMutable = mutability !== 'immutable'
  if (mutabilityExclude.length === 0) return isMutable ? 'MUTABLE' : 'IMMUTABLE'
  return isMutable ? 'MUTABLE_WITH_EXCLUSION' : 'IMMUTABLE_WITH_EXCLUSION'
}

/** True when nothing is requested. */
export function isIndifferent(settings: RepositorySettings): boolean {
  return Object.values(settings).every((value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.keys(value).length === 0
      : value === undefined,
  )
}
