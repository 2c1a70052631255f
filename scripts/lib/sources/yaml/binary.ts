/** The tag of base64-encoded text. */
export const binaryTag = 'tag:yaml.org,2002:binary'

/** Decodes text with that tag as helm does; returns undefined for text that helm rejects. */
export function decodeBinary(text: string): string | undefined {
  if (!/^[\w+/\s]*={0,2}$/.test(text.trimEnd())) return undefined
  return Buffer.from(text, 'base64').toString('utf8')
}
