import { bodyOf, createCall, type Service } from '../../../../scripts/sandbox/net/call.ts'

/** Asks the sandbox's ECR for an operation, as the SDK would, and returns what it answers. */
export async function askEcr(
  api: Service,
  operation: string,
  input: object = {},
  authorization = 'AWS4-HMAC-SHA256 x',
): Promise<Record<string, unknown>> {
  const headers = {
    authorization,
    'x-amz-target': `AmazonEC2ContainerRegistry_V20150921.${operation}`,
  }
  const body = bodyOf(JSON.stringify(input))
  const reply = await api.answer(createCall({ host: 'api', method: 'POST', headers, body }))
  return JSON.parse(String(reply.body))
}
