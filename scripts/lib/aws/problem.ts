import { cutMiddle } from '../model/text/cut.ts'
import { type Problem, ProblemError, type ProblemKind, type Side } from '../model/problem.ts'
import { redactSecrets } from '../model/text/redact.ts'
import { problemOfError } from '../tools/http/problem.ts'

interface Meaning {
  readonly kind: ProblemKind
  readonly side: Side
  readonly next?: string
}

const renewCredentials =
  'renew the AWS credentials (for example "aws sso login", or a new session token) and run it again'
const giveCredentials =
  'give credentials by AWS_PROFILE, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a role of this machine'

const correct = 'correct what it names, then run again'
const checkKey = 'check that the KMS key exists in this region and that this principal may use it'

// Names as in the SDK's error models; the common ones are documented under "Common Errors" of the ECR API reference.
const meanings: Readonly<Record<string, Meaning>> = {
  ExpiredTokenException: { kind: 'credentials-expired', side: 'local', next: renewCredentials },
  ExpiredToken: { kind: 'credentials-expired', side: 'local', next: renewCredentials },
  RequestExpired: { kind: 'credentials-expired', side: 'local', next: renewCredentials },
  UnrecognizedClientException: {
    kind: 'credentials-missing',
    side: 'local',
    next: giveCredentials,
  },
  InvalidClientTokenId: { kind: 'credentials-missing', side: 'local', next: giveCredentials },
  InvalidSignatureException: { kind: 'credentials-missing', side: 'local', next: giveCredentials },
  SignatureDoesNotMatch: { kind: 'credentials-missing', side: 'local', next: giveCredentials },
  CredentialsProviderError: { kind: 'credentials-missing', side: 'local', next: giveCredentials },
  AuthFailure: { kind: 'credentials-missing', side: 'local', next: giveCredentials },
  AccessDeniedException: { kind: 'access-denied', side: 'target' },
  AccessDenied: { kind: 'access-denied', side: 'target' },
  UnauthorizedOperation: { kind: 'access-denied', side: 'target' },
  Throttling: { kind: 'rate-limited', side: 'target' },
  RequestLimitExceeded: { kind: 'rate-limited', side: 'target' },
  ThrottlingException: { kind: 'rate-limited', side: 'target' },
  TooManyRequestsException: { kind: 'rate-limited', side: 'target' },
  LimitExceededException: { kind: 'quota', side: 'target' },
  ResourceNotFoundException: { kind: 'not-found', side: 'target' },
  ResourceNotFound: { kind: 'not-found', side: 'target' },
  // The same, where a proxy in between takes away the header with its old name.
  DashboardNotFoundError: { kind: 'not-found', side: 'target' },
  ResourceInUseException: { kind: 'busy', side: 'target' },
  ValidationError: { kind: 'invalid-input', side: 'target', next: correct },
  ValidationException: { kind: 'invalid-input', side: 'target', next: correct },
  InvalidRequestException: { kind: 'invalid-input', side: 'target', next: correct },
  InsufficientCapabilitiesException: { kind: 'access-denied', side: 'target' },
  AlreadyExistsException: { kind: 'conflict', side: 'target' },
  ImageNotFoundException: { kind: 'not-found', side: 'target' },
  ImageStorageClassUpdateNotSupportedException: { kind: 'conflict', side: 'target' },
  RepositoryNotFoundException: { kind: 'repository-missing', side: 'target' },
  InvalidParameterException: { kind: 'invalid-input', side: 'target', next: correct },
  InvalidTagParameterException: { kind: 'invalid-input', side: 'target', next: correct },
  TooManyTagsException: { kind: 'invalid-input', side: 'target', next: correct },
  KmsException: { kind: 'access-denied', side: 'target', next: checkKey },
  ServerException: { kind: 'server-error', side: 'target' },
  TimeoutError: { kind: 'timeout', side: 'target' },
}

const networkCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
])

/**
 * Makes a call of the SDK. Whatever it throws leaves as a `ProblemError` that names the call.
 *
 * @param call the API call in IAM's spelling, such as `ecr:CreateRepository`
 */
export async function callAws<T>(call: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send()
  } catch (error) {
    if (error instanceof ProblemError) throw error
    throw new ProblemError(awsProblem(error, call), { cause: error })
  }
}

/** Turns what an SDK call threw into a problem. */
function awsProblem(error: unknown, call: string): Problem {
  const { name, message, code } = describe(error)
  if (name === 'AbortError') {
    return { kind: 'interrupted', side: 'local', message: `${call} was interrupted` }
  }
  const known = Object.hasOwn(meanings, name) ? meanings[name] : undefined
  if (known !== undefined) {
    return {
      kind: known.kind,
      side: known.side,
      message: `${call}: ${message}`,
      next: known.next ?? adviceFor(known.kind, call),
    }
  }
  // EC2 has a name for each kind of thing: InvalidSubnetID.NotFound, InvalidVpcID.Malformed…
  if (/^Invalid\w+\.(?:NotFound|Malformed)$/.test(name)) {
    return { kind: 'not-found', side: 'input', message: `${call}: ${message}`, next: correct }
  }
  if (networkCodes.has(code)) {
    return {
      kind: 'network',
      side: 'target',
      message: `${call}: the AWS endpoint cannot be reached: ${message}`,
      next: 'check the network, HTTPS_PROXY and, inside a VPC, the interface endpoints',
    }
  }
  const transport = problemOfError(error, 'https://aws')
  if (transport.kind === 'tls' || transport.kind === 'invalid-input') {
    return { ...transport, message: `${call}: ${message}` }
  }
  return {
    kind: 'unknown',
    side: 'target',
    message: `${call}: ${name}: ${withoutDeserialization(message)}`,
    next: 'check that a proxy in between does not answer in place of AWS, and run again with --verbose',
    detail: message,
  }
}

/** The SDK's remark on an answer that is not its own says nothing to a person. */
function withoutDeserialization(message: string): string {
  const at = message.indexOf('Deserialization error:')
  return cutMiddle(at === -1 ? message : message.slice(0, at).trimEnd())
}

function adviceFor(kind: ProblemKind, call: string): string {
  if (kind === 'access-denied') return `allow ${call} for this principal, or use another one`
  if (kind === 'quota') return 'ask for a higher quota, or remove what is not needed'
  return 'run it again'
}

function describe(error: unknown): { name: string; message: string; code: string } {
  if (!(error instanceof Error))
    return { name: 'unknown', message: redactSecrets(String(error)), code: '' }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  // A refused signature is explained with the request that was signed, tokens and all.
  return { name: error.name, message: redactSecrets(error.message), code }
}
