import { execFileSync } from 'node:child_process'
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readValuesText } from '../../../scripts/lib/sources/values/values-file.ts'
import {
  oddFiles,
  oddScalars,
  oddValuesFile,
  refusedKeys,
  refusedValues,
} from '../../unit/support/texts/odd-values.ts'
import { helm } from '../support/tools.ts'

// helm's own result for values files, from a chart that prints its values.
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'airlift-values-'))
  mkdirSync(join(folder, 'templates'))
  writeFileSync(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: printer\nversion: 1.0.0\n')
  writeFileSync(join(folder, 'templates/values.yaml'), '{{ .Values | toJson }}')
})
afterAll(() => rmSync(folder, { recursive: true }))

/** The values as helm reads them; nothing when it refuses the file. */
function askHelm(text: string): unknown {
  const file = join(folder, 'given.yaml')
  writeFileSync(file, text)
  try {
    const args = ['template', 'it', folder, '-f', file]
    const printed = execFileSync(helm, args, { encoding: 'utf8', stdio: 'pipe' })
    return JSON.parse(printed.split('\n').find((line) => line.startsWith('{')) ?? '')
  } catch {
    return undefined
  }
}

const readOurs = (text: string): unknown => {
  const read = readValuesText('given.yaml', text)
  return read.ok ? read.value : undefined
}

test('hundreds of unusual scalars, keys and values are read as helm reads them', () => {
  const text = oddValuesFile(oddScalars.filter((scalar) => !refusedKeys.includes(scalar)))
  const asked = askHelm(text)
  expect(asked).toBeDefined()
  expect(readOurs(text)).toEqual(asked)
})

describe('a whole file with', () => {
  test.for(Object.entries(oddFiles))('%s', ([, text]) => {
    const asked = askHelm(text)
    expect(asked).toBeDefined()
    expect(readOurs(text)).toEqual(asked)
  })
})

describe('text that helm rejects is rejected:', () => {
  const keys = refusedKeys.map((key) => [`the key ${key}`, `${key}: x\n`] as const)
  test.for([...Object.entries(refusedValues), ...keys])('%s', ([, text]) => {
    expect(askHelm(text)).toBeUndefined()
    expect(readOurs(text)).toBeUndefined()
  })
})
