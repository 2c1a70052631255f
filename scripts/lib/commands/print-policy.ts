import { defineCommand, type FlagsOf } from '../cli/command/command.ts'
import { withDefault } from '../cli/command/flag.ts'
import { list, text } from '../cli/command/kinds.ts'
import { prefix, registryOperand } from './flags/shared.ts'

/** The policies in `policies/`, by the command that needs them. */
const policies = ['mirror', 'bootstrap', 'cleanup'] as const

export type PolicyName = (typeof policies)[number]

export const printPolicy = defineCommand({
  script: 'scripts/print-policy.ts',
  summary: 'Prints the IAM policy that a command needs, for one registry.',
  operands: {
    policy: { about: 'command that the policy is for', choices: policies },
    registry: registryOperand,
  },
  flags: {
    prefix,
    chart: list(
      'name',
      'also cover repositories of this chart in the by-chart layout, as sync-addons creates them',
    ),
    stack: withDefault(
      text('name', 'name of the CloudFormation stack; * stands for any text'),
      'MA*',
    ),
    cluster: withDefault(
      text('name', 'name of the EKS cluster; * stands for any text'),
      'migration-eks*',
    ),
    nodeRole: text('name', "name of the role of the cluster's nodes", {
      defaultText: 'the name that the stack gives it',
    }),
  },
  exitCodes: { 0: 'the policy is printed', 2: 'invalid usage' },
  examples: [
    'mirror 123456789012.dkr.ecr.us-east-2.amazonaws.com --prefix team > mirror.json',
    'bootstrap 123456789012.dkr.ecr.us-east-2.amazonaws.com --stack MA-Dev',
  ],
})

export type PolicyFlags = FlagsOf<typeof printPolicy>
