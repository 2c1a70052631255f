import { join } from 'node:path'
import type { ToolName } from './world/tools.ts'

/** What a mover finds in its folder and its environment. */
export interface Errand {
  /** Has `images.txt`, `images-docker.txt`, `charts.txt`, `chart.sh`, `regsync.yaml`, and one manifest in a folder of its own. */
  readonly folder: string
  readonly registry: string
  readonly manifestFile: string
  readonly stateFolder: string
}

/** One way to move everything, as data. */
export interface Mover {
  readonly name: string
  readonly about: string
  /** Peers cannot create repositories: they find them made. */
  readonly kind: 'peer' | 'kit'
  /** Whether layers are mounted: ECR's BLOB_MOUNTING is on for it. */
  readonly mount: boolean
  readonly needs: readonly ToolName[]
  readonly command: (errand: Errand) => { readonly tool: string; readonly args: readonly string[] }
}

const copyWithCrane = 'crane copy'
const copyWithSkopeo = 'skopeo copy --quiet --all --insecure-policy'

export const movers: readonly Mover[] = [
  peer('crane-1', '`crane copy`, one after another', ['crane', 'helm'], ({ folder }) =>
    script(each(1, folder, 'images.txt', copyWithCrane), charts(1, folder)),
  ),
  peer('crane-4', '`crane copy`, 4 at a time', ['crane', 'helm'], ({ folder }) =>
    script(each(4, folder, 'images.txt', copyWithCrane), charts(4, folder)),
  ),
  peer('crane-8', '`crane copy`, 8 at a time', ['crane', 'helm'], ({ folder }) =>
    script(each(8, folder, 'images.txt', copyWithCrane), charts(8, folder)),
  ),
  peer('regsync', '`regsync once`, parallel: 4', ['regsync', 'helm'], ({ folder }) =>
    script(`regsync once -c ${quote(join(folder, 'regsync.yaml'))}`, charts(4, folder)),
  ),
  peer('skopeo', '`skopeo copy --all`, 4 at a time', ['skopeo', 'helm'], ({ folder }) =>
    script(each(4, folder, 'images-docker.txt', copyWithSkopeo), charts(4, folder)),
  ),
  kit('kit-off', 'this kit, mounting off', false),
  kit('kit-on', 'this kit, mounting on', true),
]

function peer(
  name: string,
  about: string,
  needs: readonly ToolName[],
  command: Mover['command'],
): Mover {
  return { name, about, kind: 'peer', mount: false, needs, command }
}

function kit(name: string, about: string, mount: boolean): Mover {
  return {
    name,
    about,
    kind: 'kit',
    mount,
    needs: ['crane', 'helm'],
    command: ({ registry, manifestFile, stateFolder }) => ({
      tool: process.execPath,
      args: words(
        '--import tsx scripts/mirror-to-ecr.ts',
        registry,
        ['--manifest', manifestFile],
        ['--state-dir', stateFolder],
        `--mount ${mount ? 'on' : 'off'}`,
      ),
    }),
  }
}

/** A person's loop: every line of a list, some at a time; one failure does not stop the others. */
function each(parallel: number, folder: string, list: string, command: string): string {
  return `xargs -P ${parallel} -L 1 ${command} < ${quote(join(folder, list))}`
}

function charts(parallel: number, folder: string): string {
  return each(parallel, folder, 'charts.txt', `bash ${quote(join(folder, 'chart.sh'))}`)
}

/** Fails when one of its lines has failed, and runs them all. */
function script(...lines: readonly string[]): ReturnType<Mover['command']> {
  const checked = lines.map((line) => `${line} || code=1`)
  return { tool: 'bash', args: ['-c', ['code=0', ...checked, 'exit $code'].join('\n')] }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}

/** Command words: text is split at spaces, lists are taken as they are. */
function words(...parts: readonly (string | readonly string[])[]): string[] {
  return parts.flatMap((part) => (typeof part === 'string' ? part.split(' ') : part))
}
