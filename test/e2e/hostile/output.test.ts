import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { escapeStrings, isPrintable } from '../../../scripts/lib/model/text/printable.ts'
import type { ScriptResult } from '../../unit/support/run-script.ts'
import { relocate, writeChart } from '../support/charts/relocating.ts'
import { test, type World } from '../support/world.ts'

/** Clears a screen, turns text around, forges lines of ours, of GitHub and of Azure Pipelines, and hides things. */
const evil =
  'x\u001b[2J\u009b31m\u202e\u2066\nerror: forged\n  → forged\n::error::forged\n##vso[task.x]\r\u200b\u{e0041}'
/** As YAML: helm reads no control characters that are not escaped. */
const spelled = escapeStrings(JSON.stringify(evil), 'yaml')

/** What nobody may be shown, whatever a chart has in it. */
function expectHarmless({ stdout, stderr }: ScriptResult): void {
  for (const text of [stdout, stderr]) {
    expect(text.split('\n').filter((line) => !isPrintable(line))).toEqual([])
    expect(text).not.toMatch(/^(?:error: forged| {2}→ forged|::error::|##vso)/m)
  }
}

/** A chart with escapes wherever a chart can have text. */
function hostileChart(world: World): Promise<string> {
  return writeChart(world, 'hostile', {
    'Chart.yaml': [
      'apiVersion: v2',
      'name: hostile',
      'version: 0.1.0',
      `appVersion: ${spelled}`,
      `description: ${spelled}`,
      `annotations: { ${spelled}: ${spelled} }`,
      'dependencies:',
      `  - { name: sub, version: 0.1.0, alias: ${spelled.replaceAll(/[^a-z]/g, '')}, condition: ${spelled}, repository: ${spelled} }`,
      '',
    ].join('\n'),
    'charts/sub/Chart.yaml': `apiVersion: v2\nname: sub\nversion: 0.1.0\nappVersion: ${spelled}\n`,
    'values.yaml': `image: { repository: quay.io/o/app, tag: "1" }\n${spelled}: { repository: quay.io/o/other, tag: "2", ${spelled}: ${spelled} }\n`,
    'templates/pod.yaml': [
      'apiVersion: v1',
      'kind: Pod',
      `metadata: { name: ${spelled}, labels: { ${spelled}: ${spelled} } }`,
      'spec:',
      '  containers:',
      `    - name: ${spelled}`,
      '      image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"',
      `      args: [${spelled}, "--image=quay.io/o/arg:1", ${escapeStrings(JSON.stringify(`quay.io/o/maybe:1 ${evil}`), 'yaml')}]`,
      `      env: [{ name: ${spelled}, value: ${spelled} }]`,
      `    - { name: odd, image: ${spelled} }`,
      '    - { name: fixed, image: "quay.io/o/fixed:1" }',
      '',
    ].join('\n'),
    [`templates/a\u202e\u2066.yaml`]: `{{- range $key, $value := .Values }}\n{{- if and (kindIs "map" $value) (ne $key "image") (hasKey $value "repository") }}\n---\napiVersion: v1\nkind: Pod\nmetadata: { name: {{ $key | quote }} }\nspec: { containers: [{ name: a, image: "{{ $value.repository }}:{{ $value.tag }}" }] }\n{{- end }}\n{{- end }}\n`,
  })
}

describe.concurrent('text of a chart', () => {
  test.for([
    ['for people', []],
    ['with every detail', ['--verbose']],
    ['as a list of images', ['--images']],
    ['as a graph', ['--graph']],
    ['as values that are not proven', ['--allow-unproven']],
  ] as const)('is printed harmlessly: %s', async ([, flags], { world: make }) => {
    const world = await make({ images: [] })
    const result = await relocate(world, await hostileChart(world), ...flags)
    expect([0, 1], result.stderr).toContain(result.code)
    expect(result.stderr + result.stdout).not.toMatch(/this is a bug/)
    expect(result.stderr + result.stdout).not.toBe('')
    expectHarmless(result)
  })

  test.for(['\u001b[2J', '\nerror: forged', '\u0085', '\u2028'])(
    'is refused in the name of a file, and named harmlessly: %j',
    async (name, { world: make }) => {
      const world = await make({ images: [] })
      const chart = await writeChart(world, 'named', { [`templates/a${name}.yaml`]: 'kind: Pod' })
      const result = await relocate(world, chart)
      expect(result.code).toBe(2)
      expect(result.stderr).toContain(
        'is not a chart: a file name in it contains a control character',
      )
      expectHarmless(result)
    },
  )

  test('is exact in JSON, but still harmless', async ({ world: make }) => {
    const world = await make({ images: [] })
    const chart = await hostileChart(world)
    const result = await relocate(world, chart, '--output', 'json', '--allow-unproven')
    expectHarmless(result)
    const { images, notices } = JSON.parse(result.stdout)
    expect(JSON.stringify(images)).toContain('quay.io/o/app:1')
    expect(JSON.stringify([images, notices])).toContain(JSON.stringify(evil).slice(1, -1))
  })

  test.for([
    ['that it fails with', `{{ fail ${spelled} }}`],
    ['that it asks for', `{{ required ${spelled} .Values.missing }}`],
    ['that is no YAML', `a: [\n${evil}`],
    ['that is no template', `{{ .Values.${evil} }}`],
  ] as const)('%s is printed harmlessly', async ([, template], { world: make }) => {
    const world = await make({ images: [] })
    const chart = await writeChart(world, 'failing', { 'templates/a.yaml': template })
    const result = await relocate(world, chart, '--verbose')
    expect(result.code).toBe(1)
    expect(result.stderr).toMatch(/^error: chart failing 0\.1\.0 does not render/)
    expect(result.stderr.match(/^error: /gm)).toHaveLength(1)
    expectHarmless(result)
  })

  test('is harmless in the generated manifest, and where that is explained', async ({
    world: make,
  }) => {
    const world = await make({ charts: ['etcd-operator'] })
    const own = `apiVersion: v1\nkind: Pod\nmetadata: { name: ${spelled} }\nspec: { containers: [{ name: ${spelled}, image: {{ .Values.image }} }, { name: odd, image: ${spelled} }] }\n`
    const chart = await writeChart(world, 'umbrella', {
      'values.yaml': `image: quay.io/o/app:1\ncharts: { etcd-operator: { version: 0.4.2, repository: oci://ghcr.io/aenix-io/charts } }\n`,
      'templates/pod.yaml': own,
    })
    const manifest = join(await world.folderOf('out'), 'manifest.ts')
    const list = await world.write('list.yaml', 'charts: []\n')
    const from = ['--from', chart, '--manifest', manifest, '--list', list]
    const made = await world.script('regenerate-manifest.ts', from)
    expect(made.code, made.stderr).toBe(0)
    expect(made.stderr).toContain('which is not an image reference')
    expectHarmless(made)
    const text = await readFile(manifest, 'utf8')
    expect(text.split('\n').filter((line) => !isPrintable(line))).toEqual([])
    expect(text).toContain('"unread-field"')
    const why = ['--manifest', manifest, '--why', 'quay.io/o/app']
    const explained = await world.script('regenerate-manifest.ts', why)
    expect(explained.code, explained.stderr).toBe(0)
    expect(explained.stdout).toContain(String.raw`Pod/x\u001b[2J`)
    expectHarmless(explained)
  })
})
