import { loadAll } from 'js-yaml'
import type { Call, Operation } from '../../../scripts/sandbox/net/call.ts'
import { KubeError } from './failure.ts'
import { type DraftObject, objectShape } from './objects/object.ts'
import { isRecord } from './objects/patch.ts'
import { readProtobuf } from './protobuf.ts'

export type Verb =
  | 'get'
  | 'list'
  | 'watch'
  | 'create'
  | 'update'
  | 'patch'
  | 'delete'
  | 'deletecollection'
  | 'unknown'

/** A request for objects, from its path and method. */
export interface ObjectRequest {
  readonly verb: Verb
  readonly group: string
  readonly version: string
  readonly plural: string
  readonly namespace?: string
  readonly name?: string
  readonly subresource?: string
}

/** Reads a request; `undefined` if it is not for objects: `/version`, `/apis`… */
export function objectRequestOf(call: Call): ObjectRequest | undefined {
  const [root, ...rest] = call.path
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent)
  const [group = '', version, ...steps] = root === 'api' ? ['', ...rest] : rest
  if ((root !== 'api' && root !== 'apis') || version === undefined) return undefined
  const scoped = steps[0] === 'namespaces' && steps.length > 2
  const [plural, name, subresource] = scoped ? steps.slice(2) : steps
  if (plural === undefined) return undefined
  return {
    verb: verbOf(call, name),
    group,
    version,
    plural,
    ...(scoped && steps[1] !== undefined && { namespace: steps[1] }),
    ...(name !== undefined && { name }),
    ...(subresource !== undefined && { subresource }),
  }
}

function verbOf({ method, query }: Call, name: string | undefined): Verb {
  switch (method) {
    case 'GET':
      if (name !== undefined) return 'get'
      return ['true', '1'].includes(query.get('watch') ?? '') ? 'watch' : 'list'
    case 'POST':
      return 'create'
    case 'PUT':
      return 'update'
    case 'PATCH':
      return 'patch'
    case 'DELETE':
      return name === undefined ? 'deletecollection' : 'delete'
    default:
      return 'unknown'
  }
}

const readings: ReadonlySet<Verb> = new Set(['get', 'list', 'watch'])

/** Returns the name under which a request is counted: `create jobs`, `get pods/log`, `discovery`. */
export function operationOf(call: Call): Operation {
  const request = objectRequestOf(call)
  if (!request) return { name: 'discovery', write: false }
  const { verb, plural, subresource } = request
  const target = subresource === undefined ? plural : `${plural}/${subresource}`
  return { name: `${verb} ${target}`, write: !readings.has(verb) }
}

/** Reads the body of a request, in the formats that clients use. */
export async function readBody(call: Call): Promise<unknown> {
  const body = await call.read()
  const type = call.headers['content-type'] ?? ''
  if (type.includes('protobuf')) return readProtobuf(body)
  if (type.includes('cbor'))
    throw new KubeError('UnsupportedMediaType', `${type} is not supported here`)
  const [document] = loadAll(body.toString())
  return document
}

/** Returns the object to create or replace, with the name and namespace from the path. */
export function draftOf(body: unknown, namespace: string | undefined): DraftObject {
  const parsed = objectShape.safeParse(body)
  if (!parsed.success) {
    const given = isRecord(body) ? Object.keys(body).join(', ') : typeof body
    throw new KubeError(
      'BadRequest',
      `the body is not an object (${given}): ${parsed.error.message}`,
    )
  }
  const { metadata, ...rest } = parsed.data
  return { ...rest, metadata: { ...metadata, ...(namespace !== undefined && { namespace }) } }
}
