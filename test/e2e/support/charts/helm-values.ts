import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { surroundingsOf } from '../../../unit/support/surroundings.ts'
import { run } from '../../../../scripts/lib/tools/process/exec.ts'
import { helm } from '../tools.ts'

/** helm's result for one text: the data, or the fact that it rejects the text. */
export type HelmReading = { readonly data: unknown } | { readonly refused: string }

/** Reads a values file with the real helm, by rendering a chart that prints its values. */
export async function readValuesWithHelm(text: string): Promise<unknown> {
  const printed = await renderChart('{{ .Values | toJson | b64enc }}', '', text)
  return JSON.parse(Buffer.from(printed, 'base64').toString('utf8'))
}

/** Reads many texts with the real helm in one run, each as a mapping. */
export async function readTextsWithHelm(texts: readonly string[]): Promise<HelmReading[]> {
  const lines = texts.map((text) => Buffer.from(text).toString('base64')).join('\n')
  const template = `{{ range .Files.Get "texts" | splitList "\\n" }}{{ b64dec . | fromYaml | toJson | b64enc }},{{ end }}`
  const printed = await renderChart(template, lines)
  return printed
    .split(',')
    .slice(0, texts.length)
    .map((item) => {
      const data: Readonly<Record<string, unknown>> = JSON.parse(
        Buffer.from(item, 'base64').toString('utf8'),
      )
      // How helm's fromYaml reports what it cannot read.
      const { Error: refused } = data
      return typeof refused === 'string' ? { refused } : { data }
    })
}

async function renderChart(expression: string, texts: string, values = ''): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'airlift-helm-'))
  try {
    await mkdir(join(folder, 'templates'))
    await writeFile(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: reader\nversion: 1.0.0\n')
    await writeFile(join(folder, 'templates', 'a.yaml'), `printed: "${expression}"`)
    await writeFile(join(folder, 'texts'), texts)
    const file = join(folder, 'given.yaml')
    await writeFile(file, values)
    const args = ['template', 'reader', folder, '--values', file]
    const { ok, stdout, stderr } = await run({ tool: helm, args }, surroundingsOf())
    const printed = /^printed: "(.*)"$/m.exec(stdout)?.[1]
    if (!ok || printed === undefined) throw new Error(stderr || stdout)
    return printed
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
