import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashChart, readChart } from '../../../../scripts/lib/charts/chart/files.ts'
import { openRenderCache } from '../../../../scripts/lib/charts/render/cache.ts'
import { createRenderer } from '../../../../scripts/lib/charts/render/renderer.ts'
import { relocateChart } from '../../../../scripts/lib/charts/relocate/relocate.ts'
import { summarize } from '../../../../scripts/lib/charts/relocate/result.ts'
import type { Decide } from '../../../../scripts/lib/charts/relocate/view.ts'
import type { LayoutName } from '../../../../scripts/lib/model/image/layout.ts'
import { unwrap } from '../../../../scripts/lib/model/problem.ts'
import type { RelocationResult } from '../../../../scripts/lib/model/chart/relocation.ts'
import { treeOf, type TreeLiteral } from '../../../../scripts/lib/model/values/values.ts'
import { run } from '../../../../scripts/lib/tools/process/exec.ts'
import { expect } from 'vitest'
import { surroundingsOf } from '../../../unit/support/surroundings.ts'
import { helm } from '../tools.ts'

export const fixtures = join(import.meta.dirname, '../../../fixtures/charts')

export interface RelocateSettings {
  /** Named value sets; one called `default` without values if omitted. */
  readonly variants?: Readonly<Record<string, TreeLiteral>>
  readonly layouts?: readonly LayoutName[]
  readonly decide?: Decide
  readonly kubeVersion?: string
  readonly apiVersions?: readonly string[]
}

/** Relocates a chart folder or archive with the real helm. Throws `ProblemError` if it does not render. */
export async function relocateFolder(
  path: string,
  settings: RelocateSettings = {},
): Promise<{ readonly result: RelocationResult; readonly renders: number }> {
  const chart = unwrap(await readChart(path))
  const hash = hashChart(chart)
  const workFolder = await mkdtemp(join(tmpdir(), 'airlift-relocate-'))
  const cache = join(workFolder, 'renders')
  await mkdir(cache, { mode: 0o700 })
  try {
    const { render, counts } = createRenderer({
      run,
      helm,
      helmVersion: 'test',
      cache: openRenderCache(cache, { notice: (text) => expect.unreachable(text) }),
      surroundings: surroundingsOf(),
      signal: new AbortController().signal,
      workFolder,
      path,
      chart,
      origin: { kind: 'command-line' },
      hash,
    })
    const relocated = await relocateChart({
      chart,
      variants: Object.entries(settings.variants ?? { default: {} }).map(([name, values]) => ({
        name,
        values: treeOf(values),
        assumes: {
          kubeVersion: settings.kubeVersion === undefined,
          apiVersions: settings.apiVersions === undefined,
        },
        settings: {
          kubeVersion: settings.kubeVersion ?? '1.31.0',
          apiVersions: settings.apiVersions ?? [],
          release: chart.metadata.name,
          namespace: 'default',
        },
      })),
      layouts: settings.layouts ?? ['mirrored'],
      target: { registry: '123456789012.dkr.ecr.us-east-2.amazonaws.com', prefix: '' },
      decide: settings.decide ?? (() => undefined),
      render,
      signal: new AbortController().signal,
    })
    return { result: summarize(unwrap(relocated), hash), renders: counts().asked }
  } finally {
    await rm(workFolder, { recursive: true, force: true })
  }
}
