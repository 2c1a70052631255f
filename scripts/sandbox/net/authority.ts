import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { createSecureContext, type SecureContext } from 'node:tls'
import * as der from './der.ts'

/** The sandbox's own certificate authority: it lives as long as the process and signs for any host. */
export interface Authority {
  /** The root certificate, for clients to trust. */
  readonly pem: string
  /** A TLS context with a certificate for `host`, made once per host. */
  contextFor(host: string): SecureContext
}

const day = 24 * 60 * 60 * 1000
const ecdsaWithSha256 = der.sequence(der.identifier('1.2.840.10045.4.3.2'))

interface Subject {
  readonly commonName: string
  readonly publicKey: KeyObject
  readonly extensions: readonly Buffer[]
}

interface Issuer {
  readonly commonName: string
  readonly privateKey: KeyObject
}

/** Makes a new authority with an ECDSA P-256 key. */
export function createAuthority(commonName = 'Sandbox Root'): Authority {
  const root = newKeyPair()
  const issuer: Issuer = { commonName, privateKey: root.privateKey }
  const pem = issue(issuer, {
    commonName,
    publicKey: root.publicKey,
    extensions: [
      extension('2.5.29.19', true, der.sequence(der.boolean(true))), // basicConstraints: CA
      extension('2.5.29.15', true, der.bits(Buffer.of(0b0000_0110), 1)), // keyUsage: sign certificates, lists
      keyIdentifier(root.publicKey),
    ],
  })

  // One key serves all hosts: making keys is the slow part, and nothing here is a secret worth parting.
  const leaf = newKeyPair()
  const key = leaf.privateKey.export({ type: 'pkcs8', format: 'pem' })
  const contexts = new Map<string, SecureContext>()
  const contextFor = (host: string): SecureContext => {
    const known = contexts.get(host)
    if (known) return known
    const certificate = issue(issuer, {
      commonName: host.slice(0, 64),
      publicKey: leaf.publicKey,
      extensions: [
        extension('2.5.29.15', true, der.bits(Buffer.of(0b1000_0000), 7)), // keyUsage: signatures
        extension('2.5.29.37', false, der.sequence(der.identifier('1.3.6.1.5.5.7.3.1'))), // TLS server
        extension('2.5.29.17', false, der.sequence(der.element(0x82, Buffer.from(host, 'ascii')))),
        keyIdentifier(leaf.publicKey),
        authorityKeyIdentifier(root.publicKey),
      ],
    })
    const context = createSecureContext({ key, cert: certificate })
    contexts.set(host, context)
    return context
  }
  return { pem, contextFor }
}

function newKeyPair() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
}

function issue(issuer: Issuer, subject: Subject): string {
  const body = der.sequence(
    der.element(0xa0, der.integer(Buffer.of(2))), // X.509 version 3
    der.integer(randomBytes(16)),
    ecdsaWithSha256,
    distinguishedName(issuer.commonName),
    der.sequence(
      der.time(new Date(Date.now() - day)), // clocks may differ a little
      der.time(new Date(Date.now() + 90 * day)),
    ),
    distinguishedName(subject.commonName),
    subject.publicKey.export({ type: 'spki', format: 'der' }),
    der.element(0xa3, der.sequence(...subject.extensions)),
  )
  const signature = der.bits(sign('sha256', body, issuer.privateKey))
  const base64 = der.sequence(body, ecdsaWithSha256, signature).toString('base64')
  const lines = base64.match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

function distinguishedName(commonName: string): Buffer {
  return der.sequence(der.set(der.sequence(der.identifier('2.5.4.3'), der.utf8(commonName))))
}

function extension(identifier: string, critical: boolean, value: Buffer): Buffer {
  const flag = critical ? [der.boolean(true)] : []
  return der.sequence(der.identifier(identifier), ...flag, der.octets(value))
}

function hashOf(key: KeyObject): Buffer {
  return createHash('sha1')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest()
}

function keyIdentifier(key: KeyObject): Buffer {
  return extension('2.5.29.14', false, der.octets(hashOf(key)))
}

function authorityKeyIdentifier(key: KeyObject): Buffer {
  return extension('2.5.29.35', false, der.sequence(der.element(0x80, hashOf(key))))
}
