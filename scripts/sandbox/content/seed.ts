import { createCipheriv, createHash } from 'node:crypto'

/** Deterministic bytes from a seed: an AES-CTR key stream, which is fast and compresses like noise. */
export function bytesFrom(seed: string, length: number): Buffer {
  const key = createHash('sha256').update(seed).digest()
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(length))
}

/** A deterministic number in [0, 1) from a seed. */
export function fractionFrom(seed: string): number {
  return createHash('sha256').update(seed).digest().readUInt32BE() / 2 ** 32
}

export function digestOf(content: Buffer | string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`
}
