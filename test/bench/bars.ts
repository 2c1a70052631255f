import type { Results } from './results.ts'
export function drawBars(_value: Results): string {
  return ''
}
