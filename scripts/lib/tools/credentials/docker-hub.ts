import { dockerHub } from '../../model/image/reference.ts'
import type { CredentialStore } from './credentials.ts'

/**
 * Logs in to Docker Hub when DOCKERHUB_USERNAME and DOCKERHUB_TOKEN are both set. Without a login it allows 100 pulls
 * in six hours per IP address (Docker's usage page).
 */
export async function logInToDockerHub(
  env: NodeJS.ProcessEnv,
  store: CredentialStore,
  notice: (text: string) => void,
): Promise<void> {
  const username = env['DOCKERHUB_USERNAME']
  const token = env['DOCKERHUB_TOKEN']
  if (username && token) return store.set(dockerHub, username, token)
  if (username || token) {
    notice(
      'reading Docker Hub anonymously: only one of DOCKERHUB_USERNAME and DOCKERHUB_TOKEN is set',
    )
  }
}
