import type { Results } from './results.ts'
export function renderReport(_value: Results): string {
  return ''
}
