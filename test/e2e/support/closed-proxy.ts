import { createServer } from 'node:net'

/** A proxy address without a server. */
export async function closedProxy(): Promise<Record<string, string>> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (typeof address !== 'object' || address === null) throw new Error('there is no port')
  const url = `http://127.0.0.1:${address.port}`
  return { HTTPS_PROXY: url, HTTP_PROXY: url, https_proxy: url, http_proxy: url }
}
