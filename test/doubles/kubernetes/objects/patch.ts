/** An object or a change to one, as clients send it. */
export type Json = Readonly<Record<string, unknown>>

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** RFC 7386: maps are merged, null removes a key, and any other value replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch
  const merged: Record<string, unknown> = { ...(isRecord(target) ? target : {}) }
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key]
    else merged[key] = mergePatch(merged[key], value)
  }
  return merged
}

/**
 * A strategic merge without schemas: maps are merged, and so are lists whose members have names. Directives other
 * than the removal of a member (`$setElementOrder/…`, `$retainKeys`) are ignored.
 */
export function strategicPatch(target: unknown, patch: unknown): unknown {
  if (Array.isArray(patch)) return isNamed(patch) ? mergeNamed(target, patch) : patch
  if (!isRecord(patch)) return patch
  const merged: Record<string, unknown> = { ...(isRecord(target) ? target : {}) }
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) continue
    if (value === null) delete merged[key]
    else merged[key] = strategicPatch(merged[key], value)
  }
  return merged
}

function isNamed(list: readonly unknown[]): list is readonly Json[] {
  return list.length > 0 && list.every((member) => isRecord(member) && 'name' in member)
}

function mergeNamed(target: unknown, patch: readonly Json[]): unknown[] {
  const members = new Map<unknown, unknown>()
  for (const member of Array.isArray(target) ? target : []) {
    members.set(isRecord(member) ? member['name'] : member, member)
  }
  for (const change of patch) {
    const name = change['name']
    if (change['$patch'] === 'delete') members.delete(name)
    else members.set(name, strategicPatch(members.get(name), change))
  }
  return [...members.values()]
}

/** A server-side apply: fields that the same manager applied before and now omits are removed. */
export function applyPatch(target: unknown, previous: unknown, applied: unknown): unknown {
  return mergePatch(withoutAbandoned(target, previous, applied), applied)
}

function withoutAbandoned(target: unknown, previous: unknown, applied: unknown): unknown {
  if (!isRecord(target) || !isRecord(previous)) return target
  const kept: Record<string, unknown> = { ...target }
  for (const [key, before] of Object.entries(previous)) {
    const after = isRecord(applied) ? applied[key] : undefined
    if (isRecord(before)) kept[key] = withoutAbandoned(kept[key], before, after)
    else if (after === undefined) delete kept[key]
    if (after === undefined && isRecord(kept[key]) && Object.keys(kept[key]).length === 0) {
      delete kept[key]
    }
  }
  return kept
}
