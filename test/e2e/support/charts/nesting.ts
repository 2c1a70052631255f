import { chartText, type ChartText, type Published } from './published.ts'

export const stable = 'https://charts.example.com/stable'
export const registry = 'oci://ghcr.io/example/charts'

export const pod = (name: string, ...images: readonly string[]) =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name} }\nspec:\n  containers:\n${images
    .map((image, index) => `    - { name: c${index}, image: ${image} }\n`)
    .join('')}`

/** An Argo CD application that installs a chart. */
export const application = (chart: string, helm = '', source = `repoURL: '${stable}'`) =>
  `---\napiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: ${chart} }\nspec:\n  destination: { namespace: ${chart} }\n  source:\n    ${source}\n    chart: ${chart}\n    targetRevision: 1.0.0\n${helm}`

/** The same object in a namespace. */
export const named = (object: string, namespace: string) =>
  object.replace('metadata: { ', `metadata: { namespace: ${namespace}, `)

export const publish = (name: string, files: ChartText, repository = stable): Published => ({
  repository,
  files: chartText(name, '1.0.0', { 'values.yaml': '{}\n', ...files }),
})
