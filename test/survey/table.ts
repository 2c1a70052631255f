import { describeState, type ProofState } from '../../scripts/lib/model/chart/verdict.ts'

/** The result of one chart. */
export interface SurveyRow {
  readonly name: string
  readonly version: string
  /** `not rendered`: the chart requires values, or helm rejects it. */
  readonly state: ProofState | 'not rendered'
  readonly images: number
  readonly questions: number
  /** Text that only the independent search found. */
  readonly unexplained: readonly string[]
  readonly renders: number
  readonly seconds: number
  /** The reason why it is not proven. */
  readonly reason: string
}

/**
 * Returns the survey as Markdown: totals, the table, and every unexplained text.
 *
 * @param day when it was made, as `2026-01-31`
 */
export function renderSurvey(rows: readonly SurveyRow[], day: string): string {
  const rendered = rows.filter(({ state }) => state !== 'not rendered')
  const count = (is: (row: SurveyRow) => boolean) => rendered.filter(is).length
  const sum = (of: (row: SurveyRow) => number) =>
    rendered.reduce((total, row) => total + of(row), 0)
  const renders = rendered.length === 0 ? 0 : sum((row) => row.renders) / rendered.length
  const seconds = rendered.map((row) => row.seconds).toSorted((a, b) => a - b)
  const unexplained = rows.flatMap(({ name, unexplained: texts }) =>
    texts.map((text) => `- ${escapeCell(name)}: \`${escapeCell(text)}\``),
  )
  const reasons = rows
    .filter(({ reason }) => reason !== '')
    .map(({ name, reason }) => `- ${escapeCell(name)}: \`${escapeCell(reason)}\``)
  return [
    '# Survey of public charts',
    '',
    `Made on ${day}, with the default values of each chart, in the layout \`mirrored\`. \`npm run survey -- DIR --out docs/survey.md\` repeats it; DIR contains the chart archives listed below.`,
    '',
    'Images include those of the [catalog of operators](how-the-proof-works.md#images-that-operators-pull). An unproven chart has an image that no value moves, or something else in it changes; the reason is given. Times depend on the machine, and on which renders it has cached.',
    '',
    `- ${rows.length} charts: ${rendered.length} render with their default values; for ${rows.length - rendered.length}, values are required, or helm rejects the chart`,
    `- ${sum((row) => row.images)} images`,
    `- ${count((row) => row.state === 'proven' && row.questions === 0)} proven, ${count((row) => row.state === 'proven' && row.questions > 0)} proven with open questions (${sum((row) => row.questions)} in all charts), ${count((row) => row.state === 'unproven')} unproven, ${count((row) => row.state === 'failed')} failed`,
    `- ${unexplained.length} texts that look like images, but were neither found nor asked about`,
    `- ${renders.toFixed(1)} renders per chart; ${(seconds[Math.floor(seconds.length / 2)] ?? 0).toFixed(1)} s for the median chart, ${(seconds.at(-1) ?? 0).toFixed(1)} s for the slowest`,
    '',
    ...(unexplained.length === 0 ? [] : ['## Unexplained text', '', ...unexplained, '']),
    ...(reasons.length === 0 ? [] : ['## Charts that are not proven', '', ...reasons, '']),
    '## Charts',
    '',
    '| chart | version | result | images | renders | unexplained |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows.map(
      (row) =>
        `| ${[row.name, row.version, stateText(row), row.images, row.renders, row.unexplained.length].map((cell) => escapeCell(String(cell))).join(' | ')} |`,
    ),
    '',
  ].join('\n')
}

function stateText({ state, questions }: SurveyRow): string {
  return state === 'not rendered' ? state : describeState(state, questions)
}

/** Charts choose their own names: no part of one may end a cell or become a tag. */
function escapeCell(text: string): string {
  return text
    .replaceAll(/[\r\n]+/g, ' ')
    .replaceAll(/[|`<>\\]/g, ' ')
    .slice(0, 160)
}
