/**
 * Where a person says which charts and images are meant: what advice has to name. `manifest`: made from a chart list
 * that is not known here. `command-line`: a chart that is an argument.
 */
export type Origin =
  | { readonly kind: 'chart-list'; readonly file: string }
  | { readonly kind: 'manifest'; readonly file: string }
  | { readonly kind: 'addons'; readonly files: readonly string[] }
  | { readonly kind: 'command-line' }

/** Where a chart or an image is named, as the end of advice: `in manifests/charts.yaml`. */
export function inOrigin(origin: Origin): string {
  switch (origin.kind) {
    case 'chart-list':
      return `in ${origin.file}`
    case 'manifest':
      return `in the chart list that ${origin.file} was generated from`
    case 'addons':
      return `in ${origin.files.join(' or ')}`
    case 'command-line':
      return 'on the command line'
  }
}

/** How values are given to a chart, as the end of advice; `leaf` is the one that is missing. */
export function valuesInOrigin(origin: Origin, leaf?: string): string {
  switch (origin.kind) {
    case 'chart-list':
    case 'manifest':
      return `under "values" of this chart ${inOrigin(origin)}`
    case 'addons':
      return `in the values of the add-on ${inOrigin(origin)}`
    case 'command-line':
      return `with -f or --set${leaf === undefined ? '' : ` ${leaf}=…`}`
  }
}
