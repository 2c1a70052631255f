import type { Ecr } from '../../../scripts/lib/aws/ecr/client.ts'
import type { CopySettings, MirrorRequest } from '../../../scripts/lib/mirror/session/request.ts'
import { parseEcrRegistry } from '../../../scripts/lib/model/image/registry.ts'
import { emptyLock } from '../../../scripts/lib/model/manifest/lock.ts'
import { unwrap } from '../../../scripts/lib/model/problem.ts'
import type { RegistryClient } from '../../../scripts/lib/tools/registry/client.ts'

/** Stands for every call that a test does not expect. */
export const refuse = (): never => {
  throw new Error('unexpected call')
}

const registry = unwrap(parseEcrRegistry('123456789012.dkr.ecr.us-east-2.amazonaws.com'))

/** An ECR that expects nothing but what a test gives. */
export function fakeEcr(given: Partial<Ecr> = {}): Ecr {
  return {
    authorize: refuse,
    listRepositories: refuse,
    createRepository: refuse,
    deleteRepository: refuse,
    putPolicy: refuse,
    readDetails: refuse,
    changeSetting: refuse,
    listPushTemplates: refuse,
    readImages: refuse,
    readManifests: refuse,
    mayMount: refuse,
    sizesOfBlobs: refuse,
    readStates: refuse,
    restoreImage: refuse,
    deleteTag: refuse,
    close: refuse,
    ...given,
  }
}

export const refusingRegistries: RegistryClient = {
  head: refuse,
  manifest: refuse,
  mount: refuse,
  putManifest: refuse,
}

const copying: CopySettings = {
  existing: 'skip',
  platforms: 'auto',
  mirrors: new Map(),
  mount: 'off',
  replaceImmutable: false,
  onMissing: 'fail',
  onArchived: 'report',
  concurrency: undefined,
  putRate: undefined,
  deadline: undefined,
  check: true,
  stateFolder: '/state',
}

/** A request to mirror nothing, with everything at its default but what a test gives. */
export function requestFor(
  given: Partial<Omit<MirrorRequest, 'copying'>> = {},
  settings: Partial<CopySettings> = {},
): MirrorRequest {
  return {
    registry,
    prefix: '',
    placed: [],
    siblings: () => [],
    lock: emptyLock,
    copying: { ...copying, ...settings },
    repositories: { settings: {}, update: false, onPush: false },
    origin: { kind: 'manifest', file: 'm.ts' },
    tolerant: false,
    ...given,
  }
}
