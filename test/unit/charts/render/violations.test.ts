import { expect, test } from 'vitest'
import { readViolations } from '../../../../scripts/lib/charts/render/violations.ts'

const head = "values don't meet the specifications of the schema(s) in the following chart(s):"

test.each([
  ['nothing', head, []],
  [
    'each line under its chart',
    `${head}\none:\n- at '': missing property 'tenant'\n- at '/a/b': got string, want integer\ntwo:\n- at '/c': minLength: got 0, want 1\n`,
    [
      { chart: 'one', path: '', rule: "missing property 'tenant'" },
      { chart: 'one', path: '/a/b', rule: 'got string, want integer' },
      { chart: 'two', path: '/c', rule: 'minLength: got 0, want 1' },
    ],
  ],
  [
    'a line of another form as a rule',
    `${head}\none:\n- (root): tenant is required\n  - at '/x': no match\n`,
    [
      { chart: 'one', path: '', rule: '(root): tenant is required' },
      { chart: 'one', path: '/x', rule: 'no match' },
    ],
  ],
] as const)('of the message of helm, violations are: %s', (_, message, expected) => {
  expect(readViolations(message)).toEqual(expected)
})

test('no more than fifty violations are read', () => {
  expect(readViolations(`one:\n${"- at '': x\n".repeat(100_000)}`)).toHaveLength(50)
})
