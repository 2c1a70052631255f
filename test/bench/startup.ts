import type { Session } from './session.ts'
export interface Startup {
  readonly todo?: number
}
export async function measureStartup(
  _session: Session,
  _say: (text: string) => void,
): Promise<Startup> {
  return {}
}
