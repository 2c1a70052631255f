/**
 * Tells that something which a test needs is not on this machine. On CI that is a failure: a skipped test proves
 * nothing. Elsewhere it is one visible line.
 *
 * @param missing what is missing, and why
 */
export function skipWithout(missing: string): void {
  if (process.env['CI']) throw new Error(`${missing}, and CI is set: nothing may be skipped`)
  process.stderr.write(`skipped: ${missing}\n`)
}
