import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import Handlebars from 'handlebars'

const folder = fileURLToPath(new URL('../../../../templates/', import.meta.url))

/**
 * Renders a template of the `templates` folder. Strict: a missing value is an error instead of nothing, and nothing
 * is HTML-escaped. Handlebars stays silent on `{{#if}}` over a missing value even then, so callers pass every key
 * and parse what they get.
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

/** Renders an HTML page, as strictly; every value is escaped. Its parts are included by their file names. */
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
