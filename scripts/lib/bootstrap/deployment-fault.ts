import { describeFault, isOfKind, type TextKind } from '../model/names/text-kind.ts'
import { parseReference, repositoryOf } from '../model/reference.ts'
import { partitionOf } from '../model/registry.ts'

/** As EKS's CreateCluster takes it. */
const clusterKind: TextKind = {
  what: 'the name of an EKS cluster',
  longest: 100,
  pattern: /^[0-9A-Za-z][0-9A-Za-z_-]*$/,
  rule: 'at most 100 letters, digits, "-" and "_", with a letter or digit first',
  example: 'migration-eks-cluster-dev',
}

/** A stage is a part of names of resources, of exports, and of the folder for an installation. */
const stageKind: TextKind = {
  what: 'a stage',
  longest: 63,
  pattern: /^[0-9A-Za-z][0-9A-Za-z-]*$/,
  rule: 'at most 63 letters, digits and "-", with a letter or digit first',
  example: 'dev',
}

/** The settings of an export that end up in arguments of programs, in hosts, or in names of folders. */
interface Exported {
  readonly cluster: string
  readonly ecrRegistry: string
  readonly region: string | undefined
  readonly stage: string | undefined
}

/** Says what an export has that no stack of the application would write; nothing when all is well. */
export function faultOfDeployment(settings: Exported): string | undefined {
  const { cluster, ecrRegistry, region, stage } = settings
  if (region !== undefined && partitionOf(region) === undefined) {
    return `${JSON.stringify(region)} is not an AWS region`
  }
  if (!isRegistryPlace(ecrRegistry)) {
    return `${JSON.stringify(ecrRegistry)} is not a registry, with or without the path of a repository`
  }
  return faultOf(clusterKind, cluster) ?? faultOf(stageKind, stage)
}

function faultOf(kind: TextKind, text: string | undefined): string | undefined {
  return text === undefined || isOfKind(kind, text) ? undefined : describeFault(kind, text)
}

/** The grammar asks for a path; one that is there already gets longer. */
function isRegistryPlace(text: string): boolean {
  const parsed = parseReference(`${text}/x`)
  return parsed.ok && repositoryOf(parsed.value) === `${text}/x`
}
