import { describe, expect, it } from 'vitest'
import { comparedWords } from '../../../scripts/lib/addons/templates/compared-words.ts'
import { makeChartFiles } from '../support/charts.ts'

function read(template: string) {
  const steps = comparedWords(makeChartFiles('c', { 'templates/a.yaml': template }), ['mode'])
  for (let count = 0; ; count += 1) {
    const step = steps.next()
    if (step.done === true) return { words: step.value, count }
  }
}

describe('the words that a chart compares a leaf with', () => {
  it.each([
    ['one comparison', '{{ if eq .Values.mode "full" }}{{ end }}', ['full']],
    [
      'one action that repeats it',
      `{{/* ${'eq "a" "b" "c" "d" .Values.mode '.repeat(100_000)} */}}`,
      ['a', 'b', 'c', 'd'],
    ],
    [
      'more words than are tried',
      [...Array(50_000).keys()].map((n) => `{{ if eq .Values.mode "w${n}" }}{{ end }}`).join(''),
      [...Array(12).keys()].map((n) => `w${n}`),
    ],
    ['mentions without a comparison', '{{ .Values.mode }}'.repeat(100_000), []],
  ])('are found in bounded steps: %s', (_, template, words) => {
    const found = read(template)
    expect(found.words).toEqual(words)
    expect(found.count).toBeLessThan(11_000)
  })
})
