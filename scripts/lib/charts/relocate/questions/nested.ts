import type { OpenQuestion } from '../../../model/chart/question.ts'
import { showAddress } from '../../../model/internet/url.ts'
import { type Delivery, findDeliveries } from '../../find/delivery/delivery.ts'
import type { RenderedDocument } from '../../render/documents.ts'
import { describeSite } from './site.ts'

/** Returns the questions about charts and folders that controllers install at run time. */
export function findNested(
  variant: string,
  documents: readonly RenderedDocument[],
): OpenQuestion[] {
  return findDeliveries(documents)
    .filter(({ chart, repository }) => chart !== '' || repository === '')
    .map((delivery) => nestedQuestion(variant, delivery))
}

/** Returns the question about one chart. */
function nestedQuestion(
  variant: string,
  { chart, version, repository, ...site }: Delivery,
): Extract<OpenQuestion, { kind: 'nested-chart' }> {
  return {
    kind: 'nested-chart',
    chart,
    version,
    // It may be rendered with a password from the caller's values.
    repository: showAddress(repository),
    variant,
    ...describeSite(site),
  }
}
