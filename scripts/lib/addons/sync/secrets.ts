import type { SyncFlags } from '../../commands/sync-addons.ts'
const variables = [
  ['publicEcrPassword', '--public-ecr-password', 'ECR_PUBLIC_PASSWORD'],
  ['privateEcrPassword', '--private-ecr-password', 'ECR_PRIVATE_PASSWORD'],
  ['dockerhubUsername', '--dockerhub-username', 'DOCKERHUB_USERNAME'],
  ['dockerhubToken', '--dockerhub-token', 'DOCKERHUB_TOKEN'],
] as const

/** Returns the environment with the credentials from flags, and a warning for each secret on the command line. */
export function withSecrets(
  env: NodeJS.ProcessEnv,
  flags: SyncFlags,
): { readonly env: NodeJS.ProcessEnv; readonly warnings: string[] } {
  const given = variables.filter(([key]) => flags[key] !== undefined)
  return {
    env: {
      ...env,
      ...Object.fromEntries(given.map(([key, , variable]) => [variable, flags[key]])),
    },
    warnings: given
      .filter(([key]) => key !== 'dockerhubUsername')
      .map(
        ([, flag, variable]) =>
          `other users on this machine can read ${flag} while the command runs; set ${variable} instead`,
      ),
  }
}
