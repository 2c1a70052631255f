import { compareText } from '../collections.ts'
import {
  type Encryption,
  mutabilityName,
  policySettings,
  policyText,
  type RepositorySettings,
} from './settings.ts'
import { isTree, type ValuesNode, type ValuesTree } from '../values/values.ts'

/** What a listing tells of a repository. */
export interface ExistingRepository {
  /** MUTABLE, IMMUTABLE, or one of the two with exclusion filters. */
  readonly mutability: string
  /** The filters of tags for which the opposite holds; `*` stands for any text. */
  readonly exclusions: readonly string[]
  /** `AES256`, or the type with its key: `KMS arn:aws:kms:…`. */
  readonly encryption: string
  readonly scanOnPush: boolean
}

/** What has to be asked for each repository by itself. */
export interface RepositoryDetails {
  readonly lifecyclePolicy?: ValuesTree
  readonly repositoryPolicy?: ValuesTree
  readonly tags?: Readonly<Record<string, string>>
}

/** One setting of an existing repository that is not as requested. */
export interface Difference {
  readonly setting: Exclude<keyof RepositorySettings, 'mutabilityExclude'>
  readonly is: string
  readonly wanted: string
  /** False for what ECR fixes when a repository is made. */
  readonly changeable: boolean
}

export interface Drift {
  readonly repository: string
  readonly arn: string
  readonly differences: readonly Difference[]
}

/**
 * Compares a repository with what is requested of it. Only what is requested is compared: tags that nobody asked for stay,
 * and a KMS key counts only when it is named by ARN or id, because ECR never tells an alias.
 */
export function compareRepository(
  wanted: RepositorySettings,
  existing: ExistingRepository,
  details: RepositoryDetails,
): Difference[] {
  const differences: Difference[] = []
  const add = (setting: Difference['setting'], is: string, asked: string, changeable = true) => {
    if (is !== asked) differences.push({ setting, is, wanted: asked, changeable })
  }
  if (wanted.mutability !== undefined) {
    const filters = wanted.mutabilityExclude ?? []
    add(
      'mutability',
      describeMutability(existing.mutability, existing.exclusions),
      describeMutability(mutabilityName(wanted), filters),
    )
  }
  if (wanted.encryption !== undefined && !isEncrypted(existing.encryption, wanted.encryption)) {
    const { type, key } = wanted.encryption
    add('encryption', existing.encryption, key === undefined ? type : `${type} ${key}`, false)
  }
  if (wanted.scanOnPush !== undefined) {
    add('scanOnPush', String(existing.scanOnPush), String(wanted.scanOnPush))
  }
  for (const setting of policySettings) {
    const [is, asked] = [details[setting], wanted[setting]]
    if (asked === undefined || (is !== undefined && isSamePolicy(is, asked))) continue
    add(setting, is === undefined ? 'none' : policyText(is), policyText(asked))
  }
  const tags = Object.entries(wanted.tags ?? {})
  const others = tags.filter(([key, value]) => details.tags?.[key] !== value)
  if (others.length > 0) {
    const present = others.flatMap(([key]) => {
      const value = details.tags?.[key]
      return value === undefined ? [] : [[key, value] as const]
    })
    add('tags', present.length === 0 ? 'none' : describeTags(present), describeTags(others))
  }
  return differences
}

function describeMutability(name: string, filters: readonly string[]): string {
  const sorted = [...filters].toSorted(compareText)
  return sorted.length === 0 ? name : `${name} (${sorted.join(', ')})`
}

function describeTags(tags: readonly (readonly [string, string])[]): string {
  return tags.map(([key, value]) => `${key}=${value}`).join(', ')
}

function isEncrypted(existing: string, { type, key }: Encryption): boolean {
  const [isType, isKey = ''] = existing.split(' ')
  if (isType !== type) return false
  return (
    key === undefined || key.includes('alias/') || isKey === key || isKey.endsWith(`:key/${key}`)
  )
}

/**
 * True when two policies mean the same. In both kinds of policy the order of lists and keys means nothing, a list of one is
 * as good as its item, a quoted boolean as a bare one, and ECR writes an account as the ARN of its root.
 */
export function isSamePolicy(one: ValuesTree, other: ValuesTree): boolean {
  return normalForm(one) === normalForm(other)
}

function normalForm(node: ValuesNode): string {
  if (Array.isArray(node)) {
    const items = [...new Set(node.map(normalForm))].toSorted(compareText)
    return items.length === 1 ? (items[0] ?? '') : `[${items.join(',')}]`
  }
  if (isTree(node)) {
    const pairs = Object.keys(node)
      .toSorted(compareText)
      .map((key) => `${JSON.stringify(key)}:${normalForm(node[key] ?? null)}`)
    return `{${pairs.join(',')}}`
  }
  return JSON.stringify(String(node).replace(/^arn:aws[a-z-]*:iam::(\d{12}):root$/, '$1'))
}
