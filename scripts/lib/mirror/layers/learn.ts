import type { Ecr } from '../../aws/ecr/client.ts'
import { type Content, readManifest, withChildren } from '../../model/image/content.ts'
import { toResult } from '../../model/problem.ts'

/**
 * Completes the content of a manifest in ECR with its children's manifests, which are free to read in ECR.
 * This only saves time, so children that cannot be read are left unknown.
 *
 * @param text the manifest itself
 */
export async function learnFromEcr(
  ecr: Pick<Ecr, 'readManifests'>,
  repository: string,
  text: string,
): Promise<Content | undefined> {
  const content = readManifest(text)
  if (content?.children === undefined) return content
  const digests = content.children.map((child) => child.digest)
  return withChildren(content, await readTexts(ecr, repository, digests))
}

async function readTexts(
  ecr: Pick<Ecr, 'readManifests'>,
  repository: string,
  digests: readonly string[],
): Promise<Map<string, string>> {
  const read = await toResult(ecr.readManifests(repository, digests))
  return new Map(!read.ok ? [] : read.value.map(({ digest, text }) => [digest, text]))
}
