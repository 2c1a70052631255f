/** A picture as text. Everything in it is drawn with these few shapes. */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly title: string
  readonly shapes: readonly string[]
}

const font = 'font-family="system-ui, sans-serif"'

/** The picture on a white ground, so that it is readable on a dark page too. */
export function renderPicture({ width, height, title, shapes }: Picture): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escapeText(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...shapes,
    '</svg>',
    '',
  ].join('\n')
}

interface TextStyle {
  readonly size?: number
  readonly anchor?: 'start' | 'middle' | 'end'
  readonly bold?: boolean
  readonly color?: string
}

export function text(x: number, y: number, content: string, style: TextStyle = {}): string {
  const { size = 12, anchor = 'start', bold = false, color = '#24292f' } = style
  const weight = bold ? ' font-weight="600"' : ''
  return `<text x="${round(x)}" y="${round(y)}" ${font} font-size="${size}"${weight} text-anchor="${anchor}" fill="${color}">${escapeText(content)}</text>`
}

export function bar(x: number, y: number, width: number, height: number, color: string): string {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(Math.max(width, 0.5))}" height="${round(height)}" fill="${color}" rx="2"/>`
}

interface LineStyle {
  readonly color?: string
  readonly width?: number
  readonly dashed?: boolean
}

export function line(
  points: readonly (readonly [number, number])[],
  style: LineStyle = {},
): string {
  const { color = '#57606a', width = 1, dashed = false } = style
  const dashes = dashed ? ' stroke-dasharray="4 3"' : ''
  const path = points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ')
  return `<polyline points="${path}" fill="none" stroke="${color}" stroke-width="${width}"${dashes}/>`
}

export function dot(x: number, y: number, color: string): string {
  return `<circle cx="${round(x)}" cy="${round(y)}" r="3.5" fill="${color}"/>`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function escapeText(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
