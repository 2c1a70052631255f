import { resolve } from 'node:path'
import { placeNames } from '../charts/relocate/destinations.ts'
import type { Context } from '../cli/main.ts'
import { count, toJson } from '../cli/text.ts'
import type { RelocateFlags } from '../commands/relocate-chart.ts'
import { countQuestions, describeState, stateOf } from '../model/chart/verdict.ts'
import type { Target } from '../model/image/layout.ts'
import { parseEcrRegistry, parsePrefix } from '../model/image/registry.ts'
import { failure, type Problem, type Result, success, unwrap } from '../model/problem.ts'
import { lineOf } from '../model/text/line.ts'
import { findPlainInput, type PlainInput } from '../plain/input.ts'
import { readPlainInput } from '../plain/read.ts'
import { type PlainRelocated, relocatePlain } from '../plain/relocate.ts'
import { rewriteText, rewriteWithScript } from '../plain/rewrites.ts'
import { withSession } from '../session/session.ts'
import { systemClock } from '../tools/pacing/clock.ts'
import { exitCodeFor, logNotes, printImages } from './ending.ts'
import { destinationOf } from './output.ts'
import { decideWith } from './relocate.ts'

/**
 * Returns the manifests that the command line names, or nothing for a chart. Fails for flags that manifests leave
 * without a meaning, and for a folder that cannot be read as manifests.
 */
export async function findInput(
  word: string,
  flags: RelocateFlags,
): Promise<Result<PlainInput | undefined>> {
  if (flags.repo !== undefined && word !== '-') return success(undefined)
  const input = await findPlainInput(word)
  if (!input.ok || input.value === undefined) return input
  for (const [flag, isUsed, reason] of chartFlags(flags)) {
    if (!isUsed) continue
    return failure({
      kind: 'usage',
      side: 'input',
      message: `${flag} does not apply to "${lineOf(input.value.name)}", which is read as manifests: ${reason}`,
      next: `omit ${flag}, or specify a chart`,
    })
  }
  return input
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== false && (!Array.isArray(value) || value.length > 0)
}

/** The flags that are about charts, whether they are given, and why they do not apply. */
function chartFlags(flags: RelocateFlags): readonly (readonly [string, boolean, string])[] {
  const noValues = 'manifests have no values'
  const noRender = 'manifests are the same for every cluster and release'
  const noCatalog = 'the catalog of operators is about charts'
  return [
    ['--repo', isGiven(flags.repo), 'manifests are in no chart repository'],
    ['--version', isGiven(flags.version), 'manifests have no version'],
    ['--values', isGiven(flags.values), noValues],
    ['--set', isGiven(flags.set), noValues],
    ['--set-string', isGiven(flags.setString), noValues],
    ['--set-json', isGiven(flags.setJson), noValues],
    ['--kube-version', isGiven(flags.kubeVersion), noRender],
    ['--api-versions', isGiven(flags.apiVersions), noRender],
    ['--release-name', isGiven(flags.releaseName), noRender],
    ['--namespace', flags.namespace !== 'default', noRender],
    [
      '--layout by-chart',
      flags.layout !== 'mirrored',
      'there is no chart to name repositories after',
    ],
    ['--operators', isGiven(flags.operators), noCatalog],
    ['--node-os', isGiven(flags.nodeOs), noCatalog],
    ['--nested', isGiven(flags.nested), 'no values lead from manifests into nested charts'],
    ['--graph', isGiven(flags.graph), 'manifests have no dependencies'],
    ['--repack', isGiven(flags.repack), 'there is no chart to patch; the manifests are rewritten'],
  ]
}

/** Runs `relocate-chart` for manifests instead of a chart. Returns the exit code. */
export async function runPlain(
  registryText: string,
  input: PlainInput,
  flags: RelocateFlags,
  context: Context,
): Promise<number> {
  const registry = unwrap(parseEcrRegistry(registryText)).host
  const target = { registry, prefix: unwrap(parsePrefix(flags.prefix)) }
  const text = unwrap(await readPlainInput(input, process.stdin, context.signal))
  const { mirror = [], ignore = [], quiet: isQuiet = false } = flags
  const folder = flags.postRenderer === undefined ? undefined : resolve(flags.postRenderer)
  const options = { isQuiet, values: 'given', origin: { kind: 'command-line' } } as const
  return withSession(context, options, async (session) => {
    const began = systemClock.ticks()
    const relocated = unwrap(
      await relocatePlain(
        {
          name: input.name,
          text,
          target,
          decide: decideWith({ mirror, ignore }),
          rewrite: (before, rewrites) =>
            folder === undefined
              ? rewriteText(before, rewrites)
              : rewriteWithScript(folder, before, rewrites, session),
        },
        session,
      ),
    )
    const seconds = ((systemClock.ticks() - began) / 1000).toFixed(1)
    return showPlain(relocated, seconds, target, flags, context)
  })
}

function showPlain(
  relocated: PlainRelocated,
  seconds: string,
  target: Target,
  flags: RelocateFlags,
  context: Context,
): number {
  const { result, rewrites, text, proof, documents } = relocated
  const { quiet, images, output, postRenderer } = flags
  if (images) printImages({ result }, context)
  else if (output === 'json') context.output(renderPlain(relocated, target))
  else if (postRenderer === undefined) context.outputText(text)
  if (!quiet) {
    const state = describeState(stateOf([proof]), countQuestions(result))
    const found = count(result.images.length, 'image')
    context.log(`${found}: ${state}; ${count(documents, 'document')}, ${seconds} s`)
    if (postRenderer !== undefined) {
      context.log(`wrote ${postRenderer}, which rewrites ${count(rewrites.length, 'reference')}`)
    }
    logNotes({ result }, target, flags, context)
  }
  return exitCodeFor(problemsOf(relocated), { result }, flags, context)
}

function problemsOf({ name, unmoved, proof }: PlainRelocated): Problem[] {
  const about = { kind: 'unproven', side: 'source' } as const
  if (unmoved.length > 0) {
    return unmoved.map(({ reference, destination, document, path, template }) => ({
      ...about,
      message: lineOf(
        `"${reference}" stays public at ${document} ${path}, from ${template}: it cannot be rewritten as a text there`,
      ),
      next: lineOf(`change it to "${destination}" there, or continue with --allow-unproven`),
    }))
  }
  return proof.faults.map((fault) => ({
    ...about,
    message: `${lineOf(name)} is not proven: ${fault}`,
    next: 'correct the manifests there, or, if that difference is harmless, continue with --allow-unproven',
  }))
}

/** Renders the relocation as JSON. The rewritten manifests are not part of it. */
function renderPlain(relocated: PlainRelocated, target: Target): string {
  const { name, result, rewrites, unmoved, proof, documents } = relocated
  const placeOf = placeNames('mirrored', name, [])
  return toJson({
    input: { name, documents },
    ...target,
    layout: 'mirrored',
    images: result.images.map(({ reference, places }) => ({
      reference,
      destination: destinationOf(reference, placeOf, target),
      places,
    })),
    state: stateOf([proof]),
    questions: result.questions,
    egress: result.egress,
    undecided: result.undecided,
    rewrites,
    unmoved,
    proof,
    notices: result.notices,
  })
}
