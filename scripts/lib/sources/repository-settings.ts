import { resolve } from 'node:path'
import { z } from 'zod'
import { type Result, success } from '../model/problem.ts'
import {
  encryptionTypes,
  faultsOfSettings,
  type PolicySetting,
  type RepositorySettings,
} from '../model/repository/settings.ts'
import { isTree, type ValuesTree } from '../model/values/values.ts'
import { safeRecord } from './record.ts'
import { parseYamlSource } from './yaml-source.ts'
import { readTextFile } from './text-file.ts'

const policy = z
  .custom<ValuesTree>(isTree, { error: 'a policy must be a mapping' })
  .meta({ type: 'object' })

const policyOrFile = z.union([policy, z.string().min(1)], {
  error: 'a policy must be a mapping, or the name of a file that contains one',
})

const filter = z.string({ error: 'a filter must be a string; quote it' })
const tagValue = z.string({ error: 'the value of a tag must be a string; quote it' })

const settings = {
  mutability: z
    .enum(['mutable', 'immutable'])
    .exactOptional()
    .describe('Whether a tag can be moved to another image'),
  mutabilityExclude: z
    .array(filter)
    .exactOptional()
    .describe('Tag filters that are exceptions to the mutability; * matches any text'),
  encryption: z
    .strictObject({
      type: z.enum(encryptionTypes),
      key: z
        .string()
        .exactOptional()
        .describe('ARN, ID or alias of a KMS key; defaults to the AWS managed key'),
    })
    .exactOptional()
    .describe('Cannot be changed after a repository is created'),
  scanOnPush: z.boolean().exactOptional().describe('Scan images when they are pushed'),
}
const tags = safeRecord(z.record(z.string(), tagValue))
  .exactOptional()
  .describe('Tags in addition to chart-syncer=true, which every repository gets')

/** Repository settings in a manifest, with whole policies. */
export const repositorySettings = z
  .strictObject({
    ...settings,
    lifecyclePolicy: policy.exactOptional(),
    repositoryPolicy: policy.exactOptional(),
    tags,
  })
  .superRefine(addFaults)

/** Repository settings in a chart list: a policy may be the name of a file relative to the list. */
export const listedRepositorySettings = z
  .strictObject({
    ...settings,
    lifecyclePolicy: policyOrFile
      .exactOptional()
      .describe('Lifecycle policy, or the name of a JSON or YAML file that contains it'),
    repositoryPolicy: policyOrFile
      .exactOptional()
      .describe('Repository policy, or the name of a JSON or YAML file that contains it'),
    tags,
  })
  .superRefine(({ lifecyclePolicy, repositoryPolicy, ...rest }, context) =>
    addFaults(
      {
        ...rest,
        ...(isTree(lifecyclePolicy) && { lifecyclePolicy }),
        ...(isTree(repositoryPolicy) && { repositoryPolicy }),
      },
      context,
    ),
  )

export type ListedRepositorySettings = z.output<typeof listedRepositorySettings>

function addFaults(given: RepositorySettings, context: z.RefinementCtx): void {
  for (const { path, message } of faultsOfSettings(given)) {
    context.addIssue({ code: 'custom', path: [...path], message })
  }
}

/**
 * Reads the policy files that listed settings name, and inlines the policies.
 *
 * @param folder the folder of the chart list
 */
export async function inlinePolicies(
  listed: ListedRepositorySettings,
  folder: string,
): Promise<Result<RepositorySettings>> {
  const { lifecyclePolicy, repositoryPolicy, tags: own, ...rest } = listed
  const policies: { lifecyclePolicy?: ValuesTree; repositoryPolicy?: ValuesTree } = {}
  for (const [setting, given] of [
    ['lifecyclePolicy', lifecyclePolicy],
    ['repositoryPolicy', repositoryPolicy],
  ] as const) {
    if (given === undefined) continue
    const read =
      typeof given === 'string' ? await readPolicy(setting, given, folder) : success(given)
    if (!read.ok) return read
    policies[setting] = read.value
  }
  return success({ ...rest, ...policies, ...(own !== undefined && { tags: own }) })
}

/**
 * Reads and checks a policy, JSON or YAML. Errors have `file:line:column`.
 *
 * @param label names the file in the error when it cannot be read
 */
export async function readPolicy(
  setting: PolicySetting,
  file: string,
  folder: string,
  label: string = setting,
): Promise<Result<ValuesTree>> {
  const text = await readTextFile(resolve(folder, file), { name: `${label}: file "${file}"` })
  if (!text.ok) return text
  const checked = policy.superRefine((value, context) => {
    for (const { message } of faultsOfSettings({ [setting]: value })) {
      context.addIssue({ code: 'custom', message })
    }
  })
  return parseYamlSource({ file, text: text.value }, checked)
}
