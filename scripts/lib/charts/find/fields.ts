import type { LeafPath } from '../../model/values/leaf-path.ts'

const containerLists: ReadonlySet<unknown> = new Set([
  'containers',
  'initContainers',
  'ephemeralContainers',
  'sidecars',
])

/** True for the fields of a pod or pod template from which the kubelet pulls. */
export function isPodField(path: LeafPath): boolean {
  const [field, owner] = [path.at(-1), path.at(-2)]
  if (field === 'image') {
    if (typeof owner === 'number') return containerLists.has(path.at(-3))
    return owner === 'container' || owner === 'script'
  }
  const isVolume = path.at(-4) === 'volumes' && typeof path.at(-3) === 'number'
  return field === 'reference' && owner === 'image' && isVolume
}

/** True for the name of a field from which an operator pulls, if it holds a complete reference. */
export function isOperatorField(key: string): boolean {
  return /^image$|Image$/.test(key)
}

/** True for an address of something else that is called an image: a picture, or the disk of a machine. */
export function isAddress(text: string): boolean {
  return /^(?:https?|data|file):/.test(text)
}

/** Returns the key that tells what the text under a key is about; empty for a key that says nothing. */
export function textKey(key: string): string {
  return key === 'value' ? '' : key
}

/** Does the same for a field of a resource, whose image may be spelled in parts: `image.uri`. */
export function fieldTopic(path: LeafPath, key: string): string {
  const owner = path.at(-2)
  const isPart = typeof owner === 'string' && /^(?:uri|ref|reference)$/.test(key)
  return isPart && isOperatorField(owner) ? owner : textKey(key)
}
