/** A stage is a part of the names of exports, dashboards and folders. */
export const stagePattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/** A setting, the names that it has had, and what its value looks like. */
interface Shape {
  readonly names: readonly string[]
  readonly pattern: RegExp
  readonly what: string
}

// Values go into requests, paths, values and commands, so each is what it should be or nothing at all.
// Sources: CreateCluster of the EKS API, quotas of IAM, VPC ids, and the bootstrap contract for stages.
export const shapes = {
  cluster: {
    names: ['MIGRATIONS_EKS_CLUSTER_NAME', 'EKSClusterName'],
    pattern: /^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/,
    what: 'the name of an EKS cluster',
  },
  ecrRegistry: {
    names: ['MIGRATIONS_ECR_REGISTRY', 'ECRRegistry'],
    pattern: /^[a-z0-9][a-z0-9.-]{0,252}(?::\d{1,5})?(?:\/[a-z0-9]+(?:[._-][a-z0-9]+)*)*$/,
    what: 'a registry, with or without the path of a repository',
  },
  snapshotRole: {
    names: ['SNAPSHOT_ROLE', 'SnapshotRole'],
    pattern: /^arn:aws[a-z-]{0,20}:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/,
    what: 'the ARN of a role',
  },
  account: { names: ['AWS_ACCOUNT'], pattern: /^\d{12}$/, what: 'an AWS account' },
  region: {
    names: ['AWS_CFN_REGION'],
    pattern: /^[a-z]{2,5}(?:-[a-z]{1,12}){1,3}-\d{1,2}$/,
    what: 'an AWS region',
  },
  stage: {
    names: ['STAGE'],
    pattern: stagePattern,
    what: 'a stage: up to 63 lower-case letters, digits and dashes',
  },
  vpc: { names: ['VPC_ID'], pattern: /^vpc-[0-9a-f]{1,32}$/, what: 'the id of a VPC' },
  qualifier: {
    names: ['MA_QUALIFIER'],
    pattern: /^[0-9A-Za-z_-]{1,64}$/,
    what: 'a word of letters, digits, "_" and "-"',
  },
} as const satisfies Readonly<Record<string, Shape>>

/** Every setting that is not what it should be. */
export function misshapen(name: string, settings: Readonly<Record<string, string>>): string[] {
  return Object.values<Shape>(shapes).flatMap(({ names, pattern, what }) =>
    names.flatMap((key) => {
      const value = settings[key] ?? ''
      return value === '' || pattern.test(value)
        ? []
        : [`export "${name}" has ${key}="${value}", which is not ${what}`]
    }),
  )
}
