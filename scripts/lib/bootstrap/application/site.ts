import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import {
  failure,
  type Problem,
  type Result,
  reworded,
  sentenceOf,
  success,
} from '../../model/problem.ts'
import { readJson } from '../../model/tree/json.ts'
import { placeOwnFile, replaceOwnFile } from '../../tools/files/files.ts'
import { joinNames } from '../../tools/files/name.ts'
import { makePrivateFolder } from '../../tools/files/private-folder.ts'
import { withStageIn } from '../../tools/files/stage.ts'
import type { Http } from '../../tools/http/types.ts'

/** Where releases of the Migration Assistant are published. Source: its README and bootstrap script. */
const repository = 'opensearch-project/opensearch-migrations'
const product = 'migration-assistant-for-amazon-opensearch-service'
const templateSite = `https://solutions-reference.s3.amazonaws.com/${product}`

/** The name of a release: its git tag, which is also used in paths, URLs and image tags. */
export const releaseName = /^[0-9A-Za-z][0-9A-Za-z._-]{0,127}$/

const releaseSchema = z.object({
  tag_name: z.string().regex(releaseName),
  assets: z.array(
    z.object({
      name: z.string(),
      browser_download_url: z.url(),
      /** `sha256:…`; releases from before mid-2025 have none. */
      digest: z.string().nullish(),
    }),
  ),
})

interface Asset {
  readonly url: string
  readonly sha256: string | undefined
  /** The URL whose answer names this one. */
  readonly namedBy?: string
}

/** One published release. */
export interface Release {
  readonly version: string
  readonly asset: (name: string) => Asset
}

export interface ReleaseDoors {
  readonly http: Http
  readonly signal: AbortSignal
  /** Folder for downloads. */
  readonly cache: string
  readonly note: (text: string) => void
}

/**
 * Resolves a version once; all downloads use it. When GitHub's API does not answer, a named release can still be
 * downloaded, but is not compared with its publisher's digests.
 */
export async function resolveRelease(
  version: string | undefined,
  { http, signal, note }: ReleaseDoors,
): Promise<Result<Release>> {
  const isLatest = version === undefined || version === 'latest'
  const path = isLatest ? 'latest' : `tags/${version}`
  const url = `https://api.github.com/repos/${repository}/releases/${path}`
  const answer = await http.get(url, { signal, headers: { accept: 'application/vnd.github+json' } })
  if (answer.ok) {
    const parsed = parseRelease(answer.value.body.toString('utf8'))
    if (parsed !== undefined) return success(releaseOf(parsed, url))
  } else if (answer.problem.kind === 'interrupted') return answer
  const why = answer.ok ? 'the answer is not a release' : sentenceOf(answer.problem)
  if (isLatest) {
    return failure({
      kind: 'not-found',
      side: 'source',
      message: `cannot determine the latest release: ${why}`,
      next: 'set --version, or set --ma-chart-dir to a local chart with the dashboards next to it',
    })
  }
  if (!answer.ok && answer.problem.kind === 'not-found') {
    return failure({
      kind: 'not-found',
      side: 'source',
      message: `there is no release "${version}" of ${repository}`,
      next: `choose a release from https://github.com/${repository}/releases`,
    })
  }
  note(`cannot compare downloads with their publisher's digests: ${why}`)
  return success(unlisted(version))
}

function parseRelease(text: string): z.infer<typeof releaseSchema> | undefined {
  return releaseSchema.safeParse(readJson(text)).data
}

function releaseOf(
  { tag_name: version, assets }: z.infer<typeof releaseSchema>,
  namedBy: string,
): Release {
  const plain = unlisted(version)
  return {
    version,
    asset: (name) => {
      const found = assets.find((asset) => asset.name === name)
      if (found === undefined) return plain.asset(name)
      const sha256 = /^sha256:([0-9a-f]{64})$/.exec(found.digest ?? '')?.[1]
      return { url: found.browser_download_url, sha256, namedBy }
    },
  }
}

function unlisted(version: string): Release {
  const base = `https://github.com/${repository}/releases/download/${version}`
  return {
    version,
    asset: (name) => ({ url: `${base}/${name}`, sha256: undefined }),
  }
}

/** Returns the S3 URL of a release's template, which CloudFormation can also read. */
export function templateUrl(version: string, kind: 'create-vpc' | 'import-vpc'): string {
  return `${templateSite}/${version}/${product}-${kind}-eks.template`
}

/**
 * Provides a file of a release, from the cache when it is intact, else by download. Returns its path. Fails when its
 * digest differs from the published one; such a file is not kept.
 */
export async function fetchAsset(
  name: string,
  version: string,
  { url, sha256, namedBy }: Asset,
  { http, signal, cache }: ReleaseDoors,
): Promise<Result<string>> {
  const folder = await makePrivateFolder(joinNames(cache, version))
  const file = joinNames(folder, name)
  const record = `${file}.sha256`
  const [kept, recorded] = await Promise.all([readOrNothing(file), readOrNothing(record)])
  const keptDigest = kept && createHash('sha256').update(kept).digest('hex')
  if (keptDigest !== undefined && keptDigest === (sha256 ?? recorded?.toString().trim())) {
    return success(file)
  }
  return withStageIn(folder, async (stage) => {
    const draft = join(stage, 'file')
    const downloaded = await http.download(url, draft, {
      signal,
      ...(namedBy !== undefined && { namedBy }),
    })
    if (!downloaded.ok) return failure(describeMissing(name, version, downloaded.problem))
    if (sha256 !== undefined && downloaded.value.sha256 !== sha256) {
      return failure({
        kind: 'checksum-mismatch',
        side: 'source',
        message: `"${url}" is not the published file: its SHA-256 is ${downloaded.value.sha256}, expected ${sha256}`,
        next: 'find out what modified the download on its way to this machine before you continue; the file was discarded',
      })
    }
    await placeOwnFile(draft, file)
    await replaceOwnFile(record, `${downloaded.value.sha256}\n`)
    return success(file)
  })
}

function describeMissing(name: string, version: string, problem: Problem): Problem {
  if (problem.kind !== 'not-found') return problem
  return {
    ...reworded(problem, (sentence) => `release "${version}" has no file "${name}": ${sentence}`),
    next: 'check --version; releases before the EKS solution do not have such files',
  }
}

async function readOrNothing(file: string): Promise<Buffer | undefined> {
  return readFile(file).catch(() => undefined)
}
