import { inOrigin, type Origin } from '../origin.ts'
import { clip } from '../text/clip.ts'
import { lineOf } from '../text/line.ts'
import type { OpenQuestion, QuestionPlace } from './question.ts'

/** Returns the text by which a question is settled: a decision to ignore it removes the question. */
export function subjectOf(question: OpenQuestion): string {
  switch (question.kind) {
    case 'latent':
      return question.leaf
    case 'nested-chart':
    case 'nested-values':
      return question.chart
    case 'delivered-image':
    case 'other-cluster':
    case 'possible-image':
    case 'unmoved-repetition':
      return question.reference
    case 'unread-document':
      return question.document
    case 'unexplained-use':
      return question.leaves[0] ?? question.path
    case 'public-host':
      return question.host
    case 'unread-field':
      return question.text
    case 'schema-violation':
      return question.path === '' ? question.chart : question.path
    case 'operator-image':
      return question.reference
    case 'operator-pulls':
      return question.operator
    case 'no-images':
      return question.kind
  }
}

/** Returns how a decision in the user's list settles a question. */
export function settledBy(question: OpenQuestion, origin: Origin): string {
  return `settle "${lineOf(subjectOf(question))}" with a decision ${inOrigin(origin)}`
}

/** Returns a question as a sentence that ends with how to settle it. */
export function describeQuestion(question: OpenQuestion): string {
  switch (question.kind) {
    case 'latent':
      return `${quote(question.leaf)} is empty and can name an image at ${placeOf(question)}; a program may have a default for it: set it to that image`
    case 'nested-chart':
      return `${chartOf(question)} is installed at run time by ${placeOf(question)}, and its images are not known: ${nestedStep(question)}`
    case 'nested-values':
      return `chart ${quote(question.chart)} needs values that ${placeOf(question)} does not contain and no value adds to it: add ${question.values.map((value) => lineOf(value)).join(', ')}`
    case 'delivered-image':
      return `${quote(question.reference)} is passed on to what a controller installs at run time, at ${placeOf(question)}, and no value moves it: ${deliveredStep(question)}`
    case 'other-cluster':
      return `${quote(question.reference)} is rendered only on ${question.other}, at ${placeOf(question)}; the proof is for ${question.assumed}: ${clusterStep(question)}`
    case 'unread-document':
      return `${documentOf(question)} is rendered only on ${lineOf(question.other)} and is not valid YAML, or helm reads it differently; the proof is for ${lineOf(question.assumed)}: check which images it contains`
    case 'unexplained-use':
      return `${question.leaves.map(quote).join(', ')} ${question.leaves.length === 1 ? 'changes' : 'change'} ${placeOf(question)}, where no image was found; it was left unchanged: check what pulls it`
    case 'public-host':
      return `${quote(question.host)} still appears at ${placeOf(question)}: check whether something is pulled from it`
    case 'possible-image':
      return `${quote(question.reference)} at ${placeOf(question)} may be an image`
    case 'unmoved-repetition':
      return `${quote(question.reference)} at ${placeOf(question)} repeats the name of an image in the chart, but was left unchanged: if a program pulls it, add --mirror`
    case 'unread-field':
      return `${placeOf(question)} is ${quote(question.text)}, which is not an image reference`
    case 'schema-violation':
      return `helm will reject these values because of the schema of chart ${quote(question.chart)}, at ${quote(question.path || '/')} (${clip(lineOf(question.rule))}): set a value that it allows`
    case 'operator-image':
      return `${quote(question.reference)} ${othersOf(question)} pulled at run time by ${quote(question.operator)} (${clip(lineOf(question.when))}): ${operatorStep(question)}`
    case 'operator-pulls':
      return `${quote(question.operator)} ${clip(lineOf(question.version))} pulls further images at run time: ${lineOf(question.pulls)}; ${pullsStep(question)} (${lineOf(question.source)})`
    case 'no-images':
      return question.variant === ''
        ? 'no images were found in the manifests: check whether they are complete'
        : `no images are rendered in variant ${quote(question.variant)}: check its values`
  }
}

function placeOf({ document, path, template }: QuestionPlace): string {
  return lineOf(`${document} ${path}, from ${template}`)
}

function documentOf({ document, template }: QuestionPlace): string {
  return document === template ? lineOf(template) : lineOf(`${document}, from ${template},`)
}

function quote(text: string): string {
  return `"${clip(lineOf(text))}"`
}

type Nested = Extract<OpenQuestion, { kind: 'nested-chart' }>

function chartOf({ chart, version, repository }: Nested): string {
  const pinned = version === '' ? '' : ` ${clip(lineOf(version))}`
  const from = repository === '' ? '' : ` of ${quote(repository)}`
  return `chart ${quote(chart)}${pinned}${from}`
}

/** Words that may be copied into a shell as they are. */
const plainWord = /^[\w][\w.:/+-]*$/

function nestedStep({ chart, version, repository }: Nested): string {
  const isOci = repository.startsWith('oci://')
  const words = isOci ? [repository] : [chart, '--repo', repository]
  const all = [...words, ...(version === '' ? [] : ['--version', version])]
  const isPlain = all.every(
    (word) => word === '--repo' || word === '--version' || plainWord.test(word),
  )
  return isPlain && /^(?:https|oci):\/\//.test(repository)
    ? `relocate it with "relocate-chart.ts <registry> ${all.join(' ')}"`
    : 'relocate it on its own'
}

function deliveredStep({ cause }: Extract<OpenQuestion, { kind: 'delivered-image' }>): string {
  return cause === 'retagged'
    ? 'only its tag is set there; also set the name of its copy in your registry (newName, or NAME=COPY:TAG in a text)'
    : 'name its copy in your registry there'
}

function clusterStep({ other }: Extract<OpenQuestion, { kind: 'other-cluster' }>): string {
  const steps = [
    ...(/^(?:Kubernetes|Amazon EKS) /.test(other)
      ? ['--kube-version to the version that your cluster reports, such as v1.31.13-eks-113cf36']
      : []),
    ...(other.includes('a cluster with ') ? ['--api-versions to what your cluster has'] : []),
  ]
  return steps.length === 0 ? 'check what pulls it there' : `set ${steps.join(', and ')}`
}

function othersOf({ others }: OfOperator): string {
  if (others === 0) return 'is'
  return `and ${others} other ${others === 1 ? 'image' : 'images'} are`
}

type OfOperator = Extract<OpenQuestion, { kind: 'operator-image' }>

function pullsStep({
  decidedBy,
  systems,
}: Extract<OpenQuestion, { kind: 'operator-pulls' }>): string {
  return systems.length === 0
    ? `check ${lineOf(decidedBy)}`
    : `name the operating systems of your nodes with --node-os, or nodeOs in the chart list, such as ${systems.map((system) => lineOf(system)).join(' or ')}`
}

function settings(leaves: readonly string[], values: readonly string[]): string {
  return leaves.map((leaf, index) => quote(`${leaf}=${values[index] ?? ''}`)).join(' and ')
}

function operatorStep({ cause, leaves, values, field }: OfOperator): string {
  const named = leaves.map(quote).join(', ')
  switch (cause) {
    case 'fixed':
      return field === '' ? 'no value moves it' : `no value moves it; set ${clip(lineOf(field))}`
    case 'unproven':
      return `the render with ${named} set is not understood; set ${settings(leaves, values)} in your values, so that it is rendered`
    case 'given':
      return `your values set ${named}, and no render shows the result: check that it is private`
    case 'unused':
      return `${named} should move it, but nothing in the render shows that: check what this version reads`
    case 'assumed-cluster':
      return "its tag follows the cluster's version: set --kube-version to that"
  }
}
