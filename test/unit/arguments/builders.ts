import {
  builderCommand,
  builderSetup,
  imagesCommand,
  synthCommand,
} from '../../../scripts/lib/bootstrap/application/build.ts'
import { shellCommand } from '../../../scripts/lib/bootstrap/steps/installation/console.ts'
import * as crane from '../../../scripts/lib/tools/process/crane.ts'
import type { Command } from '../../../scripts/lib/tools/process/command.ts'
import * as helm from '../../../scripts/lib/tools/process/helm.ts'

/** Builds a command with one text in one of its fields, and what is harmless in the others. */
export type Build = (text: string) => Command

const place = { release: 'r', namespace: 'n', kubeconfig: '/k', context: 'c' }
const settings = {
  release: 'r',
  namespace: 'n',
  kubeVersion: '1.31.0',
  apiVersions: ['v1'],
  values: ['/v.yaml'],
  skipSchema: true,
  isUpgrade: true,
}
const install = { skipSchema: false, values: ['/v.yaml'], description: 'd', timeoutSeconds: 1 }
const values = { files: [], sets: [] }

const onPlace = (build: (where: typeof place) => Command): Record<string, Build> => ({
  release: (text) => build({ ...place, release: text }),
  namespace: (text) => build({ ...place, namespace: text }),
  kubeconfig: (text) => build({ ...place, kubeconfig: text }),
  context: (text) => build({ ...place, context: text }),
})

const template = (over: Partial<typeof settings>) =>
  helm.templateCommand('/helm', '/chart', { ...settings, ...over })

/**
 * Every builder of commands, by module, with every field that takes text: fields called `folder`, `file`, `chart` or
 * the like are paths.
 */
export const builders: Readonly<Record<string, Readonly<Record<string, Build>>>> = {
  'crane listTagsCommand': { repository: (text) => crane.listTagsCommand('/crane', text) },
  'crane manifestCommand': { reference: (text) => crane.manifestCommand('/crane', text) },
  'crane configCommand': { reference: (text) => crane.configCommand('/crane', text) },
  'crane copyCommand': {
    source: (text) => crane.copyCommand('/crane', text, 'd.io/x:1'),
    destination: (text) => crane.copyCommand('/crane', 's.io/x:1', text),
  },
  'helm pullOciCommand': {
    url: (text) => helm.pullOciCommand('/helm', text, '1.0.0', '/folder'),
    version: (text) => helm.pullOciCommand('/helm', 'oci://x.io/a', text, '/folder'),
    folder: (text) => helm.pullOciCommand('/helm', 'oci://x.io/a', '1.0.0', text),
  },
  'helm pullPinnedCommand': {
    url: (text) => helm.pullPinnedCommand('/helm', text, '/folder'),
    folder: (text) => helm.pullPinnedCommand('/helm', 'oci://x.io/a', text),
  },
  'helm pushCommand': {
    archive: (text) => helm.pushCommand('/helm', text, 'x.io/charts'),
    target: (text) => helm.pushCommand('/helm', '/a.tgz', text),
  },
  'helm templateCommand': {
    chart: (text) => helm.templateCommand('/helm', text, settings),
    release: (text) => template({ release: text }),
    namespace: (text) => template({ namespace: text }),
    kubeVersion: (text) => template({ kubeVersion: text }),
    apiVersion: (text) => template({ apiVersions: [text, 'v1'] }),
    valuesFile: (text) => template({ values: ['/v.yaml', text] }),
  },
  'helm valuesCommand': {
    chart: (text) => helm.valuesCommand('/helm', text, values),
    valuesFile: (text) => helm.valuesCommand('/helm', '/chart', { ...values, files: [text] }),
    set: (text) => helm.valuesCommand('/helm', '/chart', { ...values, sets: [['--set', text]] }),
  },
  'helm dependencyCommand': {
    folder: (text) => helm.dependencyCommand('/helm', 'build', text),
  },
  'helm installCommand': {
    ...onPlace((where) => helm.installCommand('/helm', 'install', '/chart', where, install)),
    chart: (text) => helm.installCommand('/helm', 'upgrade', text, place, install),
    description: (text) =>
      helm.installCommand('/helm', 'install', '/chart', place, { ...install, description: text }),
    valuesFile: (text) =>
      helm.installCommand('/helm', 'install', '/chart', place, { ...install, values: [text] }),
  },
  'helm listCommand': onPlace((where) => helm.listCommand('/helm', where)),
  'helm getValuesCommand': onPlace((where) => helm.getValuesCommand('/helm', where)),
  'helm historyCommand': onPlace((where) => helm.historyCommand('/helm', where)),
  'console-step shellCommand': {
    namespace: (text) => shellCommand('/kubectl', place, text),
    kubeconfig: (text) => shellCommand('/kubectl', { ...place, kubeconfig: text }, 'n'),
    context: (text) => shellCommand('/kubectl', { ...place, context: text }, 'n'),
  },
  // The name of the builder is the only argument, and is fixed.
  'build-step builderCommand': { docker: (text) => builderCommand(`/${text}`) },
  'build-step builderSetup': { checkout: builderSetup },
  'build-step synthCommand': { checkout: synthCommand },
  'build-step imagesCommand': {
    checkout: (text) => imagesCommand(text, 'r.io/x'),
    registry: (text) => imagesCommand('/checkout', text),
  },
}
