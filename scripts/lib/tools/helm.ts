import type { Command } from './exec.ts'

/**
 * `helm pull` of one archive by its address, with its provenance file where there is one, into an empty folder.
 * The address is absolute, so that helm does not load the repository's index a second time.
 */
export function pullCommand(helm: string, url: string, folder: string): Command {
  return { tool: helm, args: ['pull', url, '--prov', '--destination', folder] }
}

/** `helm push`: the chart's own name and version are appended by helm. */
export function pushCommand(helm: string, archive: string, target: string): Command {
  return { tool: helm, args: ['push', archive, `oci://${target}`] }
}
