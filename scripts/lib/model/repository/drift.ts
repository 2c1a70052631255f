import { compareText } from '../collections.ts'
import {
  type Encryption,
  mutabilityName,
  policySettings,
  policyText,
  type RepositorySettings,
} from './settings.ts'
import { isTree, type ValuesNode, type ValuesTree } from '../values/values.ts'

/** The properties of a repository in a listing. */
export interface ExistingRepository {
  /** MUTABLE, IMMUTABLE, or one of the two with exclusion filters. */
  readonly mutability: string
  /** Tag filters to which the opposite applies; `*` is a wildcard. */
  readonly exclusions: readonly string[]
  /** `AES256`, or the type with its key: `KMS arn:aws:kms:…`. */
  readonly encryption: string
  readonly scanOnPush: boolean
}

/** Properties that have to be queried per repository. */
export interface RepositoryDetails {
  readonly lifecyclePolicy?: ValuesTree
  readonly repositoryPolicy?: ValuesTree
  readonly tags?: Readonly<Record<string, string>>
}

/** One setting of an existing repository that differs from the request. */
export interface Difference {
  readonly setting: Exclude<keyof RepositorySettings, 'mutabilityExclude'>
  readonly is: string
  readonly wanted: string
  /** False for settings that ECR fixes when a repository is created. */
  readonly changeable: boolean
}

export interface Drift {
  readonly repository: string
  readonly arn: string
  readonly differences: readonly Difference[]
}

/**
 * Compares a repository with the requested settings. Only requested settings are compared: other tags stay, and a KMS
 * key counts only when it is given by ARN or ID, because ECR never returns an alias.
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
 * True when two policies are equivalent. In both kinds of policies, the order of lists and keys does not matter, a list
 * of one equals its item, a quoted boolean equals a bare one, and ECR returns an account as the ARN of its root.
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
