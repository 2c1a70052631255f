import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { manifest } from '../../../manifests/private-ecr-manifest.ts'
import { block, buildValues, renderOverride } from '../../../scripts/lib/values/override.ts'
import { isPrintable } from '../../../scripts/lib/model/text/printable.ts'
import { makeChart, makeImage, makePlace } from '../support/manifest.ts'
import { treeOf } from '../../../scripts/lib/model/values/values.ts'

const target = { registry: '123456789012.dkr.ecr.us-east-2.amazonaws.com', prefix: '' }

describe('buildValues', () => {
  it('nests keys and list indices', () => {
    const values = buildValues(
      [
        { path: ['a', 'b'], value: '<registry>' },
        { path: ['a', 'c', 0, 'd'], value: '<prefix>x' },
        { path: ['a', 'c', 1, 'd'], value: '1.10' },
      ],
      { registry: 'r', prefix: 'p' },
    )
    expect(values).toEqual({ a: { b: 'r', c: [{ d: 'p/x' }, { d: '1.10' }] } })
  })
})

describe('renderOverride', () => {
  it('has the shape that the umbrella chart takes', async () => {
    const values: unknown = parse(await renderOverride(manifest, target))
    expect(values).toMatchObject({
      charts: {
        'cert-manager': {
          repository: `oci://${target.registry}/charts/cert-manager`,
          version: 'v1.17.2',
          values: {
            image: {
              repository: `${target.registry}/mirrored/quay.io/jetstack/cert-manager-controller`,
            },
          },
        },
        'argo-workflows': {
          values: {
            controller: {
              image: {
                registry: target.registry,
                repository: 'mirrored/quay.io/argoproj/workflow-controller',
              },
            },
          },
        },
      },
      defaultBucketConfiguration: {
        bucketOperationImage: `${target.registry}/mirrored/docker.io/amazon/aws-cli:2.25.11`,
      },
      ecrAuth: { registry: target.registry },
    })
  })

  it('names a version only where the published one differs', async () => {
    const values = parse(await renderOverride(manifest, target)) as {
      charts: Record<string, { version?: string }>
    }
    const named = Object.entries(values.charts).filter(([, { version }]) => version !== undefined)
    expect(named.map(([name]) => name)).toEqual(['cert-manager'])
  })

  it('keeps strings strings, and leaves out what is empty', async () => {
    const odd = {
      input: '',
      images: [],
      charts: [makeChart({ name: 'on' })],
      relocation: { mirrored: [{ path: ['x'], value: '1.10' }] },
    }
    expect(parse(await renderOverride(odd, target))).toEqual({
      charts: { on: { repository: `oci://${target.registry}/charts/on` } },
      x: '1.10',
      ecrAuth: { registry: target.registry },
    })
  })

  it('puts the prefix into charts and images alike', async () => {
    const text = await renderOverride(manifest, { ...target, prefix: 'team/a' })
    expect(text).toContain(`oci://${target.registry}/team/a/charts/grafana`)
    expect(text).toContain(`${target.registry}/team/a/mirrored/docker.io/amazon/aws-cli:2.25.11`)
    expect(text).not.toMatch(/[^/]\bmirrored\/(?!.)/)
  })

  it('gives a whole list where a leaf stands in one', async () => {
    const image = '<registry>/<prefix>mirrored/quay.io/o/a:1'
    const value = [treeOf({ name: 'a', image }), 'kept']
    const relocation = {
      mirrored: { values: [{ path: ['list'], value }], unreached: [], proofs: [] },
    }
    const listed = {
      input: '',
      images: [],
      charts: [makeChart({ name: 'on', relocation })],
      relocation: {},
    }
    expect(parse(await renderOverride(listed, target))).toMatchObject({
      charts: {
        on: {
          values: {
            list: [{ name: 'a', image: `${target.registry}/mirrored/quay.io/o/a:1` }, 'kept'],
          },
        },
      },
    })
  })

  it('gives one variant what it needs, and what was declared by hand', async () => {
    const value = (leaf: string) => ({ path: [leaf, 'repository'], value: `<registry>/${leaf}` })
    const both = {
      input: '',
      images: [
        makeImage('quay.io/o/a:1', ['one'], {
          found: [makePlace({ leaves: ['a.repository'], variants: ['default', 'small'] })],
        }),
        makeImage('quay.io/o/b:1', ['one'], {
          found: [makePlace({ leaves: ['b.repository'] })],
        }),
      ],
      charts: [
        makeChart({
          name: 'one',
          variants: ['default', 'small'],
          relocation: {
            mirrored: {
              values: [value('a'), value('b'), value('runtime')],
              unreached: [],
              proofs: [],
            },
          },
        }),
      ],
      relocation: {},
    }
    const leaves = async (variant?: string) => {
      const text = await renderOverride(both, target, {
        layout: 'mirrored',
        ...(variant !== undefined && { variant }),
      })
      const values = parse(text) as { charts: { one: { values: object } } }
      return Object.keys(values.charts.one.values)
    }
    expect(await leaves()).toEqual(['a', 'b', 'runtime'])
    expect(await leaves('small')).toEqual(['a', 'runtime'])
  })
})

describe('values as YAML', () => {
  it.each([
    'x\u001b[2J',
    'x\u009b31m',
    'x\u202e\u2066',
    '\u2028\u0085\ufeff',
    '\u{e0041}\u{1f600}',
    '::set-output name=x::y',
    'a ##vso[task.x]',
    `one\n::error::two\n${'long '.repeat(30)}\n\u009b`,
    'plain',
  ])('say %j exactly, and nothing that steers a terminal', (text) => {
    const tree = { [text]: { image: text, list: ['y', text, 1, true, null] }, other: 'on' }
    const yaml = block(treeOf(tree))
    expect(parse(yaml, { version: '1.1' })).toEqual(tree)
    expect(load(yaml)).toEqual(tree)
    expect(yaml.split('\n').filter((line) => !isPrintable(line))).toEqual([])
  })
})
