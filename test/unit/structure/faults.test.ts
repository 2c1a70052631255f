import { expect, test } from 'vitest'
import { describeFault, type Fault, findFaults } from '../../structure/faults.ts'
import type { Room } from '../../structure/rooms.ts'
import { readSourceFile, type SourceFile } from '../../structure/source-files.ts'

const rooms: readonly Room[] = [
  { path: 'lib/model', mayImport: [], face: '*' },
  { path: 'lib/mirror', mayImport: ['lib/model', 'lib/mirror/plan'], face: ['mirror.ts'] },
  { path: 'lib/mirror/plan', mayImport: ['lib/model'], face: ['index.ts', 'table/rows.ts'] },
  { path: 'test', mayImport: '*', face: [] },
]
const bounds = { files: 3, lines: 10, exempt: ['lib/model/generated.ts'], unique: 'lib' }

function file(path: string, imports: readonly string[] = [], lines = 1): SourceFile {
  return { path, lines, imports, exports: [] }
}

function exporting(path: string, ...exports: readonly string[]): SourceFile {
  return { ...file(path), exports }
}

const cases: readonly (readonly [
  title: string,
  files: readonly SourceFile[],
  faults: readonly Fault[],
])[] = [
  [
    'imports of an allowed room through its face are right',
    [file('lib/mirror/mirror.ts', ['lib/mirror/plan/index.ts', 'lib/model/any.ts'])],
    [],
  ],
  [
    'a face may have files of folders in it',
    [file('lib/mirror/mirror.ts', ['lib/mirror/plan/table/rows.ts'])],
    [],
  ],
  [
    'a room that may import everything looks behind faces',
    [file('test/plan.test.ts', ['lib/mirror/plan/plan.ts'])],
    [],
  ],
  ['imports within a room are right', [file('lib/mirror/a.ts', ['lib/mirror/b.ts'])], []],
  [
    'a room that the table does not allow is refused',
    [file('lib/mirror/plan/plan.ts', ['lib/mirror/index.ts'])],
    [
      {
        kind: 'forbidden-import',
        file: 'lib/mirror/plan/plan.ts',
        imported: 'lib/mirror/index.ts',
      },
    ],
  ],
  [
    'a file behind the face is refused',
    [file('lib/mirror/a.ts', ['lib/mirror/plan/plan.ts'])],
    [{ kind: 'behind-the-face', file: 'lib/mirror/a.ts', imported: 'lib/mirror/plan/plan.ts' }],
  ],
  [
    'a name that two files of the library export is refused',
    [
      exporting('lib/model/a.ts', 'Job', 'run'),
      exporting('lib/mirror/b.ts', 'Job'),
      exporting('test/c.ts', 'run'),
    ],
    [{ kind: 'same-name', name: 'Job', files: ['lib/model/a.ts', 'lib/mirror/b.ts'] }],
  ],
  [
    'a folder that is in no room is refused',
    [file('lib/attic/a.ts')],
    [{ kind: 'no-room', file: 'lib/attic/a.ts' }],
  ],
  [
    'files that import each other in a circle are named together',
    [
      file('lib/model/a.ts', ['lib/model/b.ts']),
      file('lib/model/b.ts', ['lib/model/c.ts']),
      file('lib/model/c.ts', ['lib/model/a.ts', 'lib/model/d.ts']),
    ],
    [{ kind: 'cycle', files: ['lib/model/a.ts', 'lib/model/b.ts', 'lib/model/c.ts'] }],
  ],
  [
    'a folder with too many files is refused',
    ['a', 'b', 'c', 'd'].map((name) => file(`lib/model/${name}.ts`)),
    [{ kind: 'crowded-folder', folder: 'lib/model', files: 4 }],
  ],
  [
    'a long file is refused unless it is generated',
    [file('lib/model/a.ts', [], 11), file('lib/model/generated.ts', [], 11)],
    [{ kind: 'long-file', file: 'lib/model/a.ts', lines: 11 }],
  ],
]

test.each(cases)('%s', (_, files, faults) => {
  expect(findFaults(files, rooms, bounds)).toEqual(faults)
})

test('types, exports and dynamic imports count as imports, packages do not', () => {
  const text = `import { x } from 'zx'
import type { A } from './a.ts'
export { b } from '../b.ts'
export const load = () => import('./deep/c.ts')
`
  expect(readSourceFile('lib/model/here.ts', text)).toEqual({
    path: 'lib/model/here.ts',
    lines: 4,
    exports: ['load'],
    imports: ['lib/model/a.ts', 'lib/b.ts', 'lib/model/deep/c.ts'],
  })
})

test('every fault names its file', () => {
  for (const [, , faults] of cases) {
    for (const fault of faults) expect(describeFault(fault)).toContain('lib/')
  }
})
