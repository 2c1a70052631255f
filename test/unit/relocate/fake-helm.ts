import { execFileSync } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { extract } from 'tar'
import { readValuesText } from '../../../scripts/lib/sources/values/values-file.ts'
import { unwrap } from '../../../scripts/lib/model/problem.ts'
import {
  emptyTree,
  isTree,
  layerValues,
  nodeAt,
  type ValuesNode,
  type ValuesTree,
} from '../../../scripts/lib/model/values/values.ts'
import type { Run } from '../../../scripts/lib/tools/process/exec.ts'

/** A template or a value of which helm would print an error. */
class HelmError extends Error {
  override readonly name = 'HelmError'
}

/**
 * A helm that renders charts whose templates have nothing but `{{ .Values.a.b }}`, `{{ required "words" .Values.a }}`,
 * `{{ len .Values.a }}`, and lines `{{ if .Values.a }}` up to `{{ end }}`. It refuses everything else.
 *
 * @param commands takes down each call: the name of the chart, and the flags that are set
 */
export function fakeHelm(commands: string[]): Run {
  return async (command, { env }) => {
    const [action, ...words] = command.args
    const [release, path] = words.slice(words.indexOf('--') + 1)
    if (action !== 'template' || release === undefined || path === undefined) {
      throw new Error(`unexpected call: ${command.args.join(' ')}`)
    }
    commands.push(`${action} ${release}${words.includes('--is-upgrade') ? ' as an upgrade' : ''}`)
    const folder = path.endsWith('.tgz') ? await unpack(path) : path
    const files = words.flatMap((word) => /^--values=(.+)$/.exec(word)?.[1] ?? [])
    const done = { command, stderr: '', stdout: '' }
    try {
      const plain = await renderAny(release, folder, files)
      const name = words.flatMap((word) => /^--post-renderer=(.+)$/.exec(word)?.[1] ?? [])[0]
      const plugins = env['HELM_PLUGINS'] ?? ''
      const stdout = name === undefined ? plain : postRender(join(plugins, name), plain)
      return { ...done, ending: 'exited', ok: true, exitCode: 0, stdout }
    } catch (error) {
      if (!(error instanceof HelmError)) throw error
      return {
        ...done,
        ending: 'exited',
        ok: false,
        exitCode: 1,
        stderr: `Error: ${error.message}`,
      }
    }
  }
}

function renderAny(release: string, folder: string, files: readonly string[]): Promise<string> {
  if (release === 'reading') return readBack(folder)
  return release === 'values' ? printValues(files) : template(folder, files)
}

/** Prints the given values as the chart does with which helm is asked how it reads them. */
async function printValues(files: readonly string[]): Promise<string> {
  const values = await Promise.all(files.map(readValues))
  const whole = values.reduce(layerValues, emptyTree())
  const encode = (node: object) => Buffer.from(JSON.stringify(node)).toString('base64')
  return `values: ${encode(whole)}\nwholeNumbers: ${encode({})}\n`
}

/** Runs the script of a plugin. */
function postRender(plugin: string, input: string): string {
  return execFileSync('sh', [join(plugin, 'rewrite.sh')], { input, encoding: 'utf8' })
}

/** Unpacks the archive of a chart. Returns its folder. */
async function unpack(file: string): Promise<string> {
  await extract({ file, cwd: dirname(file) })
  return join(dirname(file), 'web')
}

async function template(folder: string, files: readonly string[]): Promise<string> {
  const values = await Promise.all([join(folder, 'values.yaml'), ...files].map(readValues))
  const whole = values.reduce(layerValues, emptyTree())
  const names = (await readdir(join(folder, 'templates'))).toSorted()
  const documents = await Promise.all(
    names.map(async (name) => {
      const path = `${basename(folder)}/templates/${name}`
      const text = await readFile(join(folder, 'templates', name), 'utf8')
      return `---\n# Source: ${path}\n${fill(text, whole, path)}`
    }),
  )
  return documents.join('\n')
}

async function readValues(file: string): Promise<ValuesTree> {
  return unwrap(readValuesText(file, await readFile(file, 'utf8')))
}

function fill(text: string, values: ValuesTree, path: string): string {
  const lines: string[] = []
  let isLeft = false
  for (const [index, line] of text.split('\n').entries()) {
    const condition = /^\{\{ if \.Values\.(\S+) \}\}$/.exec(line)?.[1]
    if (condition !== undefined) isLeft = !valueAt(values, condition)
    else if (line === '{{ end }}') isLeft = false
    else if (!isLeft) lines.push(fillLine(line, values, `${path}:${index + 1}:1`))
  }
  return lines.join('\n')
}

function fillLine(line: string, values: ValuesTree, place: string): string {
  return line.replaceAll(/\{\{ (.+?) \}\}/g, (whole, action: string) => {
    const [, words, name = ''] = /^(?:required "(.+)" |len )?\.Values\.(\S+)$/.exec(action) ?? []
    if (name === '') throw new Error(`unexpected template: ${whole}`)
    const value = valueAt(values, name)
    if (words !== undefined && (value === undefined || value === '')) {
      throw new HelmError(
        `execution error at (${place}): error calling required: ${words.replaceAll('\\', '')}`,
      )
    }
    const text = typeof value === 'string' ? value : JSON.stringify(value ?? '')
    return action.startsWith('len ') ? String(text.length) : text
  })
}

function valueAt(values: ValuesTree, name: string): ValuesNode | undefined {
  return nodeAt(values, name.split('.'))
}

/** Reads documents as helm's `fromYaml` does, for the chart with which the renderer asks how helm reads them. */
async function readBack(folder: string): Promise<string> {
  const texts: string[] = JSON.parse(await readFile(join(folder, 'documents-0.json'), 'utf8'))
  return texts
    .map((text, index) => {
      const tree = unwrap(readValuesText('document', text))
      if (!isTree(tree)) throw new Error('a document is no mapping')
      return `document${index}: ${Buffer.from(JSON.stringify(tree)).toString('base64')}\n`
    })
    .join('')
}
