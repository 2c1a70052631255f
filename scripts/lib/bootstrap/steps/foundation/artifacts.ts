import { join } from 'node:path'
import { cacheFolder } from '../../../tools/install/cache.ts'
import { gatherArtifacts } from '../../application/artifacts.ts'
import { namesAllImages } from '../../application/image-settings.ts'
import type { BootstrapRequest } from '../../arguments.ts'
import type { StepDefinition } from '../definition.ts'

/** Gathers the chart, the dashboards and the template. */
export const artifactsStep: StepDefinition = {
  id: 'artifacts',
  title: 'Release',
  changes: () => false,

  plan(request) {
    const parts = partsOf(request)
    const version = request.flags.version ?? 'latest'
    if (parts.length === 0) return 'use the chart and dashboards from the checkout'
    return `fetch and verify ${listed(parts)} of release ${version}`
  },

  async run({ request, checkout, userValues, session, context }, _, step) {
    const needsVersion = !request.build.images && !namesAllImages(userValues)
    const gathered = await gatherArtifacts(request, checkout, needsVersion, {
      http: session.http,
      signal: context.signal,
      cache: join(cacheFolder(context.env), 'releases'),
      note: step.note,
    })
    const version = gathered.version === undefined ? '' : `release ${gathered.version}; `
    step.done(`${version}chart ${gathered.chart}`)
    return { artifacts: gathered }
  },
}

/** Returns the parts of a release that are needed. */
function partsOf({ deploy, build, flags }: BootstrapRequest): string[] {
  return [
    ...(deploy.kind === 'skip' || build.cfn ? [] : ['the template']),
    ...(flags.maChartDir === undefined && !build.chart ? ['the chart'] : []),
    ...(build.chart ? [] : ['the dashboards']),
  ]
}

function listed(parts: readonly string[]): string {
  return parts.join(', ').replace(/, (?=[^,]*$)/, ' and ')
}
