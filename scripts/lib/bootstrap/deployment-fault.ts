import { clusterKind, stageKind } from '../model/names/aws.ts'
import { describeFault, isOfKind, type TextKind } from '../model/names/text-kind.ts'
import { parseReference, repositoryOf } from '../model/reference.ts'
import { partitionOf } from '../model/registry.ts'

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
    return `${JSON.stringify(ecrRegistry)} is not the host of a registry, with a path or without`
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
