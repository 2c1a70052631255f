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
  'renew the AWS credentials (for example with "aws sso login", or a new session token), then rerun'
const giveCredentials =
  'provide credentials with AWS_PROFILE, with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or with an IAM role attached to this machine'

const correct = 'fix the value named in the message, then rerun'
const checkKey = 'check that the KMS key exists in this region and that this principal may use it'

// Names from the SDK's error models; common ones are documented under "Common Errors" in the ECR API reference.
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
  // The same error when a proxy removes the header with its legacy name.
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
 * Makes an SDK call. Converts every error to a `ProblemError` that names the call.
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

/** Converts an error of an SDK call to a problem. */
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
  // EC2 has an error name for each resource type: InvalidSubnetID.NotFound, InvalidVpcID.Malformed…
  if (/^Invalid\w+\.(?:NotFound|Malformed)$/.test(name)) {
    return { kind: 'not-found', side: 'input', message: `${call}: ${message}`, next: correct }
  }
  if (networkCodes.has(code)) {
    return {
      kind: 'network',
      side: 'target',
      message: `${call}: cannot reach the AWS endpoint: ${message}`,
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
    next: 'check that a proxy is not responding in place of AWS, then rerun with --verbose',
    detail: message,
  }
}

/** Removes the SDK's remark about deserialization, which does not help users. */
function withoutDeserialization(message: string): string {
  const at = message.indexOf('Deserialization error:')
  return cutMiddle(at === -1 ? message : message.slice(0, at).trimEnd())
}

function adviceFor(kind: ProblemKind, call: string): string {
  if (kind === 'access-denied') return `allow ${call} for this principal, or use another principal`
  if (kind === 'quota') return 'request a higher quota, or delete resources that are not needed'
  return 'rerun the same command'
}

function describe(error: unknown): { name: string; message: string; code: string } {
  if (!(error instanceof Error))
    return { name: 'unknown', message: redactSecrets(String(error)), code: '' }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  // The message for a refused signature includes the signed request, with its tokens.
  return { name: error.name, message: redactSecrets(error.message), code }
}
