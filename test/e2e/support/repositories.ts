import {
  GetLifecyclePolicyCommand,
  GetRepositoryPolicyCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-ecr'
import type { RepositorySettings } from '../../../scripts/lib/model/repository/settings.ts'
import { treeOf } from '../../../scripts/lib/model/values/values.ts'
import { kubectl, operator } from './images.ts'
import { ecrClient } from './bootstrap/login.ts'
import { imagePlace, operations } from './stores.ts'
import type { World } from './world.ts'

/** The repositories of the two small images. */
export const operatorPlace = imagePlace(operator).repository
export const kubectlPlace = imagePlace(kubectl).repository

export const kmsKey = 'arn:aws:kms:us-east-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'

export const lifecyclePolicy = treeOf({
  rules: [
    {
      rulePriority: 1,
      selection: {
        tagStatus: 'untagged',
        countType: 'sinceImagePushed',
        countUnit: 'days',
        countNumber: 14,
      },
      action: { type: 'expire' },
    },
  ],
})

export const repositoryPolicy = treeOf({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'pull',
      Effect: 'Allow',
      Principal: { AWS: ['210987654321', '345678901234'] },
      Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    },
  ],
})

/** Returns a repository as the sandbox's ECR reports it: its settings, its tags, and its policies as values. */
export async function readRepository(world: World, repositoryName: string) {
  const client = ecrClient(world)
  const [account, , , region] = world.registry.split('.')
  const resourceArn = `arn:aws:ecr:${region}:${account}:repository/${repositoryName}`
  const none = () => undefined
  const [{ tags = [] }, lifecycle, policy] = await Promise.all([
    client.send(new ListTagsForResourceCommand({ resourceArn })),
    client.send(new GetLifecyclePolicyCommand({ repositoryName })).catch(none),
    client.send(new GetRepositoryPolicyCommand({ repositoryName })).catch(none),
  ])
  client.destroy()
  return {
    ...world.sandbox.ecrSettings(repositoryName),
    tags: Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])),
    lifecyclePolicy: readText(lifecycle?.lifecyclePolicyText),
    repositoryPolicy: readText(policy?.policyText),
  }
}

function readText(text: string | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(text)
}

/** Writes the world's manifest with a block of repository settings, and returns the flags that select it. */
export async function wish(world: World, repositories: RepositorySettings): Promise<string[]> {
  const text = JSON.stringify({ ...world.manifest, repositories })
  return ['--manifest', await world.write('wishing.json', text)]
}

/** Returns the calls on repositories since the counters were reset. */
export function callsOnRepositories(world: World): Record<string, number> {
  const known = /Repositor|Polic|Tag(?:Mutability|Resource|sFor)|ScanningConfiguration/
  return Object.fromEntries(
    Object.entries(operations(world.sandbox, 'aws')).filter(([name]) => known.test(name)),
  )
}
