import { type Content, readManifest, withChildren } from '../../model/image/content.ts'
import { failure, type Result, success } from '../../model/problem.ts'
import type { Gate } from '../pacing/gate.ts'
import type { RegistryClient, RemoteRepository } from './client.ts'

/**
 * Reads the content of an image from its registry: one GET for the manifest, one for each child of an index.
 * Docker Hub counts each of them as a pull.
 *
 * @param enter limits the requests to the registry's host
 */
export async function readContent(
  client: RegistryClient,
  repository: RemoteRepository,
  digest: string,
  enter: Gate['enter'] = (task) => task(),
): Promise<Result<Content>> {
  const root = await enter(() => client.manifest(repository, digest))
  if (!root.ok) return root
  const content = readManifest(root.value.text, root.value.mediaType)
  if (content === undefined) {
    return failure({
      kind: 'unknown',
      side: 'source',
      message: `"${repository.registry}/${repository.path}@${digest}" is not an image manifest`,
    })
  }
  const texts = new Map<string, string>()
  for (const child of await Promise.all(
    (content.children ?? []).map((one) => enter(() => client.manifest(repository, one.digest))),
  )) {
    if (!child.ok) return child
    texts.set(child.value.digest, child.value.text)
  }
  return success(withChildren(content, texts))
}
