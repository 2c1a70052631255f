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
