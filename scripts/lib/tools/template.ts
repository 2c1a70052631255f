import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import Handlebars from 'handlebars'

const folder = fileURLToPath(new URL('../../../templates/', import.meta.url))

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
  const template = engine.compile(await readFile(`${folder}${name}`, 'utf8'), {
    strict: true,
    noEscape: true,
  })
  return template(data)
}
