import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { installRelease } from '../../../../scripts/lib/bootstrap/steps/installation/release.ts'
import {
  writeValues,
  type WrittenValues,
} from '../../../../scripts/lib/bootstrap/application/values-layers.ts'
import { createRenderer } from '../../../../scripts/lib/charts/render/renderer.ts'
import type { Session } from '../../../../scripts/lib/session/session.ts'
import { ProblemError } from '../../../../scripts/lib/model/problem.ts'
import { emptyTree, layerValues, treeOf } from '../../../../scripts/lib/model/values/values.ts'
import type { Run } from '../../../../scripts/lib/tools/process/exec.ts'
import type { Command } from '../../../../scripts/lib/tools/process/command.ts'
import { recordStep } from '../../support/bootstrap.ts'
import { makeChartFiles } from '../../support/charts.ts'
import { surroundingsOf } from '../../support/surroundings.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

// What helm is given to install is, byte for byte, what was rendered and proven.

const surroundings = surroundingsOf({})

const layers = {
  eks: treeOf({ stageName: 'eks', list: [1], gone: 1 }),
  images: treeOf({ images: { installer: { tag: 'x\u2028y' } } }),
  user: treeOf({ gone: null, '<<': { on: '0o17' } }),
  override: treeOf({ charts: { a: { values: { image: 'r.io/a:1' } } } }),
  runtime: treeOf({ stageName: 'dev' }),
}

/** A helm that keeps the values that it is given, and knows no release. */
function fakeHelm() {
  const given: { command: Command; values: string[] }[] = []
  const run: Run = async (command) => {
    const files = command.args.flatMap((word) => /^--values=(.+)$/.exec(word)?.[1] ?? [])
    const values = await Promise.all(files.map((file) => readFile(file, 'utf8')))
    given.push({ command, values })
    const stdout = command.args[0] === 'list' ? '[]' : ''
    return { command, ending: 'exited', ok: true, exitCode: 0, stdout, stderr: '' }
  }
  return { run, given }
}

function install(run: Run, { file, values }: WrittenValues) {
  const settings = {
    place: { release: 'ma', namespace: 'ma', kubeconfig: '/k', context: 'c' },
    upgrade: false,
    chart: '/chart',
    values: file,
    timeoutSeconds: 1,
    schemaProblem: undefined,
    kubernetes: {} as never,
  }
  const wish = { release: 'ma', namespace: 'ma', chart: 'a-1', chartDigest: 'sha256:1', values }
  const session = {
    run,
    helm: { path: 'helm', version: '4' },
    surroundings: { crane: surroundings, helm: surroundings, kubectl: surroundings },
    signal: new AbortController().signal,
  }
  return installRelease(wish, settings, session as unknown as Session, recordStep())
}

describe('values of an installation', () => {
  it('are one file that has the bytes of the file that is rendered', async () => {
    const folder = makeTempFolder()
    const written = await writeValues(folder, layers)
    const { run, given } = fakeHelm()
    const renderer = createRenderer({
      run,
      helm: 'helm',
      helmVersion: '4',
      surroundings,
      signal: new AbortController().signal,
      workFolder: makeTempFolder(),
      path: '/chart',
      origin: { kind: 'chart-list', file: 'charts.yaml' },
      chart: makeChartFiles('a'),
      hash: 'sha256:123456789012',
    })
    await renderer.render({
      values: [written.values],
      kubeVersion: '1.31.0',
      apiVersions: [],
      release: 'ma',
      namespace: 'ma',
      skipSchema: false,
    })
    await install(run, written)
    const [rendered, , installed] = given
    expect(installed?.command.args[0]).toBe('install')
    expect(installed?.values).toHaveLength(1)
    expect(installed?.values).toEqual(rendered?.values)
  })

  it('are laid over each other in order, and a null stays to take a default away', async () => {
    const { values, file } = await writeValues(makeTempFolder(), layers)
    expect(values).toEqual(
      [layers.eks, layers.images, layers.user, layers.override, layers.runtime].reduce(layerValues),
    )
    expect(values).toMatchObject({ stageName: 'dev', gone: null })
    expect(await readFile(file.path, 'utf8')).toBe(
      `${JSON.stringify(values).replace('\u2028', String.raw`\u2028`)}\n`,
    )
  })

  it('are not installed when their file was changed after they were proven', async () => {
    const folder = makeTempFolder()
    const written = await writeValues(folder, { ...layers, override: undefined })
    await writeFile(written.file.path, '{"image": "quay.io/evil/app:1"}')
    const { run, given } = fakeHelm()
    const failed: unknown = await install(run, written).catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(ProblemError)
    expect(String(failed)).toContain(`"${join(folder, 'values.json')}" changed after`)
    expect(given.map(({ command }) => command.args[0])).toEqual(['list'])
  })

  it('cannot hold text that is not Unicode', async () => {
    const runtime = treeOf({ a: '\uD800' })
    const writing = writeValues(makeTempFolder(), { ...layers, images: emptyTree(), runtime })
    await expect(writing).rejects.toThrow(
      'the values cannot be passed to helm: text with an unpaired',
    )
  })
})
