import type { TextKind } from './text-kind.ts'

/** As EKS's CreateCluster accepts it. */
export const clusterKind: TextKind = {
  what: 'the name of an EKS cluster',
  longest: 100,
  pattern: /^[0-9A-Za-z][0-9A-Za-z_-]*$/,
  rule: 'at most 100 letters, digits, "-" and "_", starting with a letter or digit',
  example: 'migration-eks-cluster-dev',
}

/** A stage is part of the names of resources and exports, and of the installation folder. */
export const stageKind: TextKind = {
  what: 'a stage',
  longest: 63,
  pattern: /^[0-9a-z](?:[0-9a-z-]*[0-9a-z])?$/,
  rule: 'at most 63 lowercase letters, digits and "-", starting and ending with a letter or digit',
  example: 'dev',
}

/** As CloudFormation's CreateStack accepts it. */
export const stackKind: TextKind = {
  what: 'the name of a stack',
  longest: 128,
  pattern: /^[A-Za-z][0-9A-Za-z-]*$/,
  rule: 'at most 128 letters, digits and "-", starting with a letter',
  example: 'MA-Prod',
}
