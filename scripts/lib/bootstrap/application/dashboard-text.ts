import { failure, type Result, success } from '../../model/problem.ts'
import { describeTreeFault } from '../../model/tree/fault-text.ts'
import { parseJson } from '../../model/tree/json.ts'
import { isTree, treeFrom, type ValuesNode } from '../../model/values/values.ts'

export interface DashboardFacts {
  readonly region: string
  readonly account: string
  readonly stage: string
  readonly qualifier: string
}

/** The dashboards of a release: the name in CloudWatch, and the file. */
export const dashboards = [
  { name: 'CaptureReplay', file: 'capture-replay-dashboard.json' },
  { name: 'ReindexFromSnapshot', file: 'reindex-from-snapshot-dashboard.json' },
] as const

export function dashboardName(name: string, { stage, region }: DashboardFacts): string {
  return `MA-${stage}-${region}-${name}`
}

/**
 * Fills in a dashboard's tokens. Replaces them in the strings of the parsed JSON, never in its text, so that a value
 * with a quote cannot break the document. Fails when the file is not JSON.
 */
export function fillDashboard(file: string, text: string, facts: DashboardFacts): Result<string> {
  const parsed = parseJson(text)
  if (!parsed.ok) {
    return failure({
      kind: 'invalid-input',
      side: 'input',
      message: `dashboard "${file}" is not JSON: ${describeTreeFault(parsed.problem.fault, parsed.problem.words)}`,
      next: 'check its source: it may be an error page that was saved under this name',
    })
  }
  return success(JSON.stringify(fill(parsed.value, facts)))
}

function fill(node: ValuesNode, facts: DashboardFacts): ValuesNode {
  if (typeof node === 'string') return fillText(node, facts)
  if (Array.isArray(node)) return node.map((item) => fill(item, facts))
  if (!isTree(node)) return node
  return treeFrom(Object.entries(node).map(([key, value]) => [key, fill(value, facts)]))
}

function fillText(text: string, { region, account, stage, qualifier }: DashboardFacts): string {
  const values: Readonly<Record<string, string>> = {
    'placeholder-region': region,
    'placeholder-account-id': account,
    'placeholder-stage': stage,
    'placeholder-qualifier': qualifier,
    REGION: region,
    ACCOUNT_ID: account,
    MA_STAGE: stage,
    MA_QUALIFIER: qualifier,
  }
  // One pass, so that a filled-in value is not treated as a token again. Words that only contain a token are unchanged.
  return text.replaceAll(
    /placeholder-(?:region|account-id|stage|qualifier)|(?<![A-Za-z0-9_])(?:REGION|ACCOUNT_ID|MA_STAGE|MA_QUALIFIER)(?![A-Za-z0-9_])/g,
    (token) => values[token] ?? token,
  )
}
