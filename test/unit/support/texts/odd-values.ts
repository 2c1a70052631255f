// Scalars, keys and parts of values files that YAML 1.1 and 1.2, or helm and other parsers, read in different ways.
// What they come to is not written here: one test asks helm, another has a table.

/** Scalars without quotes; each of them is also tried as a key. */
export const oddScalars: readonly string[] = `
on off yes no y n Y N On ON Off OFF Yes YES No NO oN yEs true True TRUE tRUE false False FALSE fALSE
null Null NULL nULL ~ None nil undefined = <<
0644 00644 0_644 0644_ -0644 +0644 0755 0o17 0O17 0o755 0o1_7 0o8 0o -0o17 +0o17 007 -07 0_7 089 08 09 0008 0 00 -0 +0
0x1F 0X1f -0x1F +0x1 0x 0xg 0x_1 0x1_0 0x_0A_74_AE 0x0 -0x0 0b101 0B11 -0b11 +0b1 0b 0b2 0b12 0b1_0 0b-101 0b+1 0b0
1_000 1_000.5 1__0 1_ _1 _ __ 0_ 1_2_3 1_2_.5_e3 685_230.15 685230e+03 1.5_0 1e1_0 .1_0 .1__0 ._1 1._0 1_.0
1e3 1E3 1e+3 1.e3 1.5e-3 1e 1e+ e3 .e3 1.5E 1.e 12e03 7e10 0e7 0e0 6e2 1e6d 1e5 1e6 1e7 1e20 1e21 1e-4 1e-5 1e-7 1e400 1e-400
.5 -.5 +.5 5. . .. ... -. + 1. 0.5 00.5 01.5 0.0 -0.0 +1.5 1.10 1.0 1.00 1.10.0 v1.10 1.2.3 1,000 0.1 123e-1 4.2e1
12:30:45 1:30 190:20:30 190:20:30.15 60:00 0:0 01:02 1:60 -1:30 1:2:3
2024-01-01 2001-12-14 2024-01-01T00:00:00Z 2001-12-14t21:59:43.10-05:00 20240101 2024010112
012345678901 012345670123 000000000000 123456789012 000123456789
9223372036854775807 -9223372036854775808 9223372036854775808 18446744073709551615 18446744073709551616
-9223372036854775809 99999999999999999999999 0x7fffffffffffffff 0xffffffffffffffff 0x10000000000000000
0777777777777777777777 9007199254740993 1234567890123456789 123456789.123456789 0.30000000000000004
3.14159265358979 1234567.0 16777217.0 0.0001 0.00001 100000.0 1000000.0 -2.5e-9 inf nan NaN Infinity
a:b a#b 1k 5Gi 100m 10% ?foo -foo :foo x/y
`
  .trim()
  .split(/\s+/)

/** Those of them that helm refuses as keys. */
export const refusedKeys: readonly string[] = [
  'null',
  'Null',
  'NULL',
  '~',
  '9223372036854775808',
  '18446744073709551615',
  '0xffffffffffffffff',
]

/** Values that are more than a scalar. */
const oddValues: Readonly<Record<string, string>> = {
  tags: '{ a: !!str 12, b: !!int "12", c: !!float 1, d: !!bool "yes", e: !!null "", f: !own 12, g: ! 12, h: !!str }',
  binary: '!!binary aGVsbG8=',
  set: '!!set { x, z }',
  'an ordered map': '!!omap [x: 1]',
  'a date with its tag': '!!timestamp 2001-12-14',
  'a later key': '{ a: 1, a: 2 }',
  'a later map': '{ a: { x: 1 }, a: { z: 2 } }',
  'a merge before': '{ <<: *base, z: 3 }',
  'a merge after': '{ z: 3, <<: *base }',
  'a merge of several': '{ <<: [*base, *other], w: 3 }',
  'a merge in place': '{ <<: { x: 9 } }',
  'a quoted merge': '{ "<<": *base }',
  'a merge with a tag': '{ !!str <<: *base }',
  'a merge and deeper keys': '{ <<: *deep, x: { q: 2 } }',
  alias: '[*base, *base]',
  'an alias as a key': '{ *word : x }',
  'an anchor that is set again': '[&again 1, *again, &again 2, *again]',
  quoted: `["on", '0644', "\\x41\\u2028\\N\\_", 'it''s', "a\\
    b"]`,
  'several lines': 'foo\n  bar',
  'numbers on several lines': '12\n  34',
  flow: '[on, 0644, 1e3, ~, a#b, b:c, "d": e, ]',
  'nothing in flow': '{ a, b: , c: ~ }',
  block: '|\n  on\n  off\n',
  folded: '>-\n  a\n  b\n\n  c\n',
  'a block with an indicator': '|2+\n   x\n\n',
}

/** What those refer to. */
const oddAnchors = `base: &base { x: 1, z: 2 }
other: &other { x: 5, v: 6 }
deep: &deep { x: { p: 1 } }
word: &word text
`

/** Whole files that helm refuses. */
export const refusedValues: Readonly<Record<string, string>> = {
  infinity: 'a: .inf\n',
  'not a number': 'a: [.NaN]\n',
  'a map as a key': '{ a: 1 }: x\n',
  'a list as a key': '? [a]\n: x\n',
  'a template that reads as a map': 'a: {{ .x }}\n',
  'a merge of a scalar': 'a: { <<: 1 }\n',
  'a merge of nothing': 'a: { <<: ~ }\n',
  'an unknown anchor': 'a: *b\n',
  'an anchor in itself': 'a: &a { b: *a }\n',
  'a number by its tag alone': 'a: !!int foo\n',
  'a list': '- 1\n',
  'a word': 'foo\n',
  'a control character': 'a: "\u0001"\n',
  'a tab': 'a:\n\tb: 1\n',
}

/** Whole files that helm reads. */
export const oddFiles: Readonly<Record<string, string>> = {
  'several documents':
    'a: { x: 1, z: 3 }\nl: [1]\n---\na: { x: 2, k: ~ }\nl: [2]\n---\n# nothing\n',
  nothing: '',
  'a comment': '# nothing\n',
  'a null': '~\n',
  'other ends of lines': 'a: on\r\nb: 1\rc: 2\n',
  'a mark of byte order': '\uFEFFa: 1\n',
}

/** The whole file of odd scalars, keys and values. */
export function oddValuesFile(keys: readonly string[]): string {
  // A plain `<<` as a key is a merge.
  const isKey = (text: string) => !['...', '?foo', ':foo', '<<'].includes(text)
  return [
    oddAnchors,
    'scalars:\n',
    ...oddScalars.map((text, index) => `  s${index}: ${text}\n`),
    'keys:\n',
    ...keys.filter(isKey).map((text, index) => `  k${index}: { ? ${text} : x }\n`),
    'values:\n',
    ...Object.entries(oddValues).map(
      ([name, text]) => `  ${name}: ${text.replaceAll('\n', '\n  ')}\n`,
    ),
  ].join('')
}
