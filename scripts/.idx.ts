import { load, CORE_SCHEMA } from 'js-yaml'
import { readHelmYaml } from './lib/sources/yaml/helm-yaml.ts'
let s = 'apiVersion: v1\nentries:\n'
for (let c = 0; c < 200; c++) { s += `  chart${c}:\n`; for (let v = 0; v < 200; v++) s += `  - apiVersion: v2\n    appVersion: 1.2.${v}\n    created: "2024-01-01T00:00:00.000Z"\n    description: A Helm chart for Kubernetes number ${c} with a long enough description to be honest\n    digest: ${'ab'.repeat(32)}\n    home: https://example.com/home\n    maintainers:\n    - email: a@b.c\n      name: someone\n    name: chart${c}\n    type: application\n    urls:\n    - https://example.com/charts/chart${c}-1.2.${v}.tgz\n    version: 1.2.${v}\n` }
console.log(s.length)
const t = (n: string, f: () => unknown) => { for (let i = 0; i < 3; i++) { const b = performance.now(); f(); console.log(n, Math.round(performance.now() - b)) } }
t('load default', () => load(s)); t('load core json', () => load(s, {schema: CORE_SCHEMA, json: true}));  t('helm', () => readHelmYaml({file: 'x', text: s}))
