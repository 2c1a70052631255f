import { join } from 'node:path'
import { writeValues } from '../../application/values-layers.ts'
import { readLayers } from '../../layers.ts'
import { having } from '../../findings.ts'
import type { StepDefinition } from '../definition.ts'

/** Writes the values of the installation. */
export const valuesStep: StepDefinition = {
  id: 'values',
  title: 'Values',
  changes: () => false,

  plan({ mirror, build }) {
    const images = build.images ? 'the built images' : 'the published images'
    return mirror
      ? 'write the values that point everything to the private registry'
      : `write the values of the installation, using ${images} unless you set others`
  },

  async run(job, findings, step) {
    const { foundation, mirrored } = having(findings, 'foundation')
    const layers = findings.layers ?? (await readLayers(job, foundation))
    const folder = join(foundation.stateFolder, 'values')
    const written = await writeValues(folder, { ...layers, override: mirrored?.override })
    step.done(`written to ${written.file.path}`)
    const chart = mirrored?.patches.umbrella?.local ?? layers.local
    return { installable: { ...written, chart } }
  },
}
