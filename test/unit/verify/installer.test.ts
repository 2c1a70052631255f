import { describe, expect, it } from 'vitest'
import { treeOf, type TreeLiteral } from '../../../scripts/lib/model/values/values.ts'
import { installerFaults } from '../../../scripts/lib/verify/installer.ts'

const registry = 'r.example.com'
const address = `oci://${registry}/charts/shop`
const routes = {
  addressOf: (name: string) => (['shop', 'side'].includes(name) ? address : undefined),
  versionOf: (name: string) => (['shop', 'side'].includes(name) ? '1.2.0' : undefined),
}

const faultsOf = (values: TreeLiteral, isComplete = false): string[] =>
  installerFaults(treeOf(values), { routes, registry, charts: ['shop'], isComplete }).map(
    ({ message }) => message,
  )

describe('an installer is not at fault', () => {
  it.each<readonly [string, TreeLiteral, boolean]>([
    ['where a chart is mirrored', { charts: { shop: { repository: address } } }, true],
    [
      'with the mirrored version',
      { charts: { shop: { repository: address, version: '1.2.0' } } },
      true,
    ],
    ['with its other spelling', { charts: { shop: { version: 'v1.2.0' } } }, false],
    ['with values that leave its place to others', { charts: { shop: {} } }, false],
    [
      'with a chart of the manifest that is not verified',
      { charts: { side: { repository: 'x' } } },
      false,
    ],
    ['without charts', { image: 'a' }, false],
    ['with a login at the registry', { ecrAuth: { registry } }, false],
    ['with a login that is not set', { ecrAuth: { registry: '' } }, false],
  ])('%s', (_, values, isComplete) => {
    expect(faultsOf(values, isComplete)).toEqual([])
  })
})

describe('an installer is at fault', () => {
  it.each<readonly [string, TreeLiteral, boolean, string]>([
    [
      'with a chart from elsewhere',
      { charts: { shop: { repository: 'https://evil.example/charts' } } },
      false,
      `chart "shop" would be pulled from "https://evil.example/charts", not from "${address}"`,
    ],
    [
      'where the umbrella sets the repository',
      { charts: { shop: {} } },
      true,
      `chart "shop" would be pulled from the repository that the umbrella sets, not from "${address}"`,
    ],
    [
      'with another version',
      { charts: { shop: { repository: address, version: '0.0.1' } } },
      true,
      'chart "shop" would be installed in version "0.0.1", but only "1.2.0" is mirrored and proven',
    ],
    [
      'with a version that is a number',
      { charts: { shop: { version: 2 } } },
      false,
      'chart "shop" would be installed in version 2, but only "1.2.0" is mirrored and proven',
    ],
    [
      'with a chart that is not in the manifest',
      { charts: { evil: { repository: 'https://evil.example/charts' } } },
      false,
      'chart "evil" would be installed, but is not in the manifest',
    ],
    [
      'with a login elsewhere',
      { ecrAuth: { registry: 'evil.example' } },
      false,
      '"ecrAuth.registry" is "evil.example", so the installer would log in there instead of "r.example.com"',
    ],
  ])('%s', (_, values, isComplete, message) => {
    expect(faultsOf(values, isComplete)).toEqual([message])
  })
})
