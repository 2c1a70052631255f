import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../../scripts/lib/model/problem.ts'
import { parseAddonsValues } from '../../../../scripts/lib/sources/values/addons-values.ts'
import { finish } from '../../../../scripts/lib/steps/steps.ts'

const read = (text: string) => unwrap(finish(parseAddonsValues({ file: 'apps.yaml', text })))
const reasons = (text: string) =>
  read(text).incomplete.map(({ path, reason }) => `${path}: ${reason}`)

describe('what a file expands to', () => {
  const indent = (text: string) => text.replaceAll(/^/gm, '    ')
  const set = (elements: string, helm: string) =>
    `kind: ApplicationSet\nspec:\n  generators: [{ list: { elements: [${elements}] } }]\n  template:\n${indent(
      `spec: { source: { chart: a, repoURL: "https://x.io", targetRevision: 1.0.0, helm: ${helm} } }`,
    )}\n`
  const environments = (count: number) =>
    `a:\n  chart: a\n  repoUrl: https://x.io\n  version: 1.0.0\n  values: {${[...Array(count).keys()].map((n) => `k${n}: 1`).join(', ')}}\n  environments:\n` +
    [...Array(count).keys()]
      .map((n) => `  - { version: 1.0.${n}, values: { k0: ${n} } }\n`)
      .join('')

  it.each([
    [
      'a parameter that a template repeats',
      `x: &big ${'x'.repeat(20_000)}\n` +
        set('{ a: *big }', `{ values: "${'{{a}}'.repeat(1000)}" }`),
      'apps.yaml:6:97',
    ],
    [
      'a template that many parameter sets repeat',
      set(
        [...Array(200).keys()].map((n) => `{ a: ${n} }`).join(', '),
        `{ values: "a: {{a}}${'x'.repeat(100_000)}" }`,
      ),
      'apps.yaml:5:97',
    ],
    ['values that many environments repeat', environments(1500), undefined],
    [
      'indices that fill lists',
      `a: { chart: a, repoUrl: "https://x.io", helm: { parameters: [{ name: "a${'[9999]'.repeat(90)}", value: x }] } }\n`,
      'apps.yaml:1:622',
    ],
  ])('is limited: %s', (_, text, place) => {
    const parsed = finish(parseAddonsValues({ file: 'apps.yaml', text }))
    const message = parsed.ok ? '' : parsed.problem.message
    expect(message).toContain(
      'the add-ons in this file expand to more than 16 MiB, including their parameters and environments',
    )
    if (place !== undefined) expect(message.split(': ')[0]).toBe(place)
  })

  it('can be interrupted between environments', () => {
    const steps = parseAddonsValues({ file: 'apps.yaml', text: environments(100) })
    let count = 0
    while (steps.next().done !== true) count += 1
    expect(count).toBeGreaterThan(100)
  })

  it('has no parameter deeper than YAML may be, and the other add-ons stay', () => {
    const text = `a:\n  chart: a\n  repoUrl: https://x.io\n  helm: { parameters: [{ name: "a${'.b'.repeat(5000)}", value: x }] }\nb: { chart: b, repoUrl: "https://x.io" }\n`
    expect(reasons(text)).toEqual([
      'a: its values cannot be read: apps.yaml:4:24: the parameter name has more than 99 levels',
    ])
    expect(read(text).addons.map(({ name }) => name)).toEqual(['b'])
  })
})
