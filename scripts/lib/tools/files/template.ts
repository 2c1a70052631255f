import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import Handlebars from 'handlebars'

const folder = fileURLToPath(new URL('../../../../templates/', import.meta.url))

/**
 * Renders a template of the `templates` folder. Strict: a missing value is an error. Nothing is HTML-escaped.
 * Handlebars ignores a missing value in `{{#if}}` even in strict mode, so callers pass every key and parse the result.
 */
export async function renderTemplate(
  name: string,
  data: Readonly<Record<string, unknown>>,
): Promise<string> {
  const engine = Handlebars.create()
  engine.registerHelper('json', (value: unknown) => JSON.stringify(value))
  engine.registerHelper('indent', (text: string, width: number) =>
    text.replaceAll(/^(?=.)/gm, ' '.repeat(width)),
  )
  return engine.compile(await read(name), { strict: true, noEscape: true })(data)
}

/** Renders an HTML page, also strictly; every value is escaped. Partials are included by file name. */
export async function renderPage(
  name: string,
  data: Readonly<Record<string, unknown>>,
  parts: readonly string[] = [],
): Promise<string> {
  const engine = Handlebars.create()
  for (const part of parts) engine.registerPartial(part, await read(part))
  return engine.compile(await read(name), { strict: true })(data)
}

function read(name: string): Promise<string> {
  return readFile(`${folder}${name}`, 'utf8')
}
