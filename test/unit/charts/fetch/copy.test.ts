import {
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openLocal, rendererOf } from '../../../../scripts/lib/charts/fetch/acquire.ts'
import type { Session } from '../../../../scripts/lib/session/session.ts'
import { unwrap } from '../../../../scripts/lib/model/problem.ts'
import { emptyTree } from '../../../../scripts/lib/model/values/values.ts'
import type { Run } from '../../../../scripts/lib/tools/process/exec.ts'
import { archiveFile, packOf } from '../../support/archives.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'
import { idleSession } from '../../support/session.ts'

const chartFile = 'apiVersion: v2\nname: one\nversion: 1.0.0\n'
const template = 'kind: Pod\nmetadata: { name: checked }\n'
const other = 'kind: Pod\nmetadata: { name: other }\n'
const path = 'templates/a.yaml'

function chartFolder(): string {
  const root = join(makeTempFolder(), 'one')
  mkdirSync(join(root, 'templates'), { recursive: true })
  writeFileSync(join(root, 'Chart.yaml'), chartFile)
  writeFileSync(join(root, path), template)
  writeFileSync(join(dirname(root), 'secret'), other)
  return root
}

/** A helm that renders a template as it finds it in the folder that it is given. */
function workshopOf(): Session {
  const run: Run = async (command) => {
    const folder = command.args.at(-1) ?? ''
    const stdout = `---\n# Source: one/${path}\n${readFileSync(join(folder, path), 'utf8')}`
    return { command, ending: 'exited', ok: true, exitCode: 0, stdout, stderr: '' }
  }
  const cache = { read: async () => undefined, store: async () => undefined }
  return { ...idleSession(makeTempFolder()), run, renders: { kept: cache, thisRun: cache } }
}

const request = {
  values: [emptyTree()],
  skipSchema: false,
  kubeVersion: '1.31.0',
  apiVersions: [],
  release: 'r',
  namespace: 'n',
}

describe('What takes the place of a checked file does not reach helm', () => {
  it.each<[string, (root: string) => void]>([
    ['another file', (root) => writeFileSync(join(root, path), other)],
    [
      'a file that is moved there',
      (root) => renameSync(join(dirname(root), 'secret'), join(root, path)),
    ],
    [
      'a link to a file outside',
      (root) => {
        rmSync(join(root, path))
        symlinkSync('../../secret', join(root, path))
      },
    ],
    [
      'a link in place of its folder',
      (root) => {
        const elsewhere = join(makeTempFolder(), 'templates')
        mkdirSync(elsewhere)
        writeFileSync(join(elsewhere, 'a.yaml'), other)
        rmSync(join(root, 'templates'), { recursive: true })
        symlinkSync(elsewhere, join(root, 'templates'))
      },
    ],
    ['nothing', (root) => rmSync(root, { recursive: true })],
  ])('%s', async (_, replace) => {
    const root = chartFolder()
    const session = workshopOf()
    const local = unwrap(await openLocal(root, session))
    replace(root)
    const documents = unwrap(await rendererOf(local, session).render(request))
    expect(documents.map(({ name }) => name)).toEqual(['checked'])
    expect(local.chart.files.get(path)?.toString()).toBe(template)
  })

  it('a link that was in the chart, and points elsewhere by now', async () => {
    const root = chartFolder()
    writeFileSync(join(root, 'real.yaml'), template)
    rmSync(join(root, path))
    symlinkSync('../real.yaml', join(root, path))
    const session = workshopOf()
    const local = unwrap(await openLocal(root, session))
    writeFileSync(join(root, 'real.yaml'), other)
    const documents = unwrap(await rendererOf(local, session).render(request))
    expect(documents.map(({ name }) => name)).toEqual(['checked'])
  })
})

describe("The copy of a chart's folder", () => {
  it('keeps its name, in a folder that no other user can enter', async () => {
    const before = process.umask(0)
    onTestFinished(() => void process.umask(before))
    const session = workshopOf()
    const local = unwrap(await openLocal(chartFolder(), session))
    expect(basename(local.path)).toBe('one')
    expect(dirname(dirname(local.path))).toBe(session.folder)
    expect(statSync(dirname(local.path)).mode & 0o777).toBe(0o700)
  })

  it('is another one each time', async () => {
    const root = chartFolder()
    const session = workshopOf()
    const [first, second] = [
      unwrap(await openLocal(root, session)),
      unwrap(await openLocal(root, session)),
    ]
    expect(first.path).not.toBe(second.path)
    expect(first.hash).toBe(second.hash)
  })

  it('is made of an archive, too', async () => {
    const file = archiveFile(packOf([{ path: 'one/Chart.yaml', content: chartFile }]))
    const before = readFileSync(file)
    const local = unwrap(await openLocal(file, idleSession(makeTempFolder())))
    writeFileSync(file, 'another archive')
    expect(readFileSync(local.path)).toEqual(before)
    expect(local.chart.metadata.name).toBe('one')
  })
})
