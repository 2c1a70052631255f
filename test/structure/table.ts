import type { Room } from './rooms.ts'
import type { Bounds } from './faults.ts'

/** Folders and files that the rules apply to. */
export const places = ['bootstrap.ts', 'manifests', 'scripts', 'test']

export const bounds: Bounds = {
  files: 14,
  lines: 300,
  exempt: ['manifests/private-ecr-manifest.ts'],
  unique: 'scripts/lib',
}

const lib = (...names: readonly string[]) => names.map((name) => `scripts/lib/${name}`)

/** Rooms that every room may import: facts, and interruptible work. */
const ground = ['model', 'steps']
/** Rooms for charts, in order of dependency. */
const charts = ['chart', 'render', 'find', 'fetch', 'patch', 'relocate'].map(
  (name) => `charts/${name}`,
)

/** Rooms that the commands for whole systems build on. */
const underSystems = [
  ...ground,
  'cli',
  'commands',
  'tools',
  'aws',
  'sources',
  'session',
  ...charts,
  'values',
  'manifest',
  'mirror',
]

/** The rooms from the bottom up: each may import only rooms above it in this list. */
const library: readonly (Omit<Room, 'mayImport'> & { readonly mayImport: readonly string[] })[] = [
  { path: 'model', mayImport: [], face: '*' },
  { path: 'steps', mayImport: ['model'], face: '*' },
  {
    path: 'cli',
    mayImport: ground,
    face: [
      'command/command.ts',
      'command/flag.ts',
      'command/kinds.ts',
      'errors.ts',
      'main.ts',
      'reporter.ts',
      'terminal.ts',
      'text.ts',
      'working-folder.ts',
    ],
  },
  { path: 'commands', mayImport: [...ground, 'cli'], face: '*' },
  { path: 'policies', mayImport: [...ground, 'cli', 'commands'], face: ['command.ts'] },
  { path: 'tools', mayImport: ground, face: '*' },
  { path: 'aws', mayImport: [...ground, 'tools'], face: '*' },
  { path: 'sources', mayImport: [...ground, 'tools'], face: '*' },
  { path: 'charts/chart', mayImport: [...ground, 'tools', 'sources'], face: '*' },
  {
    path: 'charts/render',
    mayImport: [...ground, 'tools', 'sources', 'charts/chart'],
    face: [
      'cache.ts',
      'documents.ts',
      'helm-file.ts',
      'hidden-apis.ts',
      'outside-schema.ts',
      'reading.ts',
      'render.ts',
      'renderer.ts',
      'secrets.ts',
      'volatile.ts',
    ],
  },
  {
    path: 'session',
    mayImport: [...ground, 'cli', 'tools', 'charts/render'],
    face: ['session.ts'],
  },
  {
    path: 'charts/find',
    mayImport: [...ground, 'charts/chart', 'charts/render'],
    face: [
      'composed.ts',
      'composed-map.ts',
      'delivery/addresses.ts',
      'delivery/delivery.ts',
      'delivery/fields.ts',
      'delivery/images.ts',
      'delivery/named.ts',
      'find.ts',
      'lines.ts',
      'oddity.ts',
      'parts.ts',
      'place.ts',
      'public-hosts.ts',
    ],
  },
  {
    path: 'charts/fetch',
    mayImport: [...ground, 'tools', 'sources', 'session', 'charts/chart', 'charts/render'],
    face: [
      'acquire.ts',
      'graph.ts',
      'index-file.ts',
      'locate.ts',
      'nearest-versions.ts',
      'pull.ts',
      'versions.ts',
    ],
  },
  {
    path: 'charts/patch',
    mayImport: [...ground, 'tools', 'sources', 'session', 'charts/chart'],
    face: ['post-render.ts', 'repack.ts', 'rewriter.ts'],
  },
  {
    path: 'charts/relocate',
    mayImport: [
      ...ground,
      'session',
      'charts/chart',
      'charts/render',
      'charts/find',
      'charts/fetch',
      'charts/patch',
    ],
    face: [
      'assumptions.ts',
      'destinations.ts',
      'job.ts',
      'operators/expect.ts',
      'patched/again.ts',
      'patched/instead.ts',
      'patched/post-rendered.ts',
      'patched/repacked.ts',
      'patched/rewrites.ts',
      'prove/joined.ts',
      'questions/delivered.ts',
      'questions/left.ts',
      'questions/readings.ts',
      'questions/site.ts',
      'relocate.ts',
      'result.ts',
      'solve/assignments.ts',
      'solve/slots.ts',
      'view.ts',
    ],
  },
  {
    path: 'values',
    mayImport: [
      ...ground,
      'cli',
      'commands',
      'tools',
      'sources',
      'session',
      'charts/render',
      'charts/relocate',
    ],
    face: ['command.ts', 'given.ts', 'override.ts'],
  },
  {
    path: 'nested',
    mayImport: [...ground, 'tools', 'sources', 'session', ...charts, 'values'],
    face: ['nested.ts'],
  },
  {
    path: 'plain',
    mayImport: [...ground, 'tools', 'sources', 'session', ...charts],
    face: ['input.ts', 'read.ts', 'relocate.ts', 'rewrites.ts'],
  },
  {
    path: 'manifest',
    mayImport: [...ground, 'cli', 'commands', 'tools', 'sources', 'session', ...charts, 'values'],
    face: ['command.ts', 'discover.ts', 'regenerate.ts', 'report.ts', 'umbrella.ts'],
  },
  {
    path: 'relocate',
    mayImport: [
      ...ground,
      'cli',
      'commands',
      'tools',
      'sources',
      'session',
      ...charts,
      'values',
      'nested',
      'plain',
      'manifest',
    ],
    face: ['command.ts'],
  },
  {
    path: 'mirror',
    mayImport: [...ground, 'cli', 'commands', 'tools', 'aws', 'sources', 'charts/fetch'],
    face: [
      'command.ts',
      'mirror.ts',
      'plan/placement.ts',
      'report/files.ts',
      'report/report.ts',
      'report/unfilled-text.ts',
      'session/doors.ts',
      'session/flags.ts',
      'session/open-doors.ts',
      'session/request.ts',
      'sources/missing.ts',
      'target/settings.ts',
    ],
  },
  {
    path: 'verify',
    mayImport: [
      ...ground,
      'cli',
      'commands',
      'aws',
      'sources',
      'session',
      ...charts,
      'values',
      'manifest',
    ],
    face: [
      'against-registry.ts',
      'answered.ts',
      'installer.ts',
      'command.ts',
      'judge.ts',
      'routes.ts',
    ],
  },
  {
    path: 'addons',
    mayImport: underSystems,
    face: ['catalog-command.ts', 'cleanup/command.ts', 'sync/command.ts', 'sync/options.ts'],
  },
  {
    path: 'bootstrap',
    mayImport: [...underSystems, 'verify'],
    face: ['cluster/token-command.ts', 'command.ts'],
  },
]

const entries = library.map(({ path }) => path)

export const rooms: readonly Room[] = [
  ...library.map(({ path, mayImport, face }) => ({
    path: `scripts/lib/${path}`,
    mayImport: lib(...mayImport),
    face,
  })),
  {
    path: 'scripts/sandbox',
    mayImport: lib('model', 'cli', 'commands', 'tools', 'sources'),
    face: ['demo.ts'],
  },
  { path: 'scripts', mayImport: [...lib(...entries), 'scripts/sandbox'], face: '*' },
  { path: 'bootstrap.ts', mayImport: lib('cli', 'commands', 'bootstrap'), face: [] },
  { path: 'manifests', mayImport: lib('model'), face: [] },
  { path: 'test', mayImport: '*', face: [] },
]
