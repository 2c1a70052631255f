import { fixtureText, plainChart } from '../support/charts/addon-charts.ts'
import { chartText, deployment } from '../support/charts/published.ts'

export const repository = 'https://charts.example.com/stable'
const underGlobal =
  '"{{ .Values.global.registry }}/{{ .Values.image.repository }}:{{ .Values.image.tag }}"'
const parts = '"{{ .Values.image.repository }}:{{ .Values.image.tag }}"'

export const described = chartText('described', '1.0.0', {
  'values.yaml': `# How many.
replicas: 2

image:
  # Where it is pulled from.
  repository: "quay.io/example/app"   # quoted
  tag: 1.2.3
extraContainers: []   # more of them
`,
  'templates/app.yaml': `${deployment('app', [parts, 'docker.io/example/init:0.1.0'])}
        {{- with .Values.extraContainers }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
`,
  'README.md': 'It pulls docker.io/example/init:0.1.0.\n',
})

/** An image that is not rendered has the name of one that is. */
const dormant = chartText('dormant', '1.0.0', {
  'values.yaml':
    'image: quay.io/example/app:1.2.3\nother: { enabled: false, image: ghcr.io/other/app:0.4.0 }\n',
  'templates/app.yaml': deployment('app', ['{{ .Values.image }}']),
  'templates/other.yaml': `{{ if .Values.other.enabled }}\n${deployment('other', ['{{ .Values.other.image }}'])}{{ end }}\n`,
})

const shared = chartText('shared', '1.0.0', {
  'Chart.yaml':
    'apiVersion: v2\nname: shared\nversion: 1.0.0\ndependencies: [{ name: sub, version: 1.0.0 }]\n',
  'values.yaml': 'image: { repository: quay.io/example/app, tag: 1.2.3 }\n',
  'templates/app.yaml': deployment('app', [parts]),
  'charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 1.0.0\n',
  'charts/sub/values.yaml': 'image: { repository: ghcr.io/other/app, tag: 0.4.0 }\n',
  'charts/sub/templates/app.yaml': deployment('sub', [parts]),
})

/** One value speaks for the chart and its subchart. */
const entangled = chartText('entangled', '1.0.0', {
  ...shared,
  'Chart.yaml': (shared['Chart.yaml'] ?? '').replace('name: shared', 'name: entangled'),
  'values.yaml': 'global: { registry: quay.io }\nimage: { repository: example/app, tag: 1.2.3 }\n',
  'templates/app.yaml': deployment('app', [underGlobal]),
  'charts/sub/values.yaml': 'image: { repository: example/tool, tag: 2.0.0 }\n',
  'charts/sub/templates/app.yaml': deployment('sub', [underGlobal]),
})

export const published = [
  described,
  dormant,
  shared,
  entangled,
  plainChart('many', '1.0.0', 'quay.io/example/app:1.2.3'),
  plainChart('many', '2.0.0', 'quay.io/example/app:2.0.0'),
  fixtureText('random'),
].map((files) => ({ repository, files }))
export const images = [
  'quay.io/example/app:1.2.3',
  'quay.io/example/app:2.0.0',
  'ghcr.io/other/app:0.4.0',
  'docker.io/example/init:0.1.0',
  'ghcr.io/example/sidecar:0.4.0',
  'ghcr.io/example/sidecar:0.5.0',
]
