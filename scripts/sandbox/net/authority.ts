import { webcrypto } from 'node:crypto'
import { createSecureContext, type SecureContext } from 'node:tls'
// The certificate library uses decorators and requires this import first.
import 'reflect-metadata'
import {
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'

/** The sandbox's own certificate authority: it exists as long as the process, and signs for any host. */
export interface Authority {
  /** The root certificate, which clients must trust. */
  readonly pem: string
  /** A TLS context with a certificate for `host`, created once per host. */
  readonly contextFor: (host: string) => Promise<SecureContext>
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const day = 24 * 60 * 60 * 1000

/** Makes a new authority with an ECDSA P-256 key. */
export async function createAuthority(commonName = 'Sandbox Root'): Promise<Authority> {
  cryptoProvider.set(webcrypto)
  const issuer = `CN=${commonName}`
  const rootKeys = await newKeyPair()
  const root = await X509CertificateGenerator.createSelfSigned({
    name: issuer,
    keys: rootKeys,
    signingAlgorithm: algorithm,
    ...validity(),
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
    ],
  })

  // All hosts share one key: generating keys is slow, and no secret here is worth separating.
  const leafKeys = await newKeyPair()
  const key = PemConverter.encode(
    await webcrypto.subtle.exportKey('pkcs8', leafKeys.privateKey),
    'PRIVATE KEY',
  )
  const issueFor = async (host: string): Promise<SecureContext> => {
    const certificate = await X509CertificateGenerator.create({
      subject: `CN=${host.slice(0, 64)}`,
      issuer,
      publicKey: leafKeys.publicKey,
      signingKey: rootKeys.privateKey,
      signingAlgorithm: algorithm,
      ...validity(),
      extensions: [
        new SubjectAlternativeNameExtension([{ type: 'dns', value: host }]),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      ],
    })
    return createSecureContext({ key, cert: certificate.toString('pem') })
  }
  const contexts = new Map<string, Promise<SecureContext>>()
  return {
    pem: root.toString('pem'),
    contextFor: (host) => {
      const context = contexts.get(host) ?? issueFor(host)
      contexts.set(host, context)
      return context
    },
  }
}

function newKeyPair() {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}

/** Yesterday, because clocks can differ slightly. */
function validity() {
  return { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + 90 * day) }
}
