import { actionsOf } from '../chart/actions.ts'
import { walkCharts } from '../chart/files.ts'
import type { ChartFiles } from '../chart/chart.ts'
import type { Steps } from '../../steps/steps.ts'

/** Template functions whose result differs from render to render. Source: sprig. */
const functions =
  /\b(?:rand(?:Alpha|AlphaNum|Ascii|Numeric|Bytes|Int)|shuffle|uuidv4|gen(?:CA|PrivateKey|SelfSignedCert|SignedCert)(?:WithKey)?|htpasswd|bcrypt|encryptAES|getHostByName)\b/

/**
 * Functions whose names are common words and count only in actions: `now`, `ago .since`. Date formatting functions use
 * the current time for invalid dates.
 */
const clocks =
  /(?<![.$\w"-])(?:now|ago|date|dateInZone|date_in_zone|htmlDate|htmlDateInZone)(?![\w":-])/

/** True for an action that asks the clock or makes random text. */
export function isVolatileAction(action: string): boolean {
  return functions.test(action) || clocks.test(action)
}

/** Actions that are examined without a break. */
const stride = 1_000

/**
 * Returns true for a chart that calls such a function, in a template or in a templated value. A comment that names one
 * counts as well: an unnecessary render costs a second, an outdated one invalidates the proof.
 */
export function* isVolatile(root: ChartFiles): Steps<boolean> {
  for (const { chart } of walkCharts(root)) {
    for (const content of chart.files.values()) {
      yield
      const text = content.toString('utf8')
      if (functions.test(text)) return true
      // Most files name no clock at all.
      if (!clocks.test(text)) continue
      let count = 0
      for (const action of actionsOf(text)) {
        if (clocks.test(action)) return true
        count += 1
        if (count % stride === 0) yield
      }
    }
  }
  return false
}
