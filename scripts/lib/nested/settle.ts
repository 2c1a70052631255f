import { type Delivery } from '../charts/find/delivery/delivery.ts'
import type { ChartRelocation } from '../charts/relocate/relocate.ts'
import { describeSite } from '../charts/relocate/questions/site.ts'
import { documentTitle, formatPlace } from '../charts/render/documents.ts'
import type { MissingValues } from '../model/chart/nested.ts'
import { showAddress } from '../model/internet/url.ts'
import type { OpenQuestion } from '../model/chart/question.ts'
import { formatLeafPath } from '../model/values/leaf-path.ts'

/** A nested chart that was relocated, and what its object has to contain in addition. */
interface Settled {
  readonly delivery: Delivery
  readonly missing: readonly MissingValues[]
}

/**
 * Removes the questions about nested charts that were relocated, and about images that are passed on to these, and asks
 * for the values that are missing.
 *
 * @param left objects whose charts were not relocated; several objects may ask the same
 */
export function settleQuestions(
  relocation: ChartRelocation,
  settled: readonly Settled[],
  left: readonly Delivery[],
): ChartRelocation {
  const isOpen = (question: OpenQuestion) =>
    left.some((delivery) => isAbout(question, delivery)) ||
    // A chart that only installs others has no images of its own.
    !settled.some(({ delivery }) => question.kind === 'no-images' || isAbout(question, delivery))
  const [first, ...others] = relocation.layouts
  const layouts = first === undefined ? [] : [first, ...others]
  return {
    ...relocation,
    questions: relocation.questions.filter(isOpen),
    layouts: layouts.map((layout, index) => ({
      ...layout,
      questions: [
        ...layout.questions.filter(isOpen),
        ...(index === 0 ? settled.flatMap(missingQuestions) : []),
      ],
    })),
  }
}

function isAbout(question: OpenQuestion, delivery: Delivery): boolean {
  const { document, path, install, chart, version, repository } = delivery
  if (!('document' in question)) return false
  if (question.document !== documentTitle(document) || question.template !== document.source) {
    return false
  }
  if (question.kind === 'nested-chart') {
    return (
      question.path === formatPlace(path) &&
      question.chart === chart &&
      question.version === version &&
      question.repository === showAddress(repository)
    )
  }
  return (
    question.kind === 'delivered-image' &&
    (install?.values ?? []).some((one) => question.path.startsWith(formatPlace(one.path)))
  )
}

function missingQuestions({ delivery, missing }: Settled): OpenQuestion[] {
  const { document, template } = describeSite(delivery)
  return missing.map(({ field, values }) => ({
    kind: 'nested-values',
    chart: delivery.chart,
    // A list is restated as a whole, with everything that the caller's values have in it.
    values: values.map(({ path, value }) =>
      typeof value === 'string'
        ? `${formatLeafPath(path)}=${value}`
        : `${formatLeafPath(path)} (the whole list, with its images replaced)`,
    ),
    variant: 'default',
    document,
    path: field,
    template,
  }))
}
