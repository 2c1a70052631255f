import { expect, it } from 'vitest'
import { installCommand, templateCommand } from '../../../../scripts/lib/tools/process/helm.ts'

const place = { release: 'r', namespace: 'n', kubeconfig: '/k', context: 'c' }

it.each([true, false])(
  'helm checks values against schemas unless that is skipped: %s',
  (skipSchema) => {
    const flags = { values: [], description: 'd', timeoutSeconds: 1, skipSchema }
    const rendering = { release: 'r', namespace: 'n', kubeVersion: '1.33.0', apiVersions: [] }
    const commands = [
      installCommand('helm', 'install', '/chart', place, flags),
      installCommand('helm', 'upgrade', '/chart', place, flags),
      templateCommand('helm', '/chart', { ...rendering, values: [], skipSchema }),
    ]
    for (const { args } of commands) {
      expect(args.includes('--skip-schema-validation')).toBe(skipSchema)
    }
  },
)
