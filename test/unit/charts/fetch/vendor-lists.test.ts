import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ChartDependency } from '../../../../scripts/lib/charts/chart/metadata.ts'
import { vendor } from '../../../../scripts/lib/charts/fetch/vendor.ts'
import type { Session } from '../../../../scripts/lib/session/session.ts'
import type { Run } from '../../../../scripts/lib/tools/process/exec.ts'
import { deadProxy } from '../../../../scripts/lib/tools/internet/plain-http.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'
import { surroundingsOf } from '../../support/surroundings.ts'
import { idleSession } from '../../support/session.ts'

// helm gets dependencies from requirements.yaml, and from the locks, whatever the Chart.yaml says.
const lists = ['Chart.yaml', 'Chart.lock', 'requirements.yaml', 'requirements.lock']
const oldLists = ['requirements.yaml', 'requirements.lock']

const missing: ChartDependency = { name: 'a', version: '1.0.0', repository: 'https://x.example' }

/** A chart's folder with a list of one dependency; the text is that of a YAML mapping. */
function folderWith(list: string, dependency: string): string {
  const root = join(makeTempFolder(), 'one')
  mkdirSync(root)
  writeFileSync(join(root, 'Chart.yaml'), 'name: one\nversion: 1.0.0\n')
  const head = list === 'Chart.yaml' ? 'name: one\nversion: 1.0.0\n' : ''
  writeFileSync(join(root, list), `${head}dependencies:\n  - ${dependency}\n`)
  return root
}

/** Every name is that of a public server. */
const onInternet = async () => ['93.184.216.34']

/** Vendors with a helm that may not run, and returns why it did not. */
async function refusalOf(
  root: string,
  dependencies: readonly ChartDependency[] = [missing],
): Promise<string> {
  const result = await vendor(root, dependencies, idleSession(makeTempFolder()), onInternet)
  return result.ok ? 'accepted' : result.problem.message
}

const paths = ['../../secret', '/etc', 'sub/chart', 'a\\b', '..', '.', '', '-x', 'a\nb']

describe('A dependency whose name is a path is refused before helm runs', () => {
  it.each(lists.flatMap((list) => paths.map((name) => [list, name] as const)))(
    'in %s: %j',
    async (list, name) => {
      const entry = `{ name: ${JSON.stringify(name)}, version: 1.0.0, repository: "https://x.example" }`
      expect(await refusalOf(folderWith(list, entry))).toMatch(
        /^the dependency ".*" is not a chart name/,
      )
    },
  )

  it.each(lists)('in %s, also without a repository', async (list) => {
    const entry = '{ name: ../../secret, version: 1.0.0 }'
    expect(await refusalOf(folderWith(list, entry))).toContain(
      'the dependency "../../secret" is not',
    )
  })

  it.each(['[a]', '{ a: 1 }', '~', '12'])(
    'in requirements.yaml: a name that is %s',
    async (name) => {
      const entry = `{ name: ${name}, version: 1.0.0, repository: "https://x.example" }`
      expect(await refusalOf(folderWith('requirements.yaml', entry))).toContain('the dependency')
    },
  )

  it('in the Chart.yaml of a subchart', async () => {
    const stray = { ...missing, name: '../secret', repository: '' }
    const root = folderWith('Chart.yaml', '{ name: a, version: 1.0.0, repository: "" }')
    expect(await refusalOf(root, [stray])).toContain('the dependency "../secret" is not')
  })
})

describe('A list of the old format is read as helm reads it', () => {
  it.each(oldLists)('%s: a repository with a password is refused', async (list) => {
    const entry = '{ name: a, version: 1.0.0, repository: "https://user:hunter2@x.example" }'
    const message = await refusalOf(folderWith(list, entry))
    expect(message).toContain('the repository of dependency "a"')
    expect(message).not.toContain('hunter2')
  })

  it.each([
    ['Repository', 'repository'],
    ['NAME', 'name'],
    ['repo\u017Fitory', 'repository'],
  ])('a key that helm takes for another one is refused: %s', async (key, read) => {
    for (const list of oldLists) {
      const root = folderWith(list, `{ name: a, version: 1.0.0, ${key}: "file:///etc" }`)
      await expect(refusalOf(root)).rejects.toThrow(
        `${list} has the key "${key}", which helm reads as "${read}"`,
      )
    }
  })

  it.each<[string, string, boolean]>([
    ['may use plain HTTP where it names it', 'http://x.example', false],
    ['is kept from plain HTTP where it does not', 'https://x.example', true],
  ])('helm %s', async (_, repository, isBarred) => {
    for (const list of oldLists) {
      const proxies: (string | undefined)[] = []
      const run: Run = async (command, { env }) => {
        proxies.push(env['HTTP_PROXY'])
        return { command, ending: 'exited', ok: true, exitCode: 0, stdout: '', stderr: '' }
      }
      const session: Session = {
        ...idleSession(makeTempFolder()),
        run,
        notice: () => undefined,
      }
      const root = folderWith(list, `{ name: a, version: 1.0.0, repository: "${repository}" }`)
      expect((await vendor(root, [missing], session, onInternet)).ok).toBe(true)
      expect(proxies).toEqual([isBarred ? `http://${deadProxy}` : undefined])
    }
  })
})

describe('A repository that helm would reach on this machine or in a private network is refused', () => {
  it.each([
    ['http://127.0.0.1:8391/loop', 'this machine'],
    ['https://localhost/charts', 'this machine'],
    ['oci://0x7f.1:5000/charts', 'this machine'],
    ['http://169.254.169.254/latest', 'a link-local address'],
    ['https://10.0.0.5/charts', 'a private network'],
    ['https://[::1]/charts', 'this machine'],
    ['http://0.0.0.0/charts', ''],
  ])('%s', async (repository, where) => {
    for (const list of lists) {
      const entry = `{ name: a, version: 1.0.0, repository: "${repository}" }`
      const message = await refusalOf(folderWith(list, entry))
      expect(message).toContain('the repository of dependency "a" is "')
      expect(message).toContain(where)
    }
  })
})

describe('A repository whose name is that of this machine or a metadata service is refused', () => {
  const proxied = { HTTPS_PROXY: 'http://proxy.example:3128' }

  it.each<[string, string, readonly string[], Record<string, string>, string]>([
    ['without a dot', 'http://vm:8471', ['127.0.1.1'], {}, 'on this machine'],
    ['of a cloud', 'https://x.corp.internal', ['fe80::1'], {}, 'on a link-local address'],
    ['of a company', 'https://charts.corp.internal', ['10.0.0.1'], {}, 'accepted'],
    ['of this machine', 'https://x.example', ['127.0.0.1'], {}, 'on this machine'],
    ['of both', 'oci://x.example/a', ['93.184.216.34', '::1'], {}, 'on this machine'],
    [
      'of the metadata service',
      'https://169.254.169.254.x.example',
      ['169.254.169.254'],
      {},
      'on a link-local address',
    ],
    ['of a public server', 'https://x.example', ['93.184.216.34'], {}, 'accepted'],
    ['that does not resolve, which helm reports', 'https://x.example', [], {}, 'accepted'],
    ['that a proxy resolves', 'https://x.example', ['127.0.0.1'], proxied, 'accepted'],
  ])('%s', async (_, repository, addresses, env, words) => {
    const root = folderWith(
      'Chart.yaml',
      `{ name: a, version: 1.0.0, repository: "${repository}" }`,
    )
    let runs = 0
    const run: Run = async (command) => {
      runs += 1
      return { command, ending: 'exited', ok: true, exitCode: 0, stdout: '', stderr: '' }
    }
    const idle = idleSession(makeTempFolder())
    const surroundings = { ...idle.surroundings, helm: surroundingsOf(env) }
    const session: Session = { ...idle, run, surroundings, notice: () => undefined }
    const result = await vendor(root, [missing], session, async () => addresses)
    expect(result.ok ? 'accepted' : result.problem.message).toContain(words)
    expect(runs > 0).toBe(words === 'accepted')
  })
})
