import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import type { Origin } from '../model/origin.ts'
import { failure, hasCode, type Result, success } from '../model/problem.ts'
import type { Run } from '../tools/exec.ts'
import { replaceFile } from '../tools/files.ts'
import { templateCommand } from '../tools/helm.ts'
import type { ChartFiles } from './chart-files.ts'
import { splitDocuments } from './documents.ts'
import type { Render, RenderRequest } from './render.ts'
import { explainRender } from './render-problem.ts'

export interface RendererOptions {
  readonly run: Run
  readonly helm: string
  /** What helm calls itself: renders of one version are not taken for those of another. */
  readonly helmVersion: string
  readonly env: NodeJS.ProcessEnv
  readonly signal: AbortSignal
  /** A private folder for values files. */
  readonly workFolder: string
  /** Where renders are kept between runs; nowhere when undefined. */
  readonly cacheFolder: string | undefined
  /** The archive or folder that helm is given, and the same in memory. */
  readonly path: string
  readonly chart: ChartFiles
  /** Where the chart is named. */
  readonly origin: Origin
  /** Hash of the chart's content. */
  readonly hash: string
}

/** A renderer of one chart, and how often it was asked to render. */
export interface Renderer {
  readonly render: Render
  /** Renders that were needed, and how many of them helm had to make. */
  readonly counts: () => { readonly asked: number; readonly made: number }
}

/** The longest that a render may take; the slowest public charts need some ten seconds on a busy machine. */
const deadline = 5 * 60_000

const zip = promisify(gzip)
const unzip = promisify(gunzip)

/** Renders with helm; the same chart, values, versions and flags are rendered once, on this machine, for ever. */
export function createRenderer(options: RendererOptions): Renderer {
  let asked = 0
  let made = 0
  let files = 0
  const make = async (request: RenderRequest): Promise<Result<string>> => {
    made += 1
    const values = []
    for (const tree of request.values) {
      files += 1
      const file = join(options.workFolder, `${options.hash.slice(-12)}-${files}.json`)
      // JSON is YAML, and its strings cannot be mistaken for numbers.
      await writeFile(file, JSON.stringify(tree))
      values.push(file)
    }
    const command = templateCommand(options.helm, options.path, { ...request, values })
    const result = await options.run(command, {
      env: options.env,
      signal: options.signal,
      cwd: options.workFolder,
      deadline,
    })
    return result.ok
      ? success(result.stdout)
      : failure(explainRender(result, options.chart, options.origin))
  }
  return {
    render: async (request) => {
      asked += 1
      const file = options.cacheFolder && join(options.cacheFolder, `${keyOf(request, options)}.gz`)
      const kept = file && !request.isFresh ? await readKept(file) : undefined
      if (kept !== undefined) return success(splitDocuments(kept))
      const rendered = await make(request)
      if (!rendered.ok) return rendered
      if (file && !request.isFresh) await replaceFile(file, await zip(rendered.value))
      return success(splitDocuments(rendered.value))
    },
    counts: () => ({ asked, made }),
  }
}

function keyOf(request: RenderRequest, { hash, helmVersion }: RendererOptions): string {
  const { isFresh: _, ...rest } = request
  return createHash('sha256')
    .update(JSON.stringify([hash, helmVersion, rest]))
    .digest('hex')
}

async function readKept(file: string): Promise<string | undefined> {
  try {
    return (await unzip(await readFile(file))).toString('utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    // A damaged file is as good as none: it is written again.
    return undefined
  }
}
