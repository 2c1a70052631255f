import { describe, expect, it } from 'vitest'
import { isUnread } from '../../../../scripts/lib/charts/render/documents.ts'
import {
  createRenderer,
  type RendererOptions,
} from '../../../../scripts/lib/charts/render/renderer.ts'
import { emptyTree } from '../../../../scripts/lib/model/values/values.ts'
import { unwrap } from '../../../../scripts/lib/model/problem.ts'
import type { Run } from '../../../../scripts/lib/tools/process/exec.ts'
import { archiveFile, packOf } from '../../support/archives.ts'
import { makeChartFiles, makeDocument } from '../../support/charts.ts'
import { surroundingsOf } from '../../support/surroundings.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

const rendered = makeDocument('kind: A\nsize: 1') + makeDocument('kind: B\nsize: 2')

/** helm renders two documents, and reads the second one otherwise than it is written. */
function rendererWith(settings: Partial<RendererOptions> = {}) {
  const calls: { readonly what: string; readonly memory: number | undefined }[] = []
  const files: string[] = []
  const run: Run = (command, { memory }) => {
    const isReading = command.args.includes('reading')
    files.push(
      command.args.at(-1) ?? '',
      ...command.args.flatMap((word) => /^--values=(.+)$/.exec(word)?.[1] ?? []),
    )
    calls.push({ what: isReading ? 'read' : 'render', memory })
    const read = ['{"kind":"A","size":1}', '{"kind":"B","size":3}'].map(
      (json, index) => `document${index}: ${Buffer.from(json).toString('base64')}\n`,
    )
    const stdout = isReading ? read.join('') : rendered
    return Promise.resolve({ command, ending: 'exited', ok: true, exitCode: 0, stdout, stderr: '' })
  }
  const renderer = createRenderer({
    run,
    helm: 'helm',
    helmVersion: 'v4',
    surroundings: surroundingsOf({}),
    signal: new AbortController().signal,
    workFolder: makeTempFolder(),
    path: '/one.tgz',
    chart: makeChartFiles('one'),
    hash: 'sha256:0123456789abcdef',
    origin: { kind: 'command-line' },
    ...settings,
  })
  return { ...renderer, calls, files, done: () => calls.map(({ what }) => what) }
}

const request = {
  kubeVersion: '1.33.0',
  apiVersions: [],
  release: 'r',
  namespace: 'n',
  values: [],
  skipSchema: false,
}
const toProve = { ...request, isReadByHelm: true }

describe('a renderer', () => {
  it('gives no content of a document that helm reads otherwise, where it is asked to look', async () => {
    const { render, done } = rendererWith()
    expect(unwrap(await render(request)).map(isUnread)).toEqual([false, false])
    expect(done()).toEqual(['render'])
    const documents = unwrap(await render(toProve))
    expect(documents.map(isUnread)).toEqual([false, true])
    expect(documents.map(({ text }) => text)).toEqual(['kind: A\nsize: 1', 'kind: B\nsize: 2'])
  })

  it('has values and copies of its own, beside another renderer of the same chart', async () => {
    const workFolder = makeTempFolder()
    const path = archiveFile(packOf([{ path: 'one/Chart.yaml', content: 'name: one\n' }]))
    const own: string[] = []
    for (const { render, files } of [
      rendererWith({ workFolder, path }),
      rendererWith({ workFolder, path }),
    ]) {
      const hiding = { ...request, values: [emptyTree()], hiddenApis: ['policy/v1beta1'] }
      unwrap(await render(hiding))
      unwrap(await render(hiding))
      own.push(...new Set(files))
    }
    // Each has a copy of the chart, and a file of values for each render.
    expect(new Set(own).size).toBe(own.length)
    expect(own).toHaveLength(6)
  })

  it('has helm read a render once, and keeps what came of it', async () => {
    const kept = new Map<string, string>()
    const cache = {
      read: (key: string) => Promise.resolve(kept.get(key)),
      store: (key: string, text: string) => Promise.resolve(void kept.set(key, text)),
    }
    const { render, done } = rendererWith({ cache })
    for (const _ of ['first', 'second']) {
      expect(unwrap(await render(toProve)).map(isUnread)).toEqual([false, true])
    }
    expect(unwrap(await render(request)).map(isUnread)).toEqual([false, false])
    expect(done()).toEqual(['render', 'read'])
    const other = rendererWith({ cache, helmVersion: 'v3' })
    await other.render(toProve)
    expect(other.done()).toEqual(['render', 'read'])
  })
})
