import type { CliCommand } from '../cli/command/command.ts'
import { bootstrap } from './bootstrap.ts'
import { cleanupEcr } from './cleanup-ecr.ts'
import { clusterToken } from './cluster-token.ts'
import { generateCatalog } from './generate-catalog.ts'
import { generatePrivateEcrValues } from './generate-private-ecr-values.ts'
import { installTools } from './install-tools.ts'
import { mirrorToEcr } from './mirror-to-ecr.ts'
import { printPolicy } from './print-policy.ts'
import { regenerateManifest } from './regenerate-manifest.ts'
import { relocateChartCommand } from './relocate-chart.ts'
import { syncAddons } from './sync-addons.ts'
import { verifyPrivateValues } from './verify-private-values.ts'

/** Every command, in the order of the command reference. */
export const commands: readonly CliCommand[] = [
  bootstrap,
  mirrorToEcr,
  relocateChartCommand,
  regenerateManifest,
  generatePrivateEcrValues,
  verifyPrivateValues,
  syncAddons,
  generateCatalog,
  cleanupEcr,
  printPolicy,
  installTools,
  clusterToken,
]
