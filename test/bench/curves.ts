import type { Curves } from './scale.ts'
export function drawCurves(_value: Curves): string {
  return ''
}
