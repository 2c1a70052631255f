/**
 * Characters that control a terminal, change the direction of text, break a line, or are invisible: C0, C1, DEL,
 * formats, separators, lone surrogates, private use, blanks that are not U+0020, and U+2800, which looks like one.
 * U+FE0F is kept where it turns a symbol into an emoji.
 */
const hidden =
  /(?!(?<=\p{Extended_Pictographic})\uFE0F)[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]|(?! )\p{Zs}/u

/** Combining marks that follow no letter, or more than four on one letter, which no language needs. */
const piled = /(?<![\p{L}\p{M}\p{N}\p{S}])\p{M}|(?<=\p{M}{4})\p{M}/u

/**
 * Sequences that CI systems interpret as commands anywhere in a line: `##[group]` (GitHub), `##vso[…]` (Azure
 * Pipelines), `##teamcity[…]`.
 */
const command = /#(?=#(?:vso|teamcity)?\[)/iu

const unsafe = new RegExp(`${hidden.source}|${piled.source}|${command.source}`, 'giu')

/** GitHub's runner interprets a line that starts with `::`, after blanks, as a command. */
const commandStart = /^( *):(?=:)/

const names: ReadonlyMap<string, string> = new Map([
  ['\n', String.raw`\n`],
  ['\r', String.raw`\r`],
  ['\t', String.raw`\t`],
])

/**
 * Returns text as one line that a terminal, a log and a CI system show verbatim: whatever could control them is spelled
 * out (`\u001b`, `\n`, `\u{e0041}`). Letters of all languages are kept.
 */
export function printable(text: string): string {
  return text
    .replace(unsafe, (character) => names.get(character) ?? spell(character))
    .replace(commandStart, String.raw`$1\u003a`)
}

/** Returns the lines of a text, each made printable. Tabs become spaces. */
export function printableLines(text: string): string[] {
  return text.split(/\r?\n/).map((line) => printable(line.replaceAll('\t', '    ')))
}

/** True when nothing in a line would be spelled out. */
export function isPrintable(line: string): boolean {
  return printable(line) === line
}

/**
 * Returns JSON, or YAML whose strings are all in double quotes, with the same meaning and without any character that
 * could control a terminal: such characters occur only in strings, where they are escaped.
 */
export function escapeStrings(text: string, language: 'json' | 'yaml'): string {
  return text.replace(unsafe, (character) => {
    if (character === '\n') return character
    if (character.length === 1) return codeUnit(character.charCodeAt(0))
    // A pair of escapes is one character in JSON, but invalid in YAML.
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
