import { json, type Reply } from '../net/call.ts'

/** Returns an error in the format of the distribution specification. */
export function registryError(
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): Reply {
  return json(status, { errors: [{ code, message }] }, headers)
}

export const rateExceeded = (): Reply => registryError(429, 'TOOMANYREQUESTS', 'Rate exceeded')

export const unsupported = (): Reply =>
  registryError(405, 'UNSUPPORTED', 'The operation is unsupported.')

export const manifestUnknown = (reference: string): Reply =>
  registryError(404, 'MANIFEST_UNKNOWN', `Requested image not found: ${reference}`)

export const blobUnknown = (): Reply =>
  registryError(404, 'BLOB_UNKNOWN', 'blob unknown to registry')

export const digestInvalid = (): Reply =>
  registryError(400, 'DIGEST_INVALID', 'provided digest did not match uploaded content')
