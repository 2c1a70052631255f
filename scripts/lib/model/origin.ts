/**
 * Where the user names charts and images, for advice. `manifest`: generated from an unknown chart list. `command-line`:
 * a chart given as an argument.
 */
export type Origin =
  | { readonly kind: 'chart-list'; readonly file: string }
  | { readonly kind: 'manifest'; readonly file: string }
  | { readonly kind: 'addons'; readonly files: readonly string[] }
  | { readonly kind: 'command-line' }

/** Returns where a chart or an image is named, as the end of advice: `in manifests/charts.yaml`. */
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

/** Returns where to set a chart's values, as the end of advice; `leaf` is the missing one. */
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
