import { describe, expect, it } from 'vitest'
import { parseChartsYaml } from '../../../scripts/lib/sources/charts-yaml.ts'

const chart = (lines: string) =>
  `charts:\n  - name: app\n    repository: https://x.io/charts/\n${lines}`

function messageOf(text: string): string {
  const parsed = parseChartsYaml({ file: 'charts.yaml', text })
  return parsed.ok ? 'accepted' : parsed.problem.message
}

describe('parseChartsYaml', () => {
  it('reads charts, images and leaves into their normal form', () => {
    const text = chart(
      "    version: '1.2.3'\n    published: v1.2.3\n    images:\n      - reference: busybox:1.35\n        leaves: { image.repository: repository }\n",
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
            images: [
              {
                reference: 'docker.io/library/busybox:1.35',
                leaves: [{ path: ['image', 'repository'], role: 'repository' }],
              },
            ],
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
      'charts.yaml:4:14: charts.0.version: the version 1.1 is a number to YAML; quote it',
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
      chart("    version: '1.0.0'\n    images:\n      - reference: quay.io/a/b\n"),
      'charts.yaml:6:20: charts.0.images.0.reference: image "quay.io/a/b" has neither tag nor digest',
    ],
    [
      'a bad image',
      chart("    version: '1.0.0'\n    images:\n      - reference: quay.io/A/b:1\n"),
      'must be lower case',
    ],
    [
      'a bad leaf path',
      chart(
        "    version: '1.0.0'\n    images:\n      - reference: quay.io/a/b:1\n        leaves: { 'a..b': registry }\n",
      ),
      '"a..b" is not a leaf path',
    ],
    [
      'an unknown role',
      chart(
        "    version: '1.0.0'\n    images:\n      - reference: quay.io/a/b:1\n        leaves: { a: repo }\n",
      ),
      'charts.yaml:7:22',
    ],
    [
      'an image listed twice',
      chart(
        "    version: '1.0.0'\n    images:\n      - reference: busybox:1\n      - reference: docker.io/library/busybox:1\n",
      ),
      'charts.yaml:7:9: charts.0.images.1: "docker.io/library/busybox:1" is listed twice',
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
      'an upper-case group',
      "charts:\n  - { name: a, version: '1.0.0', repository: 'https://x.io', group: Prod }\n",
      'a group is a lower-case word',
    ],
  ])('refuses %s with its place', (_, text, message) => {
    expect(messageOf(text)).toContain(message)
  })

  it('lists every error at once', () => {
    const message = messageOf(chart('    version: 1.10\n    vresion: x\n'))
    expect(message.split('\n')).toHaveLength(2)
  })
})
