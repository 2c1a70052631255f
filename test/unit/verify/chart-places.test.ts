import { expect, it } from 'vitest'
import { treeOf } from '../../../scripts/lib/model/values/values.ts'
import { misplacedCharts } from '../../../scripts/lib/verify/chart-places.ts'

const address = 'oci://r.example.com/charts/shop'
const addressOf = (name: string) => (name === 'shop' ? address : undefined)

it.each<[string, string | undefined, boolean, readonly string[]]>([
  ['no problem where it is mirrored', address, true, []],
  ['no problem in values that leave it to others', undefined, false, []],
  [
    'a problem elsewhere',
    'https://evil.example/charts',
    false,
    [`chart "shop" would be pulled from "https://evil.example/charts", not from "${address}"`],
  ],
  [
    'a problem where the umbrella sets it',
    undefined,
    true,
    [
      `chart "shop" would be pulled from the repository that the umbrella sets, not from "${address}"`,
    ],
  ],
])('the repository of a chart is %s', (_, repository, isComplete, problems) => {
  const charts = {
    shop: repository === undefined ? {} : { repository },
    other: { repository: 'x' },
  }
  const found = misplacedCharts(treeOf({ charts }), ['shop', 'other'], { addressOf }, isComplete)
  expect(found.map(({ message }) => message)).toEqual(problems)
})
