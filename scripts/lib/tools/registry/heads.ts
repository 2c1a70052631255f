import { identifierOf, type Reference } from '../../model/image/reference.ts'
import type { Result } from '../../model/problem.ts'
import { createGates } from '../pacing/gate.ts'
import { withRetry } from '../pacing/retry.ts'
import type { Described, RegistryClient } from './client.ts'

/** Returns a function that asks for images by tag or digest, a few at a time for each registry, with retries. */
export function createHeads(
  registries: Pick<RegistryClient, 'head'>,
  signal: AbortSignal,
): (reference: Reference) => Promise<Result<Described>> {
  const gates = createGates(() => ({ concurrency: 6, interval: 0 }), signal)
  return (reference) =>
    gates(reference.registry).enter(() =>
      withRetry(signal, () => registries.head(reference, identifierOf(reference))),
    )
}
