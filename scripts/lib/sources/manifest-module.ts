import { createHash } from 'node:crypto'
import type { LeafAssignment, Manifest, ManifestChart } from '../model/manifest.ts'
import { renderTemplate } from '../tools/template.ts'

/** The hash by which a manifest names the chart list that it was made from. */
export function hashInput(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}

/** Renders the manifest as a TypeScript module: sorted, one entry a line, so that a diff reads well. */
export function renderManifestModule(manifest: Manifest, source: string): Promise<string> {
  return renderTemplate('private-ecr-manifest.ts.hbs', {
    source,
    input: manifest.input,
    charts: manifest.charts.map((chart) => ({
      heading: headingOf(chart),
      relocation: chart.relocation.map(renderAssignment),
    })),
    images: manifest.images.map((image) => renderEntry({ ...image })),
    relocation: manifest.relocation.map(renderAssignment),
  })
}

function headingOf({ name, version, published, repository, group }: ManifestChart): string {
  return renderFields({ name, version, ...(published && { published }), repository, group })
}

function renderAssignment({ path, value }: LeafAssignment): string {
  return renderEntry({ path, value })
}

function renderEntry(entry: Readonly<Record<string, unknown>>): string {
  return `{ ${renderFields(entry)} }`
}

function renderFields(entry: Readonly<Record<string, unknown>>): string {
  return Object.entries(entry)
    .map(([key, value]) => `${JSON.stringify(key)}: ${renderValue(value)}`)
    .join(', ')
}

function renderValue(value: unknown): string {
  return Array.isArray(value)
    ? `[${value.map((item) => JSON.stringify(item)).join(', ')}]`
    : JSON.stringify(value)
}
