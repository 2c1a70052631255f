import { openLocal } from '../charts/fetch/acquire.ts'
import { unwrap } from '../model/problem.ts'
import { readEksValues, runtimeValues } from './application/given-values.ts'
import { type ImageOrigin, imageSettings } from './application/image-settings.ts'
import type { ChartLayers, Foundation } from './findings.ts'
import type { BootstrapJob } from './job.ts'

/** Opens the umbrella chart and reads the values for it. Throws `ProblemError`. */
export async function readLayers(job: BootstrapJob, foundation: Foundation): Promise<ChartLayers> {
  const { artifacts, deployment, account, identity, stage } = foundation
  const local = unwrap(await openLocal(artifacts.chart, job.session))
  return {
    local,
    eks: readEksValues(local.chart),
    images: imageSettings(originOf(job, foundation), job.userValues),
    user: job.userValues,
    runtime: runtimeValues(deployment, {
      stage,
      region: account.region,
      account: identity.account,
    }),
  }
}

function originOf({ request }: BootstrapJob, { artifacts, deployment }: Foundation): ImageOrigin {
  return request.build.images
    ? { kind: 'built', repository: deployment.ecrRegistry }
    : // Without a release there are no default images: the user names all of them.
      { kind: 'published', version: artifacts.version ?? '' }
}
