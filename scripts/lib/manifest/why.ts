import { columns } from '../cli/text.ts'
import type { Manifest, ManifestImage } from '../model/manifest/manifest.ts'
import { ProblemError } from '../model/problem.ts'
import { formatReference, parseReference } from '../model/image/reference.ts'

/**
 * Explains why an image is in the manifest: chart, document, path and leaf of every place. Part of a reference is
 * enough. Throws `ProblemError` when nothing matches.
 */
export function explainImage(manifest: Manifest, text: string): string[] {
  const images = matching(manifest, text)
  if (images.length === 0) {
    throw new ProblemError({
      kind: 'usage',
      side: 'input',
      message: `"${text}" is not in the manifest`,
      next: 'specify an image reference or part of one, for example "kube-webhook-certgen"',
    })
  }
  return images.flatMap((image, index) => [...(index > 0 ? [''] : []), ...explain(image)])
}

function matching({ images }: Manifest, text: string): ManifestImage[] {
  const parsed = parseReference(text)
  const canonical = parsed.ok ? formatReference(parsed.value) : text
  const exact = images.filter(({ reference }) => reference === canonical)
  return exact.length > 0 ? exact : images.filter(({ reference }) => reference.includes(text))
}

function explain({ reference, reason, found, charts, runtime = [] }: ManifestImage): string[] {
  const lines = [reference]
  if (reason !== undefined) {
    lines.push(`  listed by hand${charts.length > 0 ? ` for ${charts.join(', ')}` : ''}: ${reason}`)
  }
  for (const { chart, operator, when, leaves, field, source } of runtime) {
    lines.push(
      ...columns([
        ['  chart', chart],
        ['  from', 'operators.yaml: no render shows it'],
        ['  operator', operator],
        ['  pulled', when],
        ['  leaves', leaves.join(', ') || 'none: no value sets it'],
        ...(field === undefined ? [] : [['  field', field]]),
        ['  source', source],
      ]),
      '',
    )
  }
  for (const place of found) {
    lines.push(
      ...columns([
        ['  chart', place.chart],
        ['  document', `${place.document} (${place.template})`],
        ['  path', place.path],
        ['  leaves', place.leaves.join(', ') || 'none: no value sets it'],
        ['  class', place.class],
        ['  variants', place.variants.join(', ')],
      ]),
      '',
    )
  }
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}
