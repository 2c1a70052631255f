import picomatch from 'picomatch'
import { type Bucket, createBucket } from './bucket.ts'

type FaultEffect =
  | { readonly status: number; readonly body?: string; readonly headers?: Record<string, string> }
  | { readonly latency: number }
  | { readonly rateLimit: { readonly perSecond: number; readonly burst?: number } }
  | { readonly reset: true }
  | { readonly stall: true }
  /** The connection is closed after this many bytes of the body. */
  | { readonly truncate: number }
  /** The body is sent at this many bytes per second. */
  | { readonly slow: number }

/** A fault to inject, and the requests that it applies to. An omitted field matches every request. */
export interface FaultRule {
  /** Glob: `*.dkr.ecr.*`. */
  readonly host?: string
  readonly method?: string
  /** Glob over the path (`/v2/**`), or a regular expression. */
  readonly path?: string | RegExp
  /** An operation name as counted: `manifestPut`, `CreateRepository`… */
  readonly operation?: string
  /** The number of requests that it affects; all of them if omitted. */
  readonly times?: number
  /** The number of matching requests that it lets through first. */
  readonly after?: number
  readonly effect: FaultEffect
}

export interface FaultTarget {
  readonly host: string
  readonly method: string
  readonly path: string
  readonly operation: string
}

/** A rate limit becomes `throttle` when it is exceeded, and has no effect otherwise. */
export type ActiveEffect =
  Exclude<FaultEffect, { readonly rateLimit: unknown }> | { readonly throttle: true }

export interface Faults {
  /** Adds a rule. Returns a function that removes it. */
  add(rule: FaultRule): () => void
  /** The effects on this request, in the order of their rules. */
  effectsOn(target: FaultTarget): ActiveEffect[]
}

/** Returns true if the rule matches the request, regardless of its counts. */
export function matchesRule(rule: FaultRule, target: FaultTarget): boolean {
  return (
    (rule.host === undefined || picomatch.isMatch(target.host, rule.host)) &&
    (rule.method === undefined || rule.method.toUpperCase() === target.method) &&
    (rule.operation === undefined || rule.operation === target.operation) &&
    matchesPath(rule.path, target.path)
  )
}

function matchesPath(pattern: string | RegExp | undefined, path: string): boolean {
  if (pattern === undefined) return true
  if (typeof pattern === 'string') return picomatch.isMatch(path, pattern, { dot: true })
  return path.search(pattern) !== -1
}

export function createFaults(initial: readonly FaultRule[] = [], clock?: () => number): Faults {
  const active = new Set<(target: FaultTarget) => ActiveEffect | undefined>()
  const add = (rule: FaultRule): (() => void) => {
    const apply = armRule(rule, clock)
    active.add(apply)
    return () => active.delete(apply)
  }
  initial.forEach(add)
  return {
    add,
    effectsOn: (target) =>
      [...active].map((apply) => apply(target)).filter((effect) => effect !== undefined),
  }
}

/** Gives a rule its own state: how many requests it has let through, and how many it has affected. */
function armRule(rule: FaultRule, clock?: () => number) {
  const { effect } = rule
  const bucket: Bucket | undefined =
    'rateLimit' in effect
      ? createBucket(effect.rateLimit.perSecond, effect.rateLimit.burst, clock)
      : undefined
  let passed = 0
  let struck = 0
  return (target: FaultTarget): ActiveEffect | undefined => {
    if (!matchesRule(rule, target)) return undefined
    if (passed < (rule.after ?? 0)) {
      passed += 1
      return undefined
    }
    if (struck >= (rule.times ?? Infinity)) return undefined
    if (bucket?.()) return undefined
    struck += 1
    return 'rateLimit' in effect ? { throttle: true } : effect
  }
}
