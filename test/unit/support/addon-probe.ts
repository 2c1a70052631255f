import { findReferences } from '../../../scripts/lib/charts/find/find.ts'
import { probeTemplates } from '../../../scripts/lib/addons/templates/probe.ts'
import { splitDocuments } from '../../../scripts/lib/charts/render/documents.ts'
import type { VariantView } from '../../../scripts/lib/charts/relocate/view.ts'
import type { Render } from '../../../scripts/lib/charts/render/render.ts'
import { unwrap } from '../../../scripts/lib/model/problem.ts'
import {
  emptyTree,
  mergeValues,
  nodeAt,
  treeOf,
  type ValuesTree,
} from '../../../scripts/lib/model/values/values.ts'
import { parseAddonsValues } from '../../../scripts/lib/sources/values/addons-values.ts'
import { finish } from '../../../scripts/lib/steps/steps.ts'
import { makeChartFiles } from './charts.ts'

// Which templates of an add-on matter to the images of its chart, with a chart that is a function of its values.
const defaults = treeOf({
  image: { name: 'quay.io/a/app', tag: '1.0.0', digest: '' },
  extra: { enabled: false },
  hosts: ['a'],
  mode: 'small',
})

export type Chart = (values: ValuesTree) => readonly string[]

export const word = (values: ValuesTree, ...path: string[]) => {
  const node = nodeAt(values, path)
  return typeof node === 'string' ? node : ''
}

/** Renders a pod for each image; throws where helm would fail. */
function renderer(images: Chart): { readonly render: Render; readonly count: () => number } {
  let count = 0
  return {
    count: () => count,
    render: async ({ values }) => {
      count += 1
      try {
        const text = images(values.reduce(mergeValues, defaults))
          .map(
            (image, index) =>
              `---\n# Source: c/templates/${index}.yaml\nkind: Pod\nmetadata: { name: p }\nspec: { containers: [{ image: "${image}"${image.includes('[') ? ']' : ''} }] }\n`,
          )
          .join('')
        return { ok: true, value: splitDocuments(text) }
      } catch (error) {
        const problem = { kind: 'render-failed', side: 'input', message: String(error) } as const
        return { ok: false, problem }
      }
    },
  }
}

export const addonWith = (values: string) => {
  const text = `a:\n  chart: c\n  repoUrl: https://x.io\n  values:\n${values}`
  const [addon] = unwrap(finish(parseAddonsValues({ file: 'f.yaml', text }))).addons
  if (addon === undefined) throw new Error('no add-on')
  return addon
}

export async function probe(values: string, images: Chart, files = {}, required = emptyTree()) {
  const addon = addonWith(values)
  const { render, count } = renderer(images)
  const settings = { kubeVersion: '1.31.0', apiVersions: [], release: 'c', namespace: 'default' }
  const baseline = unwrap(
    await render({ ...settings, values: [required, addon.values], skipSchema: true }),
  )
  const chart = makeChartFiles('c', { 'values.yaml': JSON.stringify(defaults), ...files })
  const view = {
    found: findReferences(baseline),
    variant: { name: 'c', values: addon.values, settings },
  }
  const found = await probeTemplates({
    addon,
    required,
    chart,
    view: view as unknown as VariantView,
    render,
    signal: new AbortController().signal,
  })
  return {
    effects: found.map(({ leaf, effect }) =>
      [leaf.path.join('.'), effect.kind, ...('references' in effect ? effect.references : [])].join(
        ' ',
      ),
    ),
    renders: count() - 1,
  }
}

export const app: Chart = (values) => [
  `${word(values, 'image', 'name')}:${word(values, 'image', 'tag')}`,
]
