import picomatch from 'picomatch'
import { type Bucket, createBucket } from './bucket.ts'

type FaultEffect =
  | { readonly status: number; readonly body?: string; readonly headers?: Record<string, string> }
  | { readonly latency: number }
  | { readonly rateLimit: { readonly perSecond: number; readonly burst?: number } }
  | { readonly reset: true }
  | { readonly stall: true }
  /** The answer's body breaks off after this many bytes. */
  | { readonly truncate: number }
  /** The answer's body arrives at this many bytes per second. */
  | { readonly slow: number }

/** Something that goes wrong, and for whom. Whatever is left out matches everything. */
export interface FaultRule {
  /** Glob: `*.dkr.ecr.*`. */
  readonly host?: string
  readonly method?: string
  /** Glob over the path (`/v2/**`), or a regular expression. */
  readonly path?: string | RegExp
  /** As counted: `manifestPut`, `CreateRepository`… */
  readonly operation?: string
  /** How often it happens; always when left out. */
  readonly times?: number
  /** How many matching requests pass first. */
  readonly after?: number
  readonly effect: FaultEffect
}

export interface FaultTarget {
  readonly host: string
  readonly method: string
  readonly path: string
  readonly operation: string
}

/** A rate limit that is exceeded becomes `throttle`; one that is not, is no effect at all. */
export type ActiveEffect =
  Exclude<FaultEffect, { readonly rateLimit: unknown }> | { readonly throttle: true }

export interface Faults {
  /** Returns a function that takes the rule away again. */
  add(rule: FaultRule): () => void
  /** The effects that this request has to bear, in the order of their rules. */
  effectsOn(target: FaultTarget): ActiveEffect[]
}

/** True when the rule speaks of this request; its counts are not looked at. */
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

/** Gives a rule its own memory: how many requests it has let pass and how often it has struck. */
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
