import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import picomatch from 'picomatch'
import { z } from 'zod'
import { unwrap } from '../../../scripts/lib/model/problem.ts'
import { parseEcrRegistry } from '../../../scripts/lib/model/image/registry.ts'
import { fillPolicy, type PolicyScope } from '../../../scripts/lib/policies/fill.ts'

export const projectFolder = resolve(import.meta.dirname, '../../..')

const oneOrMore = z
  .union([z.string(), z.array(z.string()).min(1)])
  .transform((value) => (typeof value === 'string' ? [value] : value))

// Strict: whatever else IAM knows, NotAction and NotResource among it, has no place in these files.
const schema = z.strictObject({
  Version: z.literal('2012-10-17'),
  Statement: z
    .array(
      z.strictObject({
        Sid: z.string().regex(/^[A-Za-z0-9]+$/),
        Effect: z.literal('Allow'),
        Action: oneOrMore,
        Resource: oneOrMore,
        Condition: z
          .record(z.string(), z.record(z.string(), z.union([z.string(), z.array(z.string())])))
          .optional(),
      }),
    )
    .min(1),
})

export type Policy = z.infer<typeof schema>
export type Statement = Policy['Statement'][number]

export const policyNames = ['mirror', 'bootstrap', 'cleanup'] as const
export type PolicyName = (typeof policyNames)[number]

/** A policy with its placeholders. */
export function policyTemplate(name: PolicyName): string {
  return readFileSync(join(projectFolder, 'policies', `${name}.json`), 'utf8')
}

/** The registry that policies are filled in for. */
const usualRegistry = '123456789012.dkr.ecr.us-east-2.amazonaws.com'

/** A policy as `print-policy` prints it, with the defaults of its flags. */
export function policyText(
  name: PolicyName,
  registry: string = usualRegistry,
  scope: Partial<PolicyScope> = {},
): string {
  const usual = { prefix: '', charts: [], stack: 'MA*', cluster: 'migration-eks*' }
  const filled = { registry: unwrap(parseEcrRegistry(registry)), ...usual, ...scope }
  return unwrap(fillPolicy(policyTemplate(name), filled))
}

export function readPolicy(...given: Parameters<typeof policyText>): Policy {
  return schema.parse(JSON.parse(policyText(...given)))
}

export function actionsOf(statements: readonly Statement[]): Set<string> {
  return new Set(statements.flatMap(({ Action }) => Action))
}

/** What a command can do without, unless a flag asks for it. */
export function isOptional({ Sid }: Statement): boolean {
  return Sid.startsWith('Optional')
}

/** Actions of IAM that stand for requests to a registry's data plane, which crane, helm and docker make. */
export const dataPlane: readonly string[] = [
  'ecr:BatchCheckLayerAvailability',
  'ecr:BatchGetImage',
  'ecr:CompleteLayerUpload',
  'ecr:GetDownloadUrlForLayer',
  'ecr:InitiateLayerUpload',
  'ecr:PutImage',
  'ecr:UploadLayerPart',
]

/** IAM's prefix for the calls of each client of the SDK. */
const prefixes: Readonly<Record<string, string>> = {
  '@aws-sdk/client-cloudformation': 'cloudformation',
  '@aws-sdk/client-cloudwatch': 'cloudwatch',
  '@aws-sdk/client-ec2': 'ec2',
  '@aws-sdk/client-ecr': 'ecr',
  '@aws-sdk/client-ecr-public': 'ecr-public',
  '@aws-sdk/client-eks': 'eks',
  '@aws-sdk/client-sts': 'sts',
}

/** The calls that a file names, in IAM's spelling. */
export function namedCalls(source: string): Set<string> {
  const names = Object.values(prefixes).join('|')
  return new Set([...source.matchAll(new RegExp(`'((?:${names}):[A-Z]\\w+)'`, 'g'))].map(captured))
}

/** The calls that a file can make, by the commands and paginators of the SDK that it imports. */
export function importedCalls(source: string): Set<string> {
  const calls = new Set<string>()
  for (const [, words = '', client = ''] of source.matchAll(
    /import (?!type )\{([^}]*)\} from '(@aws-sdk\/client-[^']+)'/g,
  )) {
    const prefix = prefixes[client]
    if (prefix === undefined) throw new Error(`nothing says how IAM calls the calls of ${client}`)
    for (const word of words.split(',').map((one) => one.trim())) {
      const [, call] = /^(?:paginate)?([A-Z]\w*?)(?:Command)?$/.exec(word) ?? []
      if (/Command$|^paginate/.test(word) && call !== undefined) calls.add(`${prefix}:${call}`)
    }
  }
  return calls
}

/** A file and everything that it imports, one after another, types left out. */
export function reachableFiles(entry: string, found = new Set<string>()): Set<string> {
  if (found.has(entry)) return found
  found.add(entry)
  const source = readFileSync(entry, 'utf8')
  const imports = source.matchAll(
    /(?:^(?:import|export) (?!type )[^']*? from |^import |import\()'(\.[^']+)'/gm,
  )
  for (const path of [...imports].map(captured)) {
    if (path.endsWith('.ts')) reachableFiles(join(dirname(entry), path), found)
  }
  return found
}

/** All calls of AWS in the files that an entry leads to. */
export function reachableCalls(entry: string): Set<string> {
  const sources = [...reachableFiles(join(projectFolder, entry))].map((file) =>
    readFileSync(file, 'utf8'),
  )
  return new Set(sources.flatMap((source) => [...namedCalls(source), ...importedCalls(source)]))
}

function captured([, text = '']: RegExpMatchArray): string {
  return text
}

export function without(calls: Iterable<string>, others: Iterable<string>): Set<string> {
  const left = new Set(others)
  return new Set([...calls].filter((call) => !left.has(call)))
}

export function sorted(calls: Iterable<string>): string[] {
  return [...new Set(calls)].toSorted()
}

/** As IAM does: a star stands for any text, slashes included. */
export function covers({ Resource }: Statement, arn: string): boolean {
  return Resource.some((pattern) => picomatch.isMatch(arn, pattern, { bash: true }))
}
