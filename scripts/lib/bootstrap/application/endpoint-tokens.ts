import { invalidInput, type Result, success } from '../../model/problem.ts'

/** What `--create-vpc-endpoints` may name, with the parameter of the template that makes the endpoint. */
export const endpointParameters = {
  s3: 'CreateS3Endpoint',
  ecr: 'CreateECREndpoint',
  ecrDocker: 'CreateECRDockerEndpoint',
  cloudwatchLogs: 'CreateCloudWatchLogsEndpoint',
  efs: 'CreateEFSEndpoint',
  sts: 'CreateSTSEndpoint',
  eksAuth: 'CreateEKSAuthEndpoint',
  monitoring: 'CreateCloudWatchMonitoringEndpoint',
} as const

export type EndpointToken = keyof typeof endpointParameters

export const endpointTokens = Object.keys(endpointParameters).filter(isToken)

/** Parameter with the route tables that a gateway endpoint for S3 is put into. */
export const routeTablesParameter = 'S3EndpointRouteTableIds'

/** True when no endpoint is named in particular. */
export function namesAllEndpoints(text: string | true | undefined): text is true | 'all' {
  return text === true || text?.trim() === 'all'
}

/** Reads the argument of `--create-vpc-endpoints`: none and `all` stand for every known one. */
export function parseEndpointTokens(text: string | true | undefined): Result<EndpointToken[]> {
  if (text === undefined) return success([])
  if (namesAllEndpoints(text)) return success(endpointTokens)
  const words = text.split(',').map((word) => word.trim())
  const strangers = words.filter((word) => !isToken(word))
  if (strangers.length === 0) return success([...new Set(words.filter(isToken))])
  const named = strangers.map((word) => `"${word}"`).join(', ')
  return invalidInput(
    `--create-vpc-endpoints: ${named} is no endpoint that the template can create`,
    `valid are ${endpointTokens.join(', ')}, or all`,
  )
}

function isToken(word: string): word is EndpointToken {
  return Object.hasOwn(endpointParameters, word)
}
