import { Agent, type IncomingHttpHeaders, request as startRequest } from 'node:http'
import type { Call, Operation, Reply, Service } from '../../scripts/sandbox/net/call.ts'
import type { Guest, GuestRoom } from '../../scripts/sandbox/guest.ts'
import type { Credentials } from '../../scripts/sandbox/aws/credentials.ts'
import type { Place } from '../../scripts/sandbox/aws/partition.ts'
import { type ErrorForm, type Refusal, refuse } from '../../scripts/sandbox/aws/refusal.ts'

export interface ForwardOptions {
  /** The server that responds: `http://127.0.0.1:5000`. */
  readonly target: string
  readonly place: Place
  readonly credentials: Credentials
}

/**
 * Forwards requests for a host, or for a path of a host, to servers on this machine.
 *
 * @param forward the server by host, or by host and path
 */
export function openForward(forward: Readonly<Record<string, string>>) {
  return ({ place, credentials }: GuestRoom): Guest => {
    const routes = Object.entries(forward).map(([address, target]) => {
      const [host = '', path] = address.split(/\/(.*)/, 2)
      return { host, path, service: createForward({ target, place, credentials }) }
    })
    return (host, own) =>
      routes
        .filter((route) => route.host === host)
        .reduce<readonly Service[] | undefined>(
          (services, { path, service }) =>
            path === undefined
              ? [service]
              : [
                  { ...service, accepts: (call: Call) => call.path.startsWith(`/${path}`) },
                  ...(services ?? []),
                ],
          own,
        )
  }
}

/** Returns an AWS service that a local server, such as moto, simulates. */
export function createForward({ target, place, credentials }: ForwardOptions): Service {
  const url = new URL(target)
  if (url.protocol !== 'http:' || !['127.0.0.1', 'localhost'].includes(url.hostname)) {
    throw new Error(`"${target}" is not on this machine; the sandbox forwards to loopback only`)
  }
  // Connections are not kept alive, so that none remains when the sandbox is closed.
  const agent = new Agent({ keepAlive: false })
  const refusalOf = async (call: Call, refusal: Refusal): Promise<Reply> => {
    const { name } = await operationOf(call)
    const action = `${actionsOf(call.host)}:${name}`
    return refuse(formOf(call), refusal, { principal: place.principal, action })
  }
  return {
    operation: operationOf,
    throttled: (call) => refusalOf(call, 'throttled'),
    async answer(call) {
      const state = credentials.stateFor((await operationOf(call)).name)
      return state === 'ok' ? pass(call, url, agent) : refusalOf(call, state)
    },
  }
}

const readings = /^(?:Describe|Get|List|Validate|Estimate|Search|Detect|BatchGet|Head)/

/** Returns the name of the operation, in any of AWS's protocols. */
async function operationOf(call: Call): Promise<Operation> {
  const name = targetOf(call) ?? cborOperationOf(call) ?? (await actionOf(call))
  if (name !== undefined) return { name, write: !readings.test(name) }
  return { name: 'unknown', write: !['GET', 'HEAD'].includes(call.method) }
}

/** The JSON protocols name the operation in a header: `GraniteServiceVersion20100801.PutDashboard`. */
function targetOf({ headers }: Call): string | undefined {
  return headers['x-amz-target']?.toString().replace(/^.*\./, '')
}

function cborOperationOf({ path }: Call): string | undefined {
  return /\/service\/[^/]+\/operation\/([^/]+)$/.exec(path)?.[1]
}

async function actionOf(call: Call): Promise<string | undefined> {
  const isForm = call.headers['content-type']?.startsWith('application/x-www-form-urlencoded')
  const form = new URLSearchParams(isForm === true ? (await call.read()).toString() : '')
  return form.get('Action') ?? call.query.get('Action') ?? undefined
}

function formOf(call: Call): ErrorForm {
  if (targetOf(call) !== undefined) return 'json'
  if (cborOperationOf(call) !== undefined) return 'cbor'
  if (serviceOf(call.host) === 'ec2') return 'ec2'
  return call.path === '/' ? 'query' : 'rest'
}

function serviceOf(host: string): string {
  return host.split('.', 1)[0] ?? ''
}

/** Returns the IAM prefix of a service's actions: the first label of its host, with one exception. */
function actionsOf(host: string): string {
  const service = serviceOf(host)
  return service === 'monitoring' ? 'cloudwatch' : service
}

/** Headers that apply to one connection only, or that no longer fit once the whole body has been read. */
const ownHeaders = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'date',
  'expect',
  'keep-alive',
  'transfer-encoding',
])

function passedHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name, value]) => value !== undefined && !ownHeaders.has(name))
      .map(([name, value]) => [name, String(value)]),
  )
}

/** Forwards a call, including host name and signature, and returns the response. */
async function pass(call: Call, target: URL, agent: Agent): Promise<Reply> {
  const body = await call.read()
  const query = call.query.size > 0 ? `?${call.query.toString()}` : ''
  return new Promise((resolve, reject) => {
    const request = startRequest(
      {
        agent,
        hostname: target.hostname,
        port: target.port,
        method: call.method,
        path: `${call.path}${query}`,
        headers: {
          ...passedHeaders(call.headers),
          host: call.host,
          'content-length': String(body.length),
        },
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject)
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 502,
            headers: passedHeaders(response.headers),
            body: Buffer.concat(chunks),
          }),
        )
      },
    )
    request.on('error', (cause) =>
      reject(new Error(`${call.host} is forwarded to ${target.origin}, which fails`, { cause })),
    )
    request.end(body)
  })
}
