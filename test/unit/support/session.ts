import { join } from 'node:path'
import type { Session } from '../../../scripts/lib/session/session.ts'
import { surroundingsOf } from './surroundings.ts'

/** Work on charts in a folder that throws as soon as it reaches for anything else. */
export function idleSession(folder: string): Session {
  const refuse = (): never => {
    throw new Error('unexpected call')
  }
  const cache = { read: refuse, store: refuse }
  const surroundings = surroundingsOf({})
  return {
    run: refuse,
    helm: { name: 'helm', version: 'v4.2.4', path: 'helm', origin: 'path' },
    surroundings: { crane: surroundings, helm: surroundings, kubectl: surroundings },
    http: { get: refuse, call: refuse, download: refuse },
    folder,
    chartCache: join(folder, 'charts'),
    renders: { kept: cache, thisRun: cache },
    signal: new AbortController().signal,
    notice: refuse,
    origin: { kind: 'command-line' },
    registries: { head: refuse, manifest: refuse, mount: refuse, putManifest: refuse },
    crane: refuse,
  }
}
