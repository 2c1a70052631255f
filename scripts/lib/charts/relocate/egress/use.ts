/**
 * Keys whose address is for people, or names the program itself: documentation, links, pictures, and the URL under which
 * others reach it.
 */
const readingKey =
  /(?:^|[-_.])(?:descriptions?|summary|messages?|runbooks?|docs?|documentation|links?|home(?:page)?|help|title|footer|icons?|logo|references?|related-?resources|see|licen[cs]e|schema|xmlns|contact|support|homepage|example)(?:$|[-_.])|(?:^|[-_.])(?:external|public|root|redirect|callback|advertised?|ext)[-_.]/

/** Addresses of pages for people. */
const page =
  /^[a-z+]+:\/\/(?:docs?|help|support|wiki|blogs?|community|stackoverflow|www\.w3|json-schema|xmlns|schemas?)\.|\.readthedocs\.|\/(?:docs?|documentation|wiki|blogs?|issues|pull|pulls|discussions|licen[cs]es?|runbooks?|questions)(?:\/|$)|#/i

/** Programs that fetch what their arguments name. */
const fetching =
  /\b(?:curl|wget|aria2c|fetch|download|clone|ls-remote|pip3?|npm|npx|yarn|apt(?:-get)?|apk|yum|dnf|helm|kubectl|mc|aws|gsutil|gem|go get|plugin|install)\b/i

/** A key, variable or flag before a value: at the beginning of a line, of an item, or in a map in a line. */
const keyBefore =
  /(?:^|[{,;]|^\s*-\s|^\s*export\s|\s(?=--?\w)|\s(?=[A-Z_][A-Z\d_]*=))\s*["']?((?:--?)?[\w.-]{1,128})["']?\s*[:=]\s*(?:\[\s*)?["']?$/
const flagBefore = /(?:^|\s)(--?[\w-]{1,128})\s+["']?$/
const itemBefore = /^\s*(?:-\s+)?["']?$/
const itemAfter = /^["']?\s*(?:[,;\\]+\s*)?$/
/** A comment of YAML, a shell, a program or XML. */
const comment = /(?:^|\s)(?:#|\/\/|--\s|;;|<!--|REM\s)/

/** How to fetch an address: `git::https://…`. */
const getter = /(?:git|hg|gcs|s3|http)::$/

/** Maximum length of the text before an address that is read. */
const longestBefore = 256

/** A text with an address, as it was found in a line. */
export interface AddressInLine {
  /** The text before and after it in its line. */
  readonly before: string
  readonly after: string
  /** Key of the field, or name of the variable, that holds the whole text. */
  readonly key: string
  /** The text is an argument of a command. */
  readonly isArgument: boolean
  /** The text has several lines. */
  readonly isText: boolean
}

/** True for an address that a program uses; false for one that is only mentioned. */
export function isUsed(
  address: string,
  { before, after, key, isArgument, isText }: AddressInLine,
): boolean {
  if (page.test(address)) return false
  const near = before.slice(-longestBefore).replace(getter, '')
  if (comment.test(near) || isForReading(key)) return false
  const named = keyBefore.exec(near)?.[1] ?? flagBefore.exec(near)?.[1]
  if (named !== undefined) return !isForReading(named)
  if (fetching.test(near)) return true
  if (!isText) return isArgument || near.trim() === ''
  return itemBefore.test(near) && itemAfter.test(after.slice(0, longestBefore))
}

function isForReading(key: string): boolean {
  const words = key
    .replace(/^-+/, '')
    .replaceAll(/([a-z\d])([A-Z])/g, '$1-$2')
    .toLowerCase()
  return readingKey.test(words)
}

/** True for a Grafana dashboard: the browser of a person follows its links. */
export function isDashboard(text: string): boolean {
  return text.includes('"panels"') && /"(?:schemaVersion|templating)"/.test(text)
}
