const site = { variant: 'default', document: 'Deployment/a', path: 'spec', template: 'a/b.yaml' }
/** An open question of each kind. */
export const questions = [
  { kind: 'latent', leaf: 'image', ...site },
  { kind: 'nested-chart', chart: 'a', version: '1', repository: 'oci://b', ...site },
  { kind: 'nested-values', chart: 'a', values: ['image=<registry>/a'], ...site },
  { kind: 'delivered-image', reference: 'a:1', cause: 'fixed', ...site },
  { kind: 'other-cluster', reference: 'a:1', assumed: 'one', other: 'another', ...site },
  { kind: 'unread-document', assumed: 'one', other: 'another', ...site },
  { kind: 'unexplained-use', leaves: ['image'], ...site },
  { kind: 'public-host', host: 'quay.io', ...site },
  { kind: 'possible-image', reference: 'a:1', ...site },
  { kind: 'unmoved-repetition', reference: 'a:1', ...site },
  { kind: 'unread-field', text: 'x', ...site },
  { kind: 'schema-violation', variant: 'default', chart: 'a', path: '/b', rule: 'missing' },
  {
    kind: 'operator-image',
    operator: 'op',
    reference: 'a:1',
    others: 0,
    when: 'always',
    cause: 'fixed',
    leaves: ['image'],
    values: ['a'],
    field: '',
  },
  {
    kind: 'operator-pulls',
    operator: 'op',
    version: '1',
    pulls: 'nodes',
    decidedBy: 'a field',
    systems: ['ubuntu22.04'],
    source: 'https://example.com/a',
  },
  { kind: 'no-images', variant: 'default' },
]

/** A host from which something fetches. */
export const egress = [
  {
    host: 'a.dev',
    use: 'address',
    addresses: ['https://a.dev'],
    places: [{ variants: ['default'], document: 'Pod/a', path: 'spec', template: 'a/b.yaml' }],
  },
]
