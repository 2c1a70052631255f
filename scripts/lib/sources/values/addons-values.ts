import type { Addon, AddonList, IncompleteAddon } from '../../model/chart/addon.ts'
import {
  about,
  failure,
  invalidInput,
  type Problem,
  type Result,
  success,
} from '../../model/problem.ts'
import type { Steps } from '../../steps/steps.ts'
import { createAllowance } from '../addons/allowance.ts'
import { collectAddons } from '../addons/collect.ts'
import { failWith } from '../located/faults.ts'
import { readTemplatedYaml } from './templated-yaml.ts'
import type { SourceText } from '../yaml-source.ts'

/**
 * Finds the add-ons anywhere in a file: every mapping that names a chart and a repository, in values and in Argo CD's
 * applications and ApplicationSets. A chart without a repository, or a repository without a chart, is reported and
 * never silently dropped. Fails for text that is not YAML, and for a file without add-ons.
 */
export function* parseAddonsValues(source: SourceText): Steps<Result<AddonList>> {
  const read = readTemplatedYaml(source)
  if (!read.ok) return read
  const { documents, isBranched, printed } = read.value
  const addons: Addon[] = []
  const incomplete: IncompleteAddon[] = []
  const refused: Problem[] = []
  const withOwnPath = pathCounter()
  const file = { file: source.file, isBranched, allowance: createAllowance() }
  const faults = yield* collectAddons(documents, file, (found) => {
    if ('refused' in found) refused.push(found.refused)
    else if ('reason' in found) incomplete.push(found)
    else addons.push(withOwnPath(found))
  })
  if (faults.length > 0) return failWith(source.file, faults)
  const [problem] = refused
  if (problem !== undefined) {
    return failure(about(source.file, problem))
  }
  for (const { at, template } of printed) {
    incomplete.push({
      path: `${source.file}:${at.line}:${at.column}`,
      reason: `the output of the template "${template}" is not known until it is rendered`,
    })
  }
  if (addons.length === 0 && incomplete.length === 0) {
    return invalidInput(
      `${source.file}: no add-ons found: no mapping specifies a chart and its repository`,
      'define an add-on as a mapping with chart: and repoUrl: (or repository:), for example addons: { argocd: { chart: argo-cd, repoUrl: https://… } }',
    )
  }
  return success({ addons, incomplete })
}

/**
 * Creates a function that makes paths unique: documents with the same name, and branches of a template, share a path.
 */
function pathCounter(): (addon: Addon) => Addon {
  const counts = new Map<string, number>()
  return (addon) => {
    const count = (counts.get(addon.path) ?? 0) + 1
    counts.set(addon.path, count)
    return count === 1 ? addon : { ...addon, path: `${addon.path} (${count})` }
  }
}
