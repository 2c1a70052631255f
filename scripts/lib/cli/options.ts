import { type Command, InvalidArgumentError, Option } from 'commander'
import { apiVersionKind, kubeVersionKind } from '../model/names/kubernetes.ts'
import { isOfKind, type TextKind } from '../model/names/text-kind.ts'

/** Reads a whole number within bounds. Commander says which flag it was. */
export function wholeNumber(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < minimum || value > maximum) {
      throw new InvalidArgumentError(`It must be a whole number from ${minimum} to ${maximum}.`)
    }
    return value
  }
}

/** Longer than any reference, name or pattern that people write. */
const longestItem = 4_096

/** Collects a flag that may be repeated, each with one value or several separated by commas. */
export function collect(text: string, earlier: readonly string[] = []): readonly string[] {
  const values = text.split(',').filter((value) => value !== '')
  if (values.length === 0) throw new InvalidArgumentError('It must not be empty.')
  if (values.some((value) => value.length > longestItem)) {
    throw new InvalidArgumentError(`It must not be longer than ${longestItem} characters.`)
  }
  return [...earlier, ...values]
}

/** Reads text of a kind. Commander says which flag it was. */
export function textOfKind(kind: TextKind): (text: string) => string {
  return (text) => {
    if (isOfKind(kind, text)) return text
    throw new InvalidArgumentError(
      `It must be ${kind.what}: ${kind.rule}, such as ${kind.example}.`,
    )
  }
}

/** Collects a flag that may be repeated, each with one text of a kind or several separated by commas. */
function collectOfKind(kind: TextKind) {
  const read = textOfKind(kind)
  return (text: string, earlier: readonly string[] = []): readonly string[] => [
    ...earlier,
    ...collect(text).map(read),
  ]
}

/** Collects a flag whose commas mean something to whoever reads it later. */
export function collectWhole(text: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, text]
}

export function regionOption(): Option {
  return new Option(
    '--region <region>',
    "region of the registry, checked against the registry's host (default: that of the host)",
  )
}

export function manifestOption(): Option {
  return new Option(
    '--manifest <file>',
    'manifest module, or the same data as JSON or YAML (default: manifests/private-ecr-manifest.ts)',
  )
}

export function prefixOption(): Option {
  return new Option(
    '--prefix <path>',
    'path under which everything is put in the registry, up to 63 characters',
  ).default('', 'none')
}

export function outputOption(): Option {
  return new Option('--output <format>', 'form of the result on stdout')
    .choices(['text', 'json'])
    .default('text')
}

export function kubeVersionOption(): Option {
  return new Option(
    '--kube-version <version>',
    'Kubernetes version to render for (default: 1.31.0)',
  ).argParser(textOfKind(kubeVersionKind))
}

export function apiVersionsOption(): Option {
  return new Option(
    '--api-versions <version>',
    'API version that the cluster has; repeatable',
  ).argParser(collectOfKind(apiVersionKind))
}

export function layoutOption(): Option {
  return new Option('--layout <name>', 'how places in the registry are named')
    .choices(['mirrored', 'by-chart'])
    .default('mirrored')
}

export function allowUnprovenOption(): Option {
  return new Option(
    '--allow-unproven',
    'only warn of references that stay public, and of charts without a proof',
  )
}

/** Flags for secrets, which some pipelines have no other way to give. */
export function addSecretOptions(command: Command): Command {
  return command
    .optionsGroup('Credentials (better by the environment variable of the same name):')
    .option('--public-ecr-password <token>', 'for public.ecr.aws (ECR_PUBLIC_PASSWORD)')
    .option('--private-ecr-password <token>', 'for the registry (ECR_PRIVATE_PASSWORD)')
    .option('--dockerhub-username <name>', 'for Docker Hub (DOCKERHUB_USERNAME)')
    .option('--dockerhub-token <token>', 'for Docker Hub (DOCKERHUB_TOKEN)')
}
