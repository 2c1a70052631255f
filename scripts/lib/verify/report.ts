import { columns, count } from '../cli/text.ts'
import { describeQuestion, settledBy } from '../model/chart/question-text.ts'
import type { Origin } from '../model/origin.ts'
import { lineOf } from '../model/text/line.ts'
import { groupBy } from '../model/collections.ts'
import type { RegistryAnswer } from './against-registry.ts'
import type { CheckedReference } from './check.ts'
import type { Judgement } from './judge.ts'
import { presenceWords } from './presence.ts'

const verdicts = ['private', 'public', 'unplaced', 'not mirrored'] as const

/** Returns a table with a row per chart and variant; with `isVerbose`, also every reference. */
export function renderChecked(
  { checked, questions, notices }: Pick<Judgement, 'checked' | 'questions' | 'notices'>,
  presence: ReadonlyMap<string, RegistryAnswer>,
  isVerbose: boolean,
  origin: Origin,
): string[] {
  const groups = [...groupBy(checked, ({ chart, variant }) => `${chart}\0${variant}`).values()]
  const rows = groups.map((own) => [
    own[0]?.chart ?? '',
    own[0]?.variant || '-',
    ...verdicts.map((verdict) => String(own.filter((one) => one.verdict === verdict).length)),
  ])
  const table = columns(
    [['CHART', 'VARIANT', ...verdicts.map((word) => word.toUpperCase())], ...rows],
    {
      numbersFrom: 2,
    },
  )
  const details = isVerbose
    ? columns(
        checked.map((one) => [
          one.verdict,
          one.reference,
          wordsOf(presence.get(one.reference)),
          `${one.chart} ${one.document}`.trim(),
        ]),
      )
    : []
  const open = questions.map(
    ({ chart, question }) =>
      `? ${chart}: ${describeQuestion(question)}; ${settledBy(question, origin)}`,
  )
  const limits = isVerbose ? notices.map((notice) => `! ${lineOf(notice)}`) : []
  return [...table, ...details, ...summary(checked, presence), ...open, ...limits]
}

function wordsOf(found: RegistryAnswer | undefined): string {
  return found === undefined ? '' : presenceWords[found.presence]
}

function summary(
  checked: readonly CheckedReference[],
  presence: ReadonlyMap<string, RegistryAnswer>,
): string[] {
  const places = checked.filter(({ verdict }) => verdict === 'private').length
  const first = `${places} of ${count(checked.length, 'reference')} private`
  if (presence.size === 0) return ['', first]
  const kinds = groupBy(presence.values(), (one) => one.presence)
  return [
    '',
    `${first}; in the registry: ${[...kinds].map(([kind, all]) => `${all.length} ${presenceWords[kind]}`).join(', ')}`,
  ]
}
