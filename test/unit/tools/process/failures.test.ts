import { describe, expect, it } from 'vitest'
import type { RunResult } from '../../../../scripts/lib/tools/process/exec.ts'
import { classifyRun, kindOfText, redact } from '../../../../scripts/lib/tools/process/failures.ts'

const target = '123456789012.dkr.ecr.us-east-2.amazonaws.com'

function endOf(stderr: string, rest: Partial<RunResult> = {}): RunResult {
  const command = { tool: 'crane', args: ['copy', 'a', 'b'] }
  return { command, ending: 'exited', ok: false, exitCode: 1, stdout: '', stderr, ...rest }
}

describe('classifyRun', () => {
  it.each([
    [
      'MANIFEST_UNKNOWN of a source',
      'quay.io',
      'Error: fetching "quay.io/a/b:1": GET https://quay.io/v2/a/b/manifests/1: MANIFEST_UNKNOWN: manifest unknown',
      'not-found',
      'source',
    ],
    [
      'a HEAD without a body',
      'quay.io',
      'Error: HEAD https://quay.io/v2/a/b/manifests/1: unexpected status code 404 Not Found (HEAD responses have no body, use GET for details)',
      'not-found',
      'source',
    ],
    [
      'NAME_UNKNOWN of a source',
      'public.ecr.aws',
      "Error: GET https://public.ecr.aws/v2/x/y/manifests/1: NAME_UNKNOWN: The repository does not exist in the registry with id 'x'",
      'not-found',
      'source',
    ],
    [
      'NAME_UNKNOWN of ECR',
      'quay.io',
      `Error: POST https://${target}/v2/x/blobs/uploads/: NAME_UNKNOWN: The repository with name 'x' does not exist`,
      'repository-missing',
      'target',
    ],
    [
      'an expired token',
      'quay.io',
      `Error: PUT https://${target}/v2/x/manifests/1: DENIED: Your authorization token has expired. Reauthenticate and try again.`,
      'credentials-expired',
      'target',
    ],
    [
      'a bare 403 of ECR on HEAD',
      'quay.io',
      `Error: HEAD https://${target}/v2/x/manifests/1: unexpected status code 403 Forbidden (HEAD responses have no body, use GET for details)`,
      'credentials-expired',
      'target',
    ],
    [
      'an immutable tag',
      'quay.io',
      `Error: PUT https://${target}/v2/x/manifests/1: TAG_INVALID: The image tag '1' already exists in the 'x' repository and cannot be overwritten because the tag is immutable.`,
      'tag-immutable',
      'target',
    ],
    [
      'a used-up pull quota',
      'docker.io',
      'Error: GET https://index.docker.io/v2/a/b/manifests/1: TOOMANYREQUESTS: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit',
      'quota',
      'source',
    ],
    [
      'a rate limit',
      'public.ecr.aws',
      'Error: GET https://public.ecr.aws/v2/a/b/manifests/1: TOOMANYREQUESTS: Rate exceeded',
      'rate-limited',
      'source',
    ],
    [
      'a rate limit of ECR',
      'quay.io',
      `Error: PUT https://${target}/v2/x/manifests/1: TOOMANYREQUESTS: Rate exceeded`,
      'rate-limited',
      'target',
    ],
    [
      'a refused name of Docker Hub',
      'docker.io',
      'Error: GET https://index.docker.io/v2/a/b/manifests/1: UNAUTHORIZED: authentication required',
      'unauthorized',
      'source',
    ],
    [
      'a server error',
      'quay.io',
      'Error: GET https://quay.io/v2/: unexpected status code 503 Service Unavailable: sorry',
      'server-error',
      'source',
    ],
    [
      'a lost connection',
      'quay.io',
      'Error: Get "https://quay.io/v2/": dial tcp 1.2.3.4:443: connect: connection refused',
      'network',
      'source',
    ],
    [
      'a cut download that names ECR',
      'quay.io',
      `Error: Patch "https://${target}/v2/x/blobs/uploads/1": unexpected EOF`,
      'network',
      'unknown',
    ],
    [
      'a corrupted download that names ECR',
      'quay.io',
      `Error: Patch "https://${target}/v2/x/blobs/uploads/1": error verifying sha256 checksum after reading 12 bytes`,
      'network',
      'unknown',
    ],
    [
      'a certificate that nobody knows',
      'quay.io',
      'Error: Get "https://quay.io/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority',
      'tls',
      'source',
    ],
    [
      'a helm push without credentials',
      'x.io',
      `Error: failed to perform "Push" on destination: POST "https://${target}/v2/x/blobs/uploads/": basic credential not found`,
      'unauthorized',
      'target',
    ],
    [
      'a helm push to no repository',
      'x.io',
      `Error: failed to perform "Push" on destination: POST "https://${target}/v2/x/blobs/uploads/": response status code 404: name unknown: The repository`,
      'repository-missing',
      'target',
    ],
    [
      'a helm pull of nothing',
      'x.io',
      'Error: failed to fetch https://x.io/a-1.tgz : 404 Not Found',
      'not-found',
      'source',
    ],
    ['words that nobody foresaw', 'x.io', 'Error: the moon is full', 'unknown', 'unknown'],
    [
      'an interrupt that reached crane first',
      'quay.io',
      'Error: context canceled',
      'interrupted',
      'unknown',
    ],
  ] as const)('reads %s', (_, sourceHost, stderr, kind, side) => {
    expect(classifyRun(endOf(stderr), { sourceHost, targetHost: target })).toMatchObject({
      kind,
      side,
    })
  })

  it.each([
    ['quay.io/a/certificate-operator', 'MANIFEST_UNKNOWN: manifest unknown', 'not-found'],
    ['quay.io/access-denied/x', 'i/o timeout', 'network'],
    ['quay.io/a/unauthorized:1.429', 'unexpected status code 404 Not Found', 'not-found'],
    ['quay.io/a/b', 'context deadline exceeded', 'network'],
  ])('is not misled by the name %s', (name, words, kind) => {
    const stderr = `Error: fetching "${name}": GET https://${name.replace('/', '/v2/')}/manifests/1: ${words}`
    expect(classifyRun(endOf(stderr), { sourceHost: 'quay.io' }).kind).toBe(kind)
  })

  it('judges by the final error alone, not by warnings above it', () => {
    const stderr = `2026/01/01 retrying without mount: POST https://${target}/v2/x: DENIED: no\nError: Get "https://quay.io/v2/": EOF`
    expect(classifyRun(endOf(stderr), { sourceHost: 'quay.io', targetHost: target })).toMatchObject(
      {
        kind: 'network',
        side: 'source',
      },
    )
  })

  it.each([
    ['not-found', 'tool-missing'],
    ['not-executable', 'tool-missing'],
    ['not-started', 'unknown'],
    ['deadline', 'timeout'],
    ['idle', 'timeout'],
    ['aborted', 'interrupted'],
    ['signalled', 'unknown'],
  ] as const)('takes the ending %s for %s whatever was said', (ending, kind) => {
    expect(classifyRun(endOf('Error: MANIFEST_UNKNOWN', { ending })).kind).toBe(kind)
  })

  it('says why a tool did not start, which is a matter of this machine', () => {
    const reason = 'no permission to execute "/bin/crane"'
    expect(classifyRun(endOf('', { ending: 'not-executable', reason }))).toMatchObject({
      side: 'local',
      message: `crane cannot be executed: ${reason}`,
    })
    expect(classifyRun(endOf('', { ending: 'not-started', reason: 'E2BIG' }))).toMatchObject({
      side: 'local',
      message: 'crane could not be started: E2BIG',
    })
  })
})

describe('redact', () => {
  it.each([
    ['https://user:secret@host/x', 'https://***@host/x'],
    ['https://host/x?X-Amz-Signature=abc&y=1 failed', 'https://host/x?*** failed'],
    ['Authorization: Basic QVdTOnNlY3JldA==', 'Authorization: Basic ***'],
    ['\u001b[31mred\n\tmore', String.raw`\u001b[31mred` + '\n    more'],
  ])('%j → %j', (text, clean) => {
    expect(redact(text)).toBe(clean)
  })
})

describe('words of megabytes are judged in seconds', () => {
  const patience = { timeout: 20_000 }
  const letters = 'a'.repeat(1_000_000)

  it.each<[string, string]>([
    ['one word', letters],
    ['words with dots', 'a.'.repeat(500_000)],
    ['slashes', `${'/'.repeat(1_000_000)}x`],
    ['dots and slashes', './'.repeat(500_000)],
    ['quotes', '"\''.repeat(500_000)],
    ['colons behind an address', `https://${':'.repeat(1_000_000)}`],
    ['addresses without end', 'http://'.repeat(150_000)],
    ['addresses with users', '//a:b'.repeat(200_000)],
    ['what is not found', 'it is not found in '.repeat(50_000)],
    ['blanks', `${' '.repeat(1_000_000)}x`],
    ['a short line', 'x'],
  ])('%s', patience, (_, words) => {
    const problem = classifyRun(endOf(`Error: TOOMANYREQUESTS: slow down ${words}`))
    expect(problem.kind).toBe('rate-limited')
    expect(problem.message.length).toBeLessThan(20_000)
    expect(kindOfText(`denied: ${words}`)).toBe('access-denied')
  })

  it('thousands of lines', patience, () => {
    const { kind } = classifyRun(
      endOf(`${'\n'.repeat(500_000)}Error: DENIED: no\n${' \n'.repeat(500_000)}`),
    )
    expect(kind).toBe('access-denied')
  })

  it('and no part of a secret is left of them', () => {
    const text = redact(
      `${'a '.repeat(6_000)}https://user:${'s3cret'.repeat(3_000)}@host/ ${'b '.repeat(6_000)}`,
    )
    expect(text).not.toContain('s3cret')
  })
})
