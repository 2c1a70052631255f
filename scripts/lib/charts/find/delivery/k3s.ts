import { isTree, nodeAt, type ValuesTree } from '../../../model/values/values.ts'
import type { DeliveredValues, NamedChart } from './named.ts'
import { fieldText } from './objects.ts'

const values: readonly DeliveredValues[] = [
  { form: 'text', path: ['spec', 'valuesContent'] },
  { form: 'set', path: ['spec', 'set'] },
]

/**
 * Returns the chart of a k3s object.
 *
 * @param hasConfig whether another object adds values to it
 */
export function k3sChart(object: ValuesTree, hasConfig: boolean): NamedChart[] {
  const content = ['spec', 'chartContent']
  const release = fieldText(object, 'metadata', 'name')
  if (fieldText(object, ...content) !== '') {
    return [{ chart: release, version: '', repository: '', path: content }]
  }
  const path = ['spec', 'chart']
  const chart = fieldText(object, ...path)
  if (chart === '') return []
  const isOci = chart.startsWith('oci://')
  return [
    {
      chart: isOci ? chart.slice(chart.lastIndexOf('/') + 1) : chart,
      version: fieldText(object, 'spec', 'version'),
      repository: isOci ? chart : fieldText(object, 'spec', 'repo'),
      path,
      install: {
        release: release === '' ? undefined : release,
        namespace:
          fieldText(object, 'spec', 'targetNamespace') ||
          fieldText(object, 'metadata', 'namespace') ||
          undefined,
        values: values.filter((one) => {
          const node = nodeAt(object, one.path)
          return one.form === 'set' ? isTree(node) : typeof node === 'string'
        }),
        addTo: ['spec', 'valuesContent'],
        elsewhere: [
          ...(hasConfig ? [['metadata', 'name']] : []),
          ...(isTree(nodeAt(object, ['spec', 'valuesSecrets'])) ||
          Array.isArray(nodeAt(object, ['spec', 'valuesSecrets']))
            ? [['spec', 'valuesSecrets']]
            : []),
        ],
      },
    },
  ]
}
