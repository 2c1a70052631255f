/** The tag of text that is written in base64. */
export const binaryTag = 'tag:yaml.org,2002:binary'

/** Decodes text of that tag as helm does; nothing for what helm refuses. */
export function decodeBinary(text: string): string | undefined {
  if (!/^[\w+/\s]*={0,2}$/.test(text.trimEnd())) return undefined
  return Buffer.from(text, 'base64').toString('utf8')
}
