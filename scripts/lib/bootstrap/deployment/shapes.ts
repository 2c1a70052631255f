import { clusterKind, stageKind } from '../../model/names/aws.ts'
import { isOfKind, type TextKind } from '../../model/names/text-kind.ts'

/** A setting, with its names in all releases and the form of its value. */
interface Shape {
  readonly names: readonly string[]
  readonly kind: Pick<TextKind, 'pattern' | 'longest' | 'what'>
}

// Settings are used in requests, paths, values and commands, so each has to match its form.
// Sources: CreateCluster of the EKS API, quotas of IAM, VPC ids, and the bootstrap contract for stages.
export const shapes = {
  cluster: {
    names: ['MIGRATIONS_EKS_CLUSTER_NAME', 'EKSClusterName'],
    kind: clusterKind,
  },
  ecrRegistry: {
    names: ['MIGRATIONS_ECR_REGISTRY', 'ECRRegistry'],
    kind: {
      pattern: /^[a-z0-9][a-z0-9.-]{0,252}(?::\d{1,5})?(?:\/[a-z0-9]+(?:[._-][a-z0-9]+)*)*$/,
      longest: 1024,
      what: 'a registry, with an optional repository path',
    },
  },
  snapshotRole: {
    names: ['SNAPSHOT_ROLE', 'SnapshotRole'],
    kind: {
      pattern: /^arn:aws[a-z-]{0,20}:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/,
      longest: 1024,
      what: 'a role ARN',
    },
  },
  account: {
    names: ['AWS_ACCOUNT'],
    kind: { pattern: /^\d{12}$/, longest: 1024, what: 'an AWS account ID' },
  },
  region: {
    names: ['AWS_CFN_REGION'],
    kind: {
      pattern: /^[a-z]{2,5}(?:-[a-z]{1,12}){1,3}-\d{1,2}$/,
      longest: 1024,
      what: 'an AWS region',
    },
  },
  stage: {
    names: ['STAGE'],
    kind: stageKind,
  },
  vpc: {
    names: ['VPC_ID'],
    kind: { pattern: /^vpc-[0-9a-f]{1,32}$/, longest: 1024, what: 'a VPC ID' },
  },
  qualifier: {
    names: ['MA_QUALIFIER'],
    kind: {
      pattern: /^[0-9A-Za-z_-]{1,64}$/,
      longest: 1024,
      what: 'a word of letters, digits, "_" and "-"',
    },
  },
} as const satisfies Readonly<Record<string, Shape>>

/** Returns a message for every invalid setting. */
export function describeInvalidSettings(
  name: string,
  settings: Readonly<Record<string, string>>,
): string[] {
  return Object.values<Shape>(shapes).flatMap(({ names, kind }) =>
    names.flatMap((key) => {
      const value = settings[key] ?? ''
      return value === '' || isOfKind(kind, value)
        ? []
        : [`export "${name}" has ${key}="${value}", which is not ${kind.what}`]
    }),
  )
}
