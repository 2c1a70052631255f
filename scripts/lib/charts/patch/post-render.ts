import { join } from 'node:path'
import { makeFolders } from '../../tools/files/make.ts'
import { replaceFile } from '../../tools/files/files.ts'
import type { Rewrite } from './rewriter.ts'

/** Name of the plugin, as `--post-renderer` of Helm 4 takes it. */
const postRendererName = 'ecr-airlift-references'

/**
 * Writes a post-renderer that rewrites what no value reaches: `rewrite.sh` for Helm 3, and the plugin around it that
 * Helm 4 wants. It needs a shell and sed alone, so it runs where the chart is installed.
 *
 * Helm hands it hook resources only from 3.21 and 4 on, and never the files of `crds/`.
 */
export async function writePostRenderer(
  folder: string,
  rewrites: readonly Rewrite[],
): Promise<void> {
  const home = join(folder, postRendererName)
  await makeFolders(home, 0o755)
  await replaceFile(join(home, 'plugin.yaml'), pluginFile)
  await replaceFile(join(home, 'rewrite.sh'), renderScript(rewrites), 0o755)
}

const pluginFile = `apiVersion: v1
type: postrenderer/v1
name: ${postRendererName}
version: 1.0.0
runtime: subprocess
runtimeConfig:
  platformCommand:
    - command: "\${HELM_PLUGIN_DIR}/rewrite.sh"
`

/** A shell script that reads manifests and writes them with every reference replaced. */
function renderScript(rewrites: readonly Rewrite[]): string {
  const distinct = [...new Map(rewrites.map((rewrite) => [rewrite.text, rewrite])).values()]
  const commands = distinct.flatMap(({ text, destination }) => {
    const escaped = text.replaceAll(/[.+*?^$()[\]{}|\\]/g, String.raw`\$&`)
    // A name without tag and path may be any word: it is replaced only as the value of an image field.
    const [before, after] = /[:@/]/.test(text)
      ? ['(^|[^A-Za-z0-9._/-])', '($|[^A-Za-z0-9._/@-])']
      : ['(image:[[:space:]]*[^[:alnum:]]?)', '([^[:alnum:]]?[[:space:]]*(#.*)?)$']
    const command = `  -e 's,${before}${escaped}${after},\\1${destination}\\2,g'`
    // Twice, because neighbours share the character between them.
    return [command, command]
  })
  const rewriting = commands.length === 0 ? 'exec cat' : `exec sed -E \\\n${commands.join(' \\\n')}`
  return `#!/bin/sh
# Rewrites the references that no value of the chart reaches. Made by relocate-chart; make it again for another registry.
${rewriting}
`
}
