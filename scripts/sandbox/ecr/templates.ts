import type { ApiOperation } from '../aws/json-api.ts'
import { inputs, pageOf, readInput } from './input.ts'
import { addRepository, type EcrRepository, type EcrState } from './state.ts'

/** The operations on repository creation templates. */
export function templateOperations(
  { place, templates }: EcrState,
  pageSize?: number,
): Record<string, ApiOperation> {
  return {
    DescribeRepositoryCreationTemplates(input) {
      const request = readInput(inputs.describeTemplates, input)
      const wanted = templates.filter(({ prefix }) => request.prefixes?.includes(prefix) ?? true)
      const { items, ...next } = pageOf(wanted, request, pageSize)
      return { registryId: place.account, repositoryCreationTemplates: items, ...next }
    },
  }
}

/** Creates the repository of a push if a template for that matches its name; the longest prefix wins. */
export function createOnPush(state: EcrState, name: string): EcrRepository | undefined {
  const [template] = state.templates
    .filter(({ appliedFor }) => appliedFor.includes('CREATE_ON_PUSH'))
    .filter(({ prefix }) => prefix === 'ROOT' || name.startsWith(`${prefix}/`))
    .toSorted((a, b) => rank(b.prefix) - rank(a.prefix))
  if (template === undefined) return undefined
  const { prefix: _, appliedFor: _for, resourceTags = [], ...rest } = template
  const { lifecyclePolicy, repositoryPolicy, ...settings } = rest
  return addRepository(state, name, {
    settings,
    tags: Object.fromEntries(resourceTags.map(({ Key, Value }) => [Key, Value])),
    ...(lifecyclePolicy !== undefined && { lifecyclePolicy }),
    ...(repositoryPolicy !== undefined && { repositoryPolicy }),
  })
}

function rank(prefix: string): number {
  return prefix === 'ROOT' ? 0 : prefix.length
}
