import { describe, expect, it } from 'vitest'
import { splitDocuments } from '../../../../scripts/lib/charts/render/documents.ts'
import { openVariant } from '../../../../scripts/lib/charts/relocate/variant.ts'
import { success } from '../../../../scripts/lib/model/problem.ts'
import { emptyTree } from '../../../../scripts/lib/model/values/values.ts'
import { makeChartFiles, makeDocument } from '../../support/charts.ts'

/** Opens a variant of a chart that renders so many references, each in a document of its own. */
function open(count: number) {
  const texts = Array.from({ length: count }, (_, index) =>
    makeDocument(`kind: Job\nimage: quay.io/a/b:${index}`),
  )
  const documents = splitDocuments(texts.join(''))
  return openVariant(
    makeChartFiles('shop'),
    {
      name: 'default',
      values: emptyTree(),
      settings: { kubeVersion: '1.31.0', apiVersions: [], release: 'r', namespace: 'n' },
    },
    () => undefined,
    () => Promise.resolve(success(documents)),
    new AbortController().signal,
  )
}

describe('a chart with more references than any chart has', () => {
  it('is refused', async () => {
    expect(await open(100_001)).toMatchObject({
      ok: false,
      problem: {
        kind: 'render-failed',
        side: 'source',
        message: 'chart shop renders 100001 image references (limit: 100000)',
      },
    })
  })
})
