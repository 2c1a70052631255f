import { afterEach, describe, expect, it } from 'vitest'
import { environmentFor, type ToolKind } from '../../../scripts/lib/tools/process/environment.ts'

/** Every kind, and which of the secrets below it needs. */
const kinds: Readonly<Record<ToolKind, readonly string[]>> = {
  offline: [],
  crane: [],
  helm: [],
  kubectl: [],
  docker: [],
  'go-install': [],
  'gradle-templates': [],
  'gradle-images': ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'],
}
const all = Object.keys(kinds) as ToolKind[]

const secrets = `
  AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN DOCKERHUB_TOKEN DOCKERHUB_USERNAME ECR_PUBLIC_PASSWORD
  ECR_PRIVATE_PASSWORD GITHUB_TOKEN GH_TOKEN NPM_TOKEN NODE_AUTH_TOKEN VAULT_TOKEN CI_JOB_TOKEN
  DOCKER_AUTH_CONFIG KUBE_TOKEN HELM_KUBETOKEN COSIGN_PASSWORD FOO_SECRET anything_else`

/** What would make a child load or run something, or look for its settings elsewhere. */
const steering = `
  BASH_ENV ENV LD_PRELOAD LD_LIBRARY_PATH DYLD_INSERT_LIBRARIES NODE_OPTIONS ZX_PREFIX ZX_SHELL HELM_PLUGINS
  HELM_DRIVER HELM_NAMESPACE KUBECONFIG KUBERNETES_SERVICE_HOST REGISTRY_AUTH_FILE DOCKER_CONFIG PYTHONSTARTUP`

describe('environmentFor', () => {
  it.each(all)('gives %s no secret but what it cannot do without', (kind) => {
    const names = `${secrets} ${steering}`.trim().split(/\s+/)
    const base = Object.fromEntries(names.map((name) => [name, 'hidden']))
    expect(Object.keys(environmentFor(kind, base)).toSorted()).toEqual(kinds[kind].toSorted())
  })

  it.each(all)('makes an environment for %s that has no prototype', (kind) => {
    const made = environmentFor(kind, { PATH: '/bin' }, { OWN: 'x' })
    expect(Object.getPrototypeOf(made)).toBeNull()
    expect({ ...made }).toEqual({ PATH: '/bin', OWN: 'x' })
  })

  const online = all.filter((kind) => kind !== 'offline')
  it.each(online)('keeps the way to the network for %s', (kind) => {
    const base = {
      HTTP_PROXY: 'a',
      HTTPS_PROXY: 'b',
      NO_PROXY: 'c',
      http_proxy: 'd',
      https_proxy: 'e',
      no_proxy: '',
      SSL_CERT_FILE: 'f',
      SSL_CERT_DIR: 'g',
      TMPDIR: 'h',
    }
    expect({ ...environmentFor(kind, base) }).toEqual(base)
  })

  it.each([
    ['SSL_CERT_FILE', 'one'],
    ['AWS_CA_BUNDLE', 'two'],
    ['NODE_EXTRA_CA_CERTS', 'three'],
  ])('names the authorities of %s to a program in Go', (name, file) => {
    const base = {
      NODE_EXTRA_CA_CERTS: 'three',
      ...(name === 'NODE_EXTRA_CA_CERTS' ? {} : { AWS_CA_BUNDLE: 'two' }),
      ...(name === 'SSL_CERT_FILE' ? { SSL_CERT_FILE: 'one' } : { SSL_CERT_FILE: '' }),
    }
    expect({ ...environmentFor('helm', base) }).toEqual({ SSL_CERT_FILE: file })
  })

  it('lets what the kit sets win over what the caller has', () => {
    const made = environmentFor('docker', { HOME: '/home/me', PATH: '/bin' }, { HOME: '/private' })
    expect({ ...made }).toEqual({ HOME: '/private', PATH: '/bin' })
  })
})

describe('a polluted prototype', () => {
  const polluted: Record<string, unknown> = Object.prototype as never
  afterEach(() => {
    delete polluted['HTTPS_PROXY']
    delete polluted['PATH']
  })

  it('gives nothing to an environment', () => {
    Object.assign(polluted, { HTTPS_PROXY: 'http://evil', PATH: '/evil' })
    expect(Object.entries(environmentFor('helm', {}))).toEqual([])
  })
})
