import { actionsOf } from '../chart/actions.ts'
import { walkCharts } from '../chart/files.ts'
import type { ChartFiles } from '../chart/chart.ts'

/** Functions of templates whose result differs from one render to the next. Source: sprig. */
const functions =
  /\b(?:rand(?:Alpha|AlphaNum|Ascii|Numeric|Bytes|Int)|shuffle|uuidv4|gen(?:CA|PrivateKey|SelfSignedCert|SignedCert)(?:WithKey)?|htpasswd|bcrypt|encryptAES|getHostByName)\b/

/**
 * The same for functions whose names are words, and count in actions alone: `now`, `ago .since`. Those that format a date
 * take the present time for what is none.
 */
const clocks =
  /(?<![.$\w"-])(?:now|ago|date|dateInZone|date_in_zone|htmlDate|htmlDateInZone)(?![\w":-])/

/**
 * True for a chart that calls a function with another result each time, in a template or in a value that is one. A
 * comment that names one counts as well: a render too many costs a second, one that is out of date the proof.
 */
export function isVolatile(root: ChartFiles): boolean {
  for (const { chart } of walkCharts(root)) {
    for (const content of chart.files.values()) {
      const text = content.toString('utf8')
      if (functions.test(text) || actionsOf(text).some((action) => clocks.test(action))) return true
    }
  }
  return false
}
