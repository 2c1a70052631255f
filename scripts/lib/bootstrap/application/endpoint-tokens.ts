import { invalidInput, type Result, success } from '../../model/problem.ts'

/** The values of `--create-vpc-endpoints`, with the template parameter that creates each endpoint. */
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

/** Parameter with the route tables of the S3 gateway endpoint. */
export const routeTablesParameter = 'S3EndpointRouteTableIds'

/** Returns true when no specific endpoint is named. */
export function namesAllEndpoints(text: string | true | undefined): text is true | 'all' {
  return text === true || text?.trim() === 'all'
}

/** Reads the argument of `--create-vpc-endpoints`: no value and `all` mean every known endpoint. */
export function parseEndpointTokens(text: string | true | undefined): Result<EndpointToken[]> {
  if (text === undefined) return success([])
  if (namesAllEndpoints(text)) return success(endpointTokens)
  const words = text.split(',').map((word) => word.trim())
  const strangers = words.filter((word) => !isToken(word))
  if (strangers.length === 0) return success([...new Set(words.filter(isToken))])
  const named = strangers.map((word) => `"${word}"`).join(', ')
  return invalidInput(
    `--create-vpc-endpoints: the template cannot create ${named}`,
    `use one or more of ${endpointTokens.join(', ')}, or all`,
  )
}

function isToken(word: string): word is EndpointToken {
  return Object.hasOwn(endpointParameters, word)
}
