import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Budget, createBudget } from '../../../../scripts/lib/charts/chart/budget.ts'
import { readChart } from '../../../../scripts/lib/charts/chart/files.ts'
import { readFolder } from '../../../../scripts/lib/charts/chart/folder.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

const chartFile = 'apiVersion: v2\nname: one\nversion: 1.0.0\n'

/** A chart's folder beside a secret, with what is put into it. */
function chartWith(fill: (root: string) => void): string {
  const root = join(makeTempFolder(), 'one')
  mkdirSync(join(root, 'templates'), { recursive: true })
  writeFileSync(join(root, 'Chart.yaml'), chartFile)
  writeFileSync(join(dirname(root), 'secret'), 'hunter2')
  mkdirSync(join(dirname(root), 'elsewhere'))
  fill(root)
  return root
}

const link = (target: string, path: string) => (root: string) => {
  symlinkSync(target, join(root, path))
}

describe('a folder is refused', () => {
  it.each<[string, (root: string) => void, string]>([
    [
      'with a link to a file outside',
      link('../secret', 'secret'),
      '"secret" is a link to "../secret", which is outside the chart folder',
    ],
    [
      'with an absolute link',
      link('/etc/hostname', 'templates/x'),
      '"templates/x" is a link to "/etc/hostname", which is outside the chart folder',
    ],
    [
      'whose charts are elsewhere',
      link('../elsewhere', 'charts'),
      '"charts" is a link to "../elsewhere", which is outside the chart folder',
    ],
    [
      'whose lock is elsewhere',
      link('../secret', 'Chart.lock'),
      '"Chart.lock" is a link to "../secret", which is outside the chart folder',
    ],
    [
      'with a link by way of another one',
      (root) => {
        link('..', 'up')(root)
        link('up/secret', 'values.yaml')(root)
      },
      'is a link to',
    ],
    [
      'with a link that a longer name begins with',
      (root) => {
        mkdirSync(`${root}-2`)
        link('../one-2', 'x')(root)
      },
      '"x" is a link to "../one-2", which is outside the chart folder',
    ],
    [
      'with a link to nothing',
      link('nowhere', 'x'),
      '"x" is a link to "nowhere", which does not exist',
    ],
    ['with a link to itself', link('x', 'x'), '"x" is a circular link to "x"'],
    ['with a link to its root', link('.', 'x'), '"x" is a link to a folder that contains it'],
    [
      'with a link to a folder above',
      link('..', 'templates/x'),
      '"templates/x" is a link to a folder that contains it',
    ],
    [
      'with a FIFO',
      (root) => execFileSync('mkfifo', [join(root, 'fifo')]),
      '"fifo" is neither a file nor a folder',
    ],
    [
      'with a link to a FIFO',
      (root) => {
        execFileSync('mkfifo', [join(root, 'z')])
        link('z', 'a')(root)
      },
      '"a" is neither a file nor a folder',
    ],
    ['with a link to a device', link('/dev/zero', 'x'), 'outside'],
  ])('%s', async (_, fill, words) => {
    const read = await readChart(chartWith(fill))
    expect(read.ok ? '' : read.problem.message).toContain(words)
    expect(read).toMatchObject({ problem: { kind: 'invalid-input', side: 'input' } })
    expect(read.ok ? '' : read.problem.next).toContain('helm package')
  })

  it('with a socket', async () => {
    const root = chartWith(() => undefined)
    const server = createServer()
    onTestFinished(() => void server.close())
    await new Promise<void>((resolve) => void server.listen(join(root, 'socket'), resolve))
    const read = await readChart(root)
    expect(read.ok ? '' : read.problem.message).toContain('neither a file nor a folder')
  })

  it('whose links show a few folders without end', async () => {
    const root = chartWith((folder) => {
      for (let level = 0; level < 30; level += 1) {
        mkdirSync(join(folder, `d${level}`))
        for (const name of ['a', 'b']) {
          symlinkSync(`../d${level + 1}`, join(folder, `d${level}`, name))
        }
      }
      mkdirSync(join(folder, 'd30'))
    })
    await expect(readFolder(root)).rejects.toThrow('more than 50000 entries or 5000 links')
  }, 60_000)

  it('in which a link takes the place of a folder while it is read', async () => {
    const outside = makeTempFolder()
    writeFileSync(join(outside, 'a'), 'secret')
    const root = chartWith((folder) => {
      mkdirSync(join(folder, 'files'))
      writeFileSync(join(folder, 'files/a'), 'a')
    })
    const budget = createBudget()
    const swapping: Budget = {
      ...budget,
      addEntry: (path) => {
        budget.addEntry(path)
        if (path !== 'files/a') return
        renameSync(join(root, 'files'), join(root, 'moved'))
        symlinkSync(outside, join(root, 'files'))
      },
    }
    await expect(readFolder(root, swapping)).rejects.toThrow(
      '"files/a" changed while it was being read',
    )
  })

  it('that is a FIFO itself', async () => {
    const fifo = join(makeTempFolder(), 'chart.tgz')
    execFileSync('mkfifo', [fifo])
    const read = await readChart(fifo)
    expect(read.ok ? '' : read.problem.message).toContain('it is neither a folder nor a file')
  })
})

describe('a folder', () => {
  it('is read with its links that stay within, as files and folders of their own', async () => {
    const root = chartWith((folder) => {
      mkdirSync(join(folder, 'files/deep'), { recursive: true })
      writeFileSync(join(folder, 'files/deep/a'), 'a')
      writeFileSync(join(folder, '.helmignore'), '.git\n')
      symlinkSync('files/deep', join(folder, 'folder'))
      symlinkSync(join(folder, 'folder/a'), join(folder, 'absolute'))
      linkSync(join(folder, 'files/deep/a'), join(folder, 'hard'))
      symlinkSync('/nowhere', join(folder, '.git'))
    })
    const files = await readFolder(root)
    expect([...files].map(([path, content]) => [path, content.toString()])).toEqual([
      ['.helmignore', '.git\n'],
      ['Chart.yaml', chartFile],
      ['absolute', 'a'],
      ['files/deep/a', 'a'],
      ['folder/a', 'a'],
      ['hard', 'a'],
    ])
  })

  it('may itself be named by a link', async () => {
    const root = chartWith(() => undefined)
    const named = join(makeTempFolder(), 'named')
    symlinkSync(root, named)
    expect((await readFolder(named)).size).toBe(1)
  })
})
