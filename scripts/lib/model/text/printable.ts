/**
 * Characters that steer a terminal, change the direction of text, break a line, or take no visible room: C0, C1, DEL,
 * formats, separators, lone surrogates, private use, blanks that are not U+0020, and U+2800, which looks like one.
 * U+FE0F is left where it turns a sign into an emoji.
 */
const hidden =
  /(?!(?<=\p{Extended_Pictographic})\uFE0F)[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]|(?! )\p{Zs}/u

/** Combining marks that follow no letter, or more than four on one letter, which no language needs. */
const piled = /(?<![\p{L}\p{M}\p{N}\p{S}])\p{M}|(?<=\p{M}{4})\p{M}/u

/**
 * Words in which CI systems look for commands anywhere in a line: `##[group]` (GitHub), `##vso[…]` (Azure Pipelines),
 * `##teamcity[…]`.
 */
const command = /#(?=#(?:vso|teamcity)?\[)/iu

const unsafe = new RegExp(`${hidden.source}|${piled.source}|${command.source}`, 'giu')

/** GitHub's runner takes a line that begins with `::`, blanks aside, for a command. */
const commandStart = /^( *):(?=:)/

const names: ReadonlyMap<string, string> = new Map([
  ['\n', String.raw`\n`],
  ['\r', String.raw`\r`],
  ['\t', String.raw`\t`],
])

/**
 * Returns text as one line that a terminal, a log and a CI system show as it is: whatever could steer them is spelled
 * out (`\u001b`, `\n`, `\u{e0041}`). Letters of all languages stay.
 */
export function printable(text: string): string {
  return text
    .replace(unsafe, (character) => names.get(character) ?? spell(character))
    .replace(commandStart, String.raw`$1\u003a`)
}

/** Returns text of several lines, each made printable. Tabs only align it, and become spaces. */
export function printableLines(text: string): string[] {
  return text.split(/\r?\n/).map((line) => printable(line.replaceAll('\t', '    ')))
}

/** True when nothing in a line would be spelled out. */
export function isPrintable(line: string): boolean {
  return printable(line) === line
}

/**
 * Returns JSON, or YAML whose strings are all in double quotes, with the same meaning and without any character that
 * could steer a terminal: such characters occur in strings only, where an escape stands for them.
 */
export function escapeStrings(text: string, language: 'json' | 'yaml'): string {
  return text.replace(unsafe, (character) => {
    if (character === '\n') return character
    if (character.length === 1) return codeUnit(character.charCodeAt(0))
    // Two escapes make one character in JSON, and none in YAML.
    return language === 'json'
      ? codeUnit(character.charCodeAt(0)) + codeUnit(character.charCodeAt(1))
      : `\\U${(character.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`
  })
}

function spell(character: string): string {
  return character.length === 1
    ? codeUnit(character.charCodeAt(0))
    : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}

function codeUnit(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`
}
