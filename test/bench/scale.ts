import type { Session } from './session.ts'
export interface Curves {
  readonly todo?: number
}
export async function measureCurves(
  _session: Session,
  _latency: number,
  _say: (text: string) => void,
): Promise<Curves> {
  return {}
}
