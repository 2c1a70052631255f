import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as buildStep from '../../../scripts/lib/bootstrap/application/build.ts'
import * as consoleStep from '../../../scripts/lib/bootstrap/steps/installation/console.ts'
import * as crane from '../../../scripts/lib/tools/process/crane.ts'
import type { Command } from '../../../scripts/lib/tools/process/command.ts'
import * as helm from '../../../scripts/lib/tools/process/helm.ts'
import { type Build, builders } from './builders.ts'
import { hostile, hostileTexts } from './hostile.ts'

const fields = Object.entries(builders).flatMap(([builder, its]) =>
  Object.entries(its).map(([field, build]) => [builder, field, build] as const),
)

/** Stands where a text is expected, and is part of nothing else. */
const mark = 'Q7Q'

/** The command, or nothing when the builder refuses the text. */
function tryBuild(build: Build, text: string): Command | undefined {
  try {
    return build(text)
  } catch {
    return undefined
  }
}

/** Where a text comes to stand, by position: what is before it in its word. */
function placesOf(build: Build, stem: string): Map<number, string> {
  const { args } = build(`${stem}${mark}`)
  return new Map(
    args.flatMap((word, index) =>
      word.includes(mark) ? [[index, word.slice(0, word.indexOf(mark))]] : [],
    ),
  )
}

describe('the table of builders', () => {
  it('has every builder that there is', () => {
    const modules = { helm, crane, 'build-step': buildStep, 'console-step': consoleStep }
    const exported = Object.entries(modules).flatMap(([module, its]) =>
      Object.entries(its)
        .filter(([name]) => /Command$|^builderSetup$/.test(name))
        .map(([name]) => `${module} ${name}`),
    )
    expect(Object.keys(builders).toSorted()).toEqual(exported.toSorted())
  })
})

describe.each(fields)('%s: %s', (_, _field, build) => {
  // A field that is a path refuses what is not absolute.
  const stem = tryBuild(build, mark) === undefined ? '/' : ''
  const places = placesOf(build, stem)
  const plain = build(`${stem}${mark}`)

  it('stands behind "--", in one word with its flag, or as an absolute path', () => {
    const end = plain.args.indexOf('--')
    for (const [index, before] of places) {
      const isBehind = end !== -1 && index > end
      expect([before, isBehind || /^(?:--?[A-Za-z][\w-]*=|\/)/.test(before)]).toEqual([
        before,
        true,
      ])
    }
  })

  it('changes no other word, and adds none, whatever it is', () => {
    const check = (text: string) => {
      const command = tryBuild(build, `${stem}${text}`)
      if (command === undefined) return
      expect(command.args.length).toBe(plain.args.length)
      for (const [index, word] of plain.args.entries()) {
        const before = places.get(index)
        if (before === undefined) expect(command.args[index]).toBe(word)
        // Lists are quoted as in CSV.
        else expect(command.args[index]?.replace(/^(--[\w-]+=)"/, '$1')).toMatch(startOf(before))
      }
      expect(command.tool.startsWith('/')).toBe(true)
    }
    hostileTexts.forEach(check)
    fc.assert(fc.property(hostile, check), { numRuns: 200 })
  })
})

function startOf(text: string): RegExp {
  return new RegExp(`^${text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}`)
}

describe('helm', () => {
  it.each(['-x.yaml', 'values.yaml', '-', './a', 'https://x.io/v.yaml', ''])(
    'is never given the file %j, which it would not look for where a person means it',
    (file) => {
      expect(() => helm.valuesCommand('/helm', '/chart', { files: [file], sets: [] })).toThrow(
        'is not absolute',
      )
    },
  )

  it.each([
    ['/a,b/v.yaml', '--values="/a,b/v.yaml"'],
    ['/a"b/v.yaml', '--values="/a""b/v.yaml"'],
    ['/a\nb/v.yaml', '--values="/a\nb/v.yaml"'],
    ['/a b/v.yaml', '--values=/a b/v.yaml'],
  ])('is given the one file %j as one', (file, word) => {
    expect(helm.valuesCommand('/helm', '/chart', { files: [file], sets: [] }).args).toContain(word)
  })
})
