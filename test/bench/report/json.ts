import type { Results } from './results.ts'

/** The results as JSON: indented, but with a line for each run, so that a difference shows which ones changed. */
export function renderJson({ runs, ...rest }: Results): string {
  const head = JSON.stringify(rest, null, 2).replace(/\n\}$/, '')
  const lines = runs.map((run) => `    ${JSON.stringify(run)}`).join(',\n')
  return `${head},\n  "runs": [\n${lines}\n  ]\n}\n`
}
