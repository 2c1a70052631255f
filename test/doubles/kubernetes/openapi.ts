import { apiVersionOf, type Kind } from './objects/object.ts'

const root = '/openapi/v3'

/**
 * Returns the part of the schemas that clients read before they leave validation to the server: patches accept
 * `fieldValidation`. Objects are not described; `undefined` for any other path.
 */
export function describeApi(path: string, kinds: readonly Kind[]): object | undefined {
  if (path === root) {
    const paths = kinds.map((kind) => [
      pathOf(kind),
      { serverRelativeURL: `${root}/${pathOf(kind)}` },
    ])
    return { paths: Object.fromEntries(paths) }
  }
  const meant = kinds.filter((kind) => path === `${root}/${pathOf(kind)}`)
  if (meant.length === 0) return undefined
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'sandbox' },
    paths: Object.fromEntries(
      meant.map((kind) => [`/${pathOf(kind)}/${kind.plural}/{name}`, patchOf(kind)]),
    ),
    components: { schemas: {} },
  }
}

function pathOf(kind: Kind): string {
  return `${kind.group === '' ? 'api' : 'apis'}/${apiVersionOf(kind)}`
}

function patchOf({ group, version, kind }: Kind): object {
  return {
    patch: {
      parameters: [{ name: 'fieldValidation', in: 'query', schema: { type: 'string' } }],
      responses: { 200: { description: 'OK' } },
      'x-kubernetes-action': 'patch',
      'x-kubernetes-group-version-kind': { group, version, kind },
    },
  }
}
