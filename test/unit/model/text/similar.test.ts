import { describe, expect, test } from 'vitest'
import { similarNames } from '../../../../scripts/lib/model/text/similar.ts'

const names = ['argo-cd', 'argo-rollouts', 'cert-manager', 'karpenter', 'karpenter-crd', 'keda']

describe('names that may have been meant', () => {
  test.each([
    ['a swap', 'cert-manger', ['cert-manager']],
    ['another case', 'KEDA', ['keda']],
    ['no dash', 'argocd', ['argo-cd']],
    ['a part left out, the likeliest first', 'karpentr', ['karpenter', 'karpenter-crd']],
    ['nothing like it', 'velero', []],
    ['an empty name', '', []],
    ['one letter', 'k', []],
  ])('%s', (_, written, meant) => {
    expect(similarNames(written, names)).toEqual(meant)
  })

  test('are three at most, each once', () => {
    const many = ['app-1', 'app-2', 'app-3', 'app-4', 'app-1']
    expect(similarNames('app', many)).toEqual(['app-1', 'app-2', 'app-3'])
  })
})
