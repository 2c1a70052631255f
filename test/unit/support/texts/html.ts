const voids = new Set(['meta', 'br', 'input', 'link', 'img', 'hr'])

/**
 * What is wrong with a page that is to stand by itself: tags that do not match, ids that are missing or there twice,
 * tables without captions, drawings without titles, and anything that would have to be fetched.
 */
export function faultsOfPage(page: string): string[] {
  const faults: string[] = []
  const text = page.replaceAll(/(<(script|style)>)[^]*?(<\/\2>)/g, '$1$3')
  const open: string[] = []
  for (const [tag, slash, name = '', attributes = ''] of text.matchAll(
    /<(\/?)([a-z][a-z0-9]*)((?:\s+[\w:-]+(?:="[^"<]*")?)*)\s*\/?>/gi,
  )) {
    if (slash) {
      const last = open.pop()
      if (last !== name) faults.push(`</${name}> ends <${last}>`)
    } else if (!tag.endsWith('/>') && !voids.has(name)) open.push(name)
    if (/\s(?:src|href|srcset|action|on\w+)=/i.test(attributes)) faults.push(`refers: ${tag}`)
  }
  if (open.length > 0) faults.push(`left open: ${open.join(', ')}`)
  // What is no tag by the grammar above must not look like one.
  const rest = text.replaceAll(/<\/?[a-z][a-z0-9]*(?:\s+[\w:-]+(?:="[^"<]*")?)*\s*\/?>/gi, '')
  if (/[<>]/.test(rest.replace('<!doctype html>', ''))) faults.push('a loose bracket')
  if (/@import|url\((?!#)/.test(page)) faults.push('a style refers to something')
  const ids = [...text.matchAll(/\sid="([^"]*)"/g)].map(([, id = '']) => id)
  if (new Set(ids).size < ids.length) faults.push(`ids twice: ${ids.join(', ')}`)
  for (const [, list = ''] of text.matchAll(/\s(?:aria-labelledby|for)="([^"]*)"/g)) {
    for (const id of list.split(' ')) if (!ids.includes(id)) faults.push(`no id ${id}`)
  }
  for (const [, next] of text.matchAll(/<table[^>]*>\s*<(\w+)/g)) {
    if (next !== 'caption') faults.push('a table without a caption')
  }
  for (const [, attributes = '', next] of text.matchAll(/<svg([^>]*)>\s*<(\w+)/g)) {
    if (!attributes.includes('aria-hidden') && next !== 'title')
      faults.push('a drawing without a title')
  }
  return faults
}
