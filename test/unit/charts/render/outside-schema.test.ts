import { finish } from '../../../../scripts/lib/steps/steps.ts'
import { surroundingsOf } from '../../support/surroundings.ts'
import { describe, expect, it } from 'vitest'
import type { ChartFiles } from '../../../../scripts/lib/charts/chart/chart.ts'
import { createRenderer } from '../../../../scripts/lib/charts/render/renderer.ts'
import { outsideProblem } from '../../../../scripts/lib/charts/render/outside-schema.ts'
import type { Run } from '../../../../scripts/lib/tools/process/exec.ts'
import { makeChartFiles } from '../../support/charts.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

function withSchema(schema: unknown): ChartFiles {
  const text = typeof schema === 'string' ? schema : JSON.stringify(schema)
  return makeChartFiles('one', { 'values.schema.json': text })
}

describe('a schema that refers outside itself', () => {
  // What helm 4.2.4 loads of these was seen with a server that records requests.
  it.each([
    ['by http', { $ref: 'http://h.example/ref' }],
    ['by https', { properties: { a: { $ref: 'https://h.example/ref#/x' } } }],
    ['to a file', { $ref: 'file:///etc/passwd' }],
    ['to a file by its path', { $ref: '/etc/passwd' }],
    ['to a file from its own folder', { $ref: 'other.json' }],
    ['to a file above', { items: [{ $ref: '../../etc/passwd' }] }],
    ['relative to its id', { $id: 'http://h.example/', $ref: 'rel.json' }],
    ['by its own schema', { $schema: 'http://h.example/schema' }],
    ['by the schema of a part', { properties: { a: { $schema: 'http://h.example/s' } } }],
    ['dynamically', { properties: { a: { $dynamicRef: 'http://h.example/dyn' } } }],
    ['recursively', { properties: { a: { $recursiveRef: 'http://h.example/rec' } } }],
    ['where only a pointer leads', { $ref: '#/u', u: { x: [{ $ref: 'http://h.example/u' }] } }],
    ['by an escaped key', String.raw`{"\u0024ref":"http://h.example/x"}`],
    ['by an escaped value', String.raw`{"$ref":"http:\/\/h.example\/x"}`],
    ['by the last of two keys', '{"$ref":"#/a","$ref":"http://h.example/x"}'],
    ['to a schema that is nearly built in', { $ref: 'http://json-schema.org/other' }],
    ['to a host that begins like it', { $ref: 'http://json-schema.org.evil.example/schema' }],
    ['with a blank before', { $ref: ' #/a' }],
    ['perhaps, as it is not JSON', '{"$ref":'],
  ])('%s', (_, schema) => {
    expect(finish(outsideProblem(withSchema(schema)))).toMatchObject({ kind: 'unsafe-address' })
  })

  it('is named with its file and its target, without secrets', () => {
    const schema = JSON.stringify({ $ref: 'https://me:hunter2@h.example/x?token=hunter3' })
    const inner = makeChartFiles('inner', { 'values.schema.json': schema })
    const chart = makeChartFiles('outer', {}, [makeChartFiles('sub', {}, [inner])])
    const problem = finish(outsideProblem(chart))
    expect(problem?.message).toBe(
      'charts/sub/charts/inner/values.schema.json refers to "https://***@h.example/x?***" with $ref, which helm would load during rendering',
    )
  })

  it('is found however deep it is', () => {
    const deep = `${'{"a":'.repeat(50_000)}{"$ref":"http://h.example/"}${'}'.repeat(50_000)}`
    expect(finish(outsideProblem(withSchema(deep)))?.message).toContain('h.example')
  })
})

describe('a schema that refers to nothing outside', () => {
  it.each([
    ['none', undefined],
    ['to its own parts', { $ref: '#/definitions/a', definitions: { a: { $ref: '#anchor' } } }],
    ['with an id', { $id: 'https://h.example/schema.json', $ref: '#/definitions/a' }],
    ['draft 7', { $schema: 'http://json-schema.org/draft-07/schema#' }],
    ['draft 4', { $schema: 'http://json-schema.org/draft-04/schema', id: 'https://h.example/' }],
    ['2020-12', { $schema: 'https://json-schema.org/draft/2020-12/schema' }],
    ['to what is built in', { $ref: 'http://json-schema.org/draft-07/schema#/definitions/x' }],
    ['to a name', { $ref: 'urn:example:x' }],
    ['to properties of such names', { properties: { $ref: { type: 'string' }, $schema: {} } }],
    ['nothing that is not a schema', 'true'],
  ])('%s', (_, schema) => {
    const chart = schema === undefined ? makeChartFiles('one') : withSchema(schema)
    expect(finish(outsideProblem(chart))).toBeUndefined()
  })
})

describe('a renderer', () => {
  const renders: (readonly string[])[] = []
  const run: Run = async (command) => {
    renders.push(command.args)
    return { command, ending: 'exited', ok: true, exitCode: 0, stdout: '', stderr: '' }
  }
  const request = {
    kubeVersion: '1.33.0',
    apiVersions: [],
    release: 'r',
    namespace: 'n',
    values: [],
  }

  it('never lets helm check values against a schema that refers outside', async () => {
    const folder = makeTempFolder()
    const { render } = createRenderer({
      run,
      helm: 'helm',
      helmVersion: 'v4',
      surroundings: surroundingsOf({}),
      signal: new AbortController().signal,
      workFolder: folder,
      path: '/one.tgz',
      chart: withSchema({ $ref: 'http://h.example/' }),
      hash: 'sha256:0123456789abcdef',
      origin: { kind: 'command-line' },
    })
    expect(await render({ ...request, skipSchema: false })).toMatchObject({
      ok: false,
      problem: { kind: 'unsafe-address' },
    })
    expect(renders).toEqual([])
    expect(await render({ ...request, skipSchema: true })).toMatchObject({ ok: true })
    expect(renders).toHaveLength(1)
    expect(renders[0]).toContain('--skip-schema-validation')
  })
})
