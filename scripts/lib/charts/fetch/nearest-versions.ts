import { coerce } from 'semver'

/** Returns up to five versions closest to a requested one, best match first: same minor, then same major. */
export function nearestVersions(wanted: string, versions: readonly string[]): string[] {
  const [major, minor, patch] = partsOf(wanted)
  const distance = (version: string): number => {
    const [ownMajor, ownMinor, ownPatch] = partsOf(version)
    if (ownMajor !== major) return 1e12 + Math.abs(ownMajor - major)
    return ownMinor === minor ? Math.abs(ownPatch - patch) : 1e6 + Math.abs(ownMinor - minor)
  }
  return versions
    .map((version) => ({ version, far: distance(version) }))
    .toSorted((a, b) => a.far - b.far)
    .slice(0, 5)
    .map(({ version }) => version)
}

function partsOf(version: string): readonly [number, number, number] {
  const { major = 0, minor = 0, patch = 0 } = coerce(version) ?? {}
  return [major, minor, patch]
}
