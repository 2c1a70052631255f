/** Matches base64 that may hold text: shorter words are too often base64 by accident. */
const base64 = /^[A-Za-z0-9+/]{14,}={0,2}$/

/** Decodes base64, such as that of a Secret; returns nothing for other text, and for content that is not text. */
export function decodeText(text: string): string | undefined {
  if (!base64.test(text)) return undefined
  const bytes = Buffer.from(text, 'base64')
  const plain = bytes.toString('utf8')
  const isText = !/[^\P{C}\n\r\t]|\uFFFD/u.test(plain) && bytes.toString('base64') === text
  return isText ? plain : undefined
}
