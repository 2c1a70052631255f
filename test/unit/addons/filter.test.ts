import { describe, expect, test } from 'vitest'
import { type AddonFilter, filterAddons } from '../../../scripts/lib/addons/filter.ts'
import type { Addon } from '../../../scripts/lib/model/chart/addon.ts'
import { emptyTree } from '../../../scripts/lib/model/values/values.ts'

const addon = (name: string, release: string, enabled?: boolean): Addon => ({
  name,
  release,
  repository: 'https://charts.example.com',
  values: emptyTree(),
  file: 'values.yaml',
  path: `addons.${release}`,
  ...(enabled !== undefined && { enabled }),
})
const addons = [
  addon('argo-cd', 'argocd'),
  addon('argo-cd', 'staging', false),
  addon('karpenter', 'karpenter', true),
  addon('keda', 'scaling', false),
]
const filter = (wish: Partial<AddonFilter>) =>
  filterAddons(addons, { only: [], exclude: [], by: 'chart', enabledOnly: false, ...wish })

describe('add-ons', () => {
  test.each<[string, Partial<AddonFilter>, string[]]>([
    ['are all wanted without a filter', {}, ['argocd', 'staging', 'karpenter', 'scaling']],
    ['are chosen by chart', { only: ['argo-cd'] }, ['argocd', 'staging']],
    ['are chosen by release', { only: ['staging'], by: 'release' }, ['staging']],
    ['are chosen whatever the case', { only: ['KEDA'] }, ['scaling']],
    ['are excluded by chart', { exclude: ['argo-cd'] }, ['karpenter', 'scaling']],
    [
      'are excluded by release',
      { exclude: ['argocd'], by: 'release' },
      ['staging', 'karpenter', 'scaling'],
    ],
    [
      'are first chosen, then excluded',
      { only: ['keda', 'karpenter'], exclude: ['keda'] },
      ['karpenter'],
    ],
    ['are matched as a whole', { only: ['argo'] }, []],
    ['that are off are left out on demand', { enabledOnly: true }, ['argocd', 'karpenter']],
  ])('%s', (_, wish, releases) => {
    expect(filter(wish).addons.map(({ release }) => release)).toEqual(releases)
  })
})

describe('a name that matches nothing', () => {
  test.each<[string, Partial<AddonFilter>, string[]]>([
    ['is none', { only: ['keda'], exclude: ['argo-cd'] }, []],
    [
      'with one like it',
      { only: ['karpentr'] },
      ['--only-addon "karpentr" matches no chart; did you mean karpenter?'],
    ],
    ['with none like it', { exclude: ['velero'] }, ['--exclude-addons "velero" matches no chart']],
    ['of a release', { only: ['keda'], by: 'release' }, ['--only-addon "keda" matches no release']],
    ['of an add-on that is off is known', { only: ['keda'], enabledOnly: true }, []],
  ])('%s', (_, wish, warnings) => {
    expect(filter(wish).warnings).toEqual(warnings)
  })
})
