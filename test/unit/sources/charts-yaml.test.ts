import { describe, expect, it } from 'vitest'
import { parseChartsYaml } from '../../../scripts/lib/sources/charts-yaml.ts'

const chart = (lines: string) =>
  `charts:\n  - name: app\n    repository: https://x.io/charts/\n${lines}`

function messageOf(text: string): string {
  const parsed = parseChartsYaml({ file: 'charts.yaml', text })
  return parsed.ok ? 'accepted' : parsed.problem.message
}

describe('parseChartsYaml', () => {
  it('reads charts, variants, runtime images and leaves into their normal form', () => {
    const text = chart(
      "    version: '1.2.3'\n    published: v1.2.3\n    kubeVersion: '1.33.0'\n    values: { a: 1 }\n    variants:\n      small: { b: 2 }\n      bare:\n    runtime:\n      - reference: busybox:1.35\n        reason: a sidecar\n        leaves: { image.repository: repository }\n    decisions:\n      - { reference: o/x, decision: ignore, reason: a prefix }\n",
    )
    expect(parseChartsYaml({ file: 'charts.yaml', text })).toEqual({
      ok: true,
      value: {
        charts: [
          {
            name: 'app',
            version: '1.2.3',
            published: 'v1.2.3',
            repository: 'https://x.io/charts',
            group: 'production',
            kubeVersion: '1.33.0',
            apiVersions: [],
            variants: { default: { a: 1 }, small: { b: 2 }, bare: {} },
            runtime: [
              {
                reference: 'docker.io/library/busybox:1.35',
                reason: 'a sidecar',
                leaves: [{ path: ['image', 'repository'], role: 'repository' }],
              },
            ],
            decisions: [{ reference: 'o/x', decision: 'ignore', reason: 'a prefix' }],
          },
        ],
        direct: [],
      },
    })
  })

  it('takes an oci:// repository with or without the name for the same', () => {
    for (const repository of ['oci://h.io/p/app', 'oci://h.io/p', 'oci://h.io/p/']) {
      const text = `charts:\n  - { name: app, version: '1.0.0', repository: '${repository}' }\n`
      const parsed = parseChartsYaml({ file: 'f', text })
      expect(parsed.ok && parsed.value.charts[0]?.repository).toBe('oci://h.io/p')
    }
  })

  it.each([
    [
      'an unquoted version',
      chart('    version: 1.10\n'),
      'charts.yaml:4:14: charts.0.version: YAML reads the version 1.1 as a number; quote it',
    ],
    [
      'a version of two parts',
      chart("    version: '1.10'\n"),
      'charts.yaml:4:14: charts.0.version: "1.10" is not a chart version',
    ],
    [
      'an unknown key',
      chart("    version: '1.0.0'\n    vresion: x\n"),
      'charts.yaml:5:5: charts.0.vresion: unknown key "vresion"',
    ],
    ['a missing key', 'charts:\n  - name: app\n', 'charts.yaml:2:5: charts.0'],
    ['a duplicate key', chart("    version: '1.0.0'\n    version: '1.0.1'\n"), 'charts.yaml:5:5'],
    ['a syntax error', 'charts: [\n', 'charts.yaml:2:1'],
    [
      'an image without tag',
      chart(
        "    version: '1.0.0'\n    runtime:\n      - reference: quay.io/a/b\n        reason: x\n",
      ),
      'charts.yaml:6:20: charts.0.runtime.0.reference: image "quay.io/a/b" has neither tag nor digest',
    ],
    [
      'a bad image',
      chart(
        "    version: '1.0.0'\n    runtime:\n      - reference: quay.io/A/b:1\n        reason: x\n",
      ),
      'must be lowercase',
    ],
    [
      'a bad leaf path',
      chart(
        "    version: '1.0.0'\n    runtime:\n      - reference: quay.io/a/b:1\n        reason: x\n        leaves: { 'a..b': registry }\n",
      ),
      '"a..b" is not a leaf path',
    ],
    [
      'an unknown role',
      chart(
        "    version: '1.0.0'\n    runtime:\n      - reference: quay.io/a/b:1\n        reason: x\n        leaves: { a: repo }\n",
      ),
      'charts.yaml:8:22',
    ],
    [
      'an image listed twice',
      chart(
        "    version: '1.0.0'\n    runtime:\n      - { reference: busybox:1, reason: x }\n      - { reference: docker.io/library/busybox:1, reason: y }\n",
      ),
      'charts.yaml:7:9: charts.0.runtime.1: "docker.io/library/busybox:1" is listed twice',
    ],
    [
      'a runtime image without a reason',
      chart("    version: '1.0.0'\n    runtime:\n      - reference: busybox:1\n"),
      'charts.0.runtime.0.reason',
    ],
    [
      'values that are no mapping',
      chart("    version: '1.0.0'\n    values: [1]\n"),
      'charts.yaml:5:13: charts.0.values: values must be a mapping',
    ],
    [
      'a variant called default',
      chart("    version: '1.0.0'\n    variants:\n      default: {}\n"),
      'charts.yaml:6:16: charts.0.variants.default: put the values of variant "default" under "values"',
    ],
    [
      'an unquoted kubeVersion',
      chart("    version: '1.0.0'\n    kubeVersion: 1.31\n"),
      'charts.yaml:5:18: charts.0.kubeVersion: kubeVersion must be a quoted string',
    ],
    [
      'a chart named like a flag',
      "charts:\n  - { name: '--devel', version: '1.0.0', repository: 'https://x.io' }\n",
      'charts.yaml:2:13: charts.0.name: "--devel" is not a chart name',
    ],
    [
      'a chart with a line break in its name',
      'charts:\n  - { name: "a\\n--b", version: "1.0.0", repository: "https://x.io" }\n',
      String.raw`charts.yaml:2:13: charts.0.name: "a\n--b" is not a chart name`,
    ],
    [
      'a namespace like a flag',
      chart("    version: '1.0.0'\n    namespace: '--kubeconfig=x'\n"),
      'charts.yaml:5:16: charts.0.namespace: "--kubeconfig=x" is not a namespace',
    ],
    [
      'an API version like a flag',
      chart("    version: '1.0.0'\n    apiVersions: [v1, --post-renderer=sh]\n"),
      'charts.yaml:5:23: charts.0.apiVersions.1: "--post-renderer=sh" is not an API version',
    ],
    [
      'a kubeVersion that is none',
      chart("    version: '1.0.0'\n    kubeVersion: '--x'\n"),
      'charts.yaml:5:18: charts.0.kubeVersion: "--x" is not a Kubernetes version',
    ],
    [
      'a repository whose host is a flag',
      "charts:\n  - { name: a, version: '1.0.0', repository: 'oci://--insecure/a' }\n",
      'repository "oci://--insecure/a" is not a chart repository',
    ],
    [
      'a chart listed twice',
      "charts:\n  - { name: a, version: '1.0.0', repository: 'https://x.io' }\n  - { name: a, version: '1.0.1', repository: 'https://x.io' }\n",
      'charts.yaml:3:5: charts.1: "a" is listed twice; the first is entry 1',
    ],
    [
      'a repository that is none',
      "charts:\n  - { name: a, version: '1.0.0', repository: 'ftp://x.io' }\n",
      'repository "ftp://x.io" is not a chart repository',
    ],
    [
      'an uppercase group',
      "charts:\n  - { name: a, version: '1.0.0', repository: 'https://x.io', group: Prod }\n",
      'a group is a lowercase word',
    ],
  ])('refuses %s with its place', (_, text, message) => {
    expect(messageOf(text)).toContain(message)
  })

  it('lists every error at once', () => {
    const message = messageOf(chart('    version: 1.10\n    vresion: x\n'))
    expect(message.split('\n')).toHaveLength(2)
  })
})
