import { KubeError } from './failure.ts'

/** Some typed clients send objects only in this format: helm stores its releases in such Secrets. */
const magic = Buffer.from('k8s\0')
const none = Buffer.alloc(0)

interface Field {
  readonly number: number
  readonly bytes: Buffer
}

/** The fields of each kind other than its metadata, which always comes first. */
const readers: Readonly<Record<string, (fields: readonly Field[]) => object>> = {
  Namespace: () => ({}),
  ConfigMap: (fields) => ({
    data: pairs(fields, 2, String),
    binaryData: pairs(fields, 3, base64),
  }),
  Secret: (fields) => ({
    data: pairs(fields, 2, base64),
    type: first(fields, 3)?.toString() ?? 'Opaque',
  }),
}

/**
 * Reads an object in the protobuf format of the Kubernetes API. Throws an error for kinds that no client sends this
 * way.
 */
export function readProtobuf(body: Buffer): object {
  if (!body.subarray(0, 4).equals(magic)) throw refused('something unknown')
  const envelope = fieldsOf(body.subarray(4))
  const type = fieldsOf(first(envelope, 1) ?? none)
  const kind = first(type, 2)?.toString() ?? ''
  const read = readers[kind]
  if (!read) throw refused(`a ${kind}`)
  const fields = fieldsOf(first(envelope, 2) ?? none)
  return {
    apiVersion: 'v1',
    kind,
    metadata: readMetadata(first(fields, 1) ?? none),
    ...read(fields),
  }
}

function base64(value: Buffer): string {
  return value.toString('base64')
}

function refused(what: string): KubeError {
  return new KubeError('UnsupportedMediaType', `${what} cannot be read as protobuf here`)
}

/** Limited to the fields that clients set; the server sets the others. */
function readMetadata(bytes: Buffer): object {
  const fields = fieldsOf(bytes)
  const texts = { name: 1, generateName: 2, namespace: 3, resourceVersion: 6 }
  const given = Object.entries(texts).flatMap(([key, number]) => {
    const text = first(fields, number)?.toString()
    return text === undefined || text === '' ? [] : [[key, text] as const]
  })
  const labels = pairs(fields, 11, String)
  const annotations = pairs(fields, 12, String)
  return {
    ...Object.fromEntries(given),
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(Object.keys(annotations).length > 0 && { annotations }),
  }
}

/** A map is a repeated field of keys and values. */
function pairs(
  fields: readonly Field[],
  number: number,
  read: (value: Buffer) => string,
): Record<string, string> {
  const entries = fields
    .filter((field) => field.number === number)
    .map(({ bytes }) => fieldsOf(bytes))
    .map((pair) => [first(pair, 1)?.toString() ?? '', read(first(pair, 2) ?? none)])
  return Object.fromEntries(entries)
}

function first(fields: readonly Field[], number: number): Buffer | undefined {
  return fields.find((field) => field.number === number)?.bytes
}

/** Returns the length-delimited fields of a message; numbers are skipped. */
function fieldsOf(message: Buffer): Field[] {
  const fields: Field[] = []
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let shift = 0; at < message.length; shift += 7) {
      const byte = message[at] ?? 0
      at += 1
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) break
    }
    return value
  }
  while (at < message.length) {
    const tag = varint()
    const wire = tag & 7
    if (wire === 0) varint()
    else if (wire === 1) at += 8
    else if (wire === 5) at += 4
    else {
      const length = varint()
      fields.push({ number: tag >>> 3, bytes: message.subarray(at, at + length) })
      at += length
    }
  }
  return fields
}
