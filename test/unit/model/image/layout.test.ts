import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  byChartRepositories,
  fillPattern,
  formatDestination,
  mirroredRepository,
  placeChart,
  placeImages,
} from '../../../../scripts/lib/model/image/layout.ts'
import { unwrap } from '../../../../scripts/lib/model/problem.ts'
import {
  formatReference,
  parseReference,
  type Reference,
  repositoryOf,
} from '../../../../scripts/lib/model/image/reference.ts'
import {
  isEcrRepositoryName,
  maximumPrefixLength,
  maximumRepositoryLength,
} from '../../../../scripts/lib/model/image/registry.ts'

const read = (text: string) => unwrap(parseReference(text))
const digestOf = (letter: string) => `sha256:${letter.repeat(64)}`

/** References that upstream registries accept, awkward ones on purpose. */
const word = fc.stringMatching(/^[a-z0-9]{1,4}$/)
const component = fc
  .array(fc.tuple(word, fc.constantFrom('.', '_', '__', '-', '--', '---')), {
    minLength: 1,
    maxLength: 3,
  })
  .map((parts) =>
    parts.map(([text, separator], i) => (i < parts.length - 1 ? text + separator : text)).join(''),
  )
const hashLike = fc.stringMatching(/^[a-z]{1,3}-x[0-9a-f]{12}$/)
const host = fc.constantFrom(
  'quay.io',
  'docker.io',
  'localhost:5000',
  'my-host:443',
  'my-host.io',
  'a.b.c',
)
const reference = fc
  .tuple(
    host,
    fc.array(fc.oneof(component, hashLike), { minLength: 1, maxLength: 4 }),
    fc.constantFrom('v1', 'v2', '1.0'),
  )
  .map(([registry, path, tag]) => read(`${registry}/${path.join('/')}:${tag}`))

describe('mirrored layout', () => {
  it.each([
    [
      'quay.io/jetstack/cert-manager-controller:v1.17.2',
      'mirrored/quay.io/jetstack/cert-manager-controller',
    ],
    ['busybox:1.35', 'mirrored/docker.io/library/busybox'],
    ['registry.k8s.io/kubectl:v1', 'mirrored/registry.k8s.io/kubectl'],
  ])('puts %s at %s', (text, repository) => {
    expect(mirroredRepository(read(text))).toBe(repository)
  })

  it.each([
    ['localhost:5000/a/b:1', /^mirrored\/localhost-5000-x[0-9a-f]{12}\/a\/b$/],
    ['quay.io/a__b/c:1', /^mirrored\/quay\.io\/a-b-x[0-9a-f]{12}\/c$/],
    ['quay.io/a--b:1', /^mirrored\/quay\.io\/a-b-x[0-9a-f]{12}$/],
  ])('escapes %s readably', (text, pattern) => {
    expect(mirroredRepository(read(text))).toMatch(pattern)
  })

  it('is legal in ECR and leaves room for the longest prefix, whatever the reference', () => {
    fc.assert(
      fc.property(reference, (image) => {
        const repository = mirroredRepository(image)
        expect(isEcrRepositoryName(repository)).toBe(true)
        expect(repository.length).toBeLessThanOrEqual(
          maximumRepositoryLength - maximumPrefixLength - 1,
        )
      }),
      { numRuns: 2000 },
    )
  })

  it('shortens a path that is too long, and differently for different paths', () => {
    const long = (end: string) => read(`quay.io/${'a/'.repeat(110)}${end}:1`)
    const [one, two] = [mirroredRepository(long('x')), mirroredRepository(long('y'))]
    expect(one).not.toBe(two)
    expect(isEcrRepositoryName(`${'p'.repeat(maximumPrefixLength)}/${one}`)).toBe(true)
  })

  it('never gives two source repositories one destination', () => {
    fc.assert(
      fc.property(fc.array(reference, { minLength: 2, maxLength: 30 }), (images) => {
        const sources = new Set(images.map(repositoryOf))
        const destinations = new Set(images.map(mirroredRepository))
        expect(destinations.size).toBe(sources.size)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('by-chart layout', () => {
  it.each([
    [
      ['quay.io/a/app:1', 'quay.io/a/web:1'],
      ['c/app', 'c/web'],
    ],
    [
      ['quay.io/a/app:1', 'quay.io/b/app:1'],
      ['c/a-app', 'c/b-app'],
    ],
    [
      ['quay.io/a/app:1', 'ghcr.io/a/app:1'],
      ['c/quay.io-a-app', 'c/ghcr.io-a-app'],
    ],
    [
      ['quay.io/a/app:1', 'quay.io/a/app:2'],
      ['c/app', 'c/app'],
    ],
  ])('names %j as %j', (texts, names) => {
    const references = texts.map(read)
    const places = byChartRepositories('c', references)
    expect(references.map((image) => places.get(repositoryOf(image)))).toEqual(names)
  })

  it.each([
    ['a free name', ['quay.io/a/app:1'], ['quay.io/a/web:1'], ['c/app', 'c/web']],
    [
      'no name that another image has',
      ['quay.io/a/app:1'],
      ['quay.io/b/app:1'],
      ['c/app', 'c/b-app'],
    ],
    [
      'none that a further one has',
      ['quay.io/a/web:1'],
      ['quay.io/b/app:1', 'ghcr.io/b/app:1'],
      ['c/web', 'c/app', 'c/b-app'],
    ],
    ['its own name when it is used', ['quay.io/a/app:1'], ['quay.io/a/app:2'], ['c/app', 'c/app']],
  ])('gives an image that nothing uses yet %s', (_, used, unused, names) => {
    const references = [...used, ...unused].map(read)
    const places = byChartRepositories('c', used.map(read), unused.map(read))
    expect(references.map((image) => places.get(repositoryOf(image)))).toEqual(names)
  })

  it('gives the images that are used the same names, whatever else is named', () => {
    const images = fc.array(reference, { maxLength: 8 })
    fc.assert(
      fc.property(images, images, (used, unused) => {
        const places = byChartRepositories('chart', used, unused)
        const alone = byChartRepositories('chart', used)
        for (const [key, place] of alone) expect(places.get(key)).toBe(place)
        expect(new Set(places.values()).size).toBe(places.size)
      }),
    )
  })

  it('never gives two source repositories of a chart one destination', () => {
    fc.assert(
      fc.property(fc.array(reference, { minLength: 2, maxLength: 12 }), (images) => {
        const places = byChartRepositories('chart', images)
        expect(new Set(places.values()).size).toBe(new Set(images.map(repositoryOf)).size)
        for (const place of places.values()) expect(isEcrRepositoryName(place)).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('placeImages', () => {
  const tagsOf = (texts: readonly string[]) => {
    const references = texts.map(read)
    const places = placeImages(references, mirroredRepository)
    return references.map((image: Reference) => places.get(formatReference(image))?.tag)
  }
  const [a, b] = [digestOf('a'), digestOf('b')]
  it.each([
    ['a tag stays', ['quay.io/x/y:v1'], ['v1']],
    ['a digest alone gets a digest tag', [`quay.io/x/y@${a}`], ['digest-aaaaaaaaaaaa']],
    ['a pinned tag stays when nobody else wants it', [`quay.io/x/y:v1@${a}`], ['v1']],
    [
      'the unpinned reference owns the tag',
      [`quay.io/x/y:v1@${a}`, 'quay.io/x/y:v1'],
      ['digest-aaaaaaaaaaaa', 'v1'],
    ],
    [
      'else the first in order does',
      [`quay.io/x/y:v1@${a}`, `quay.io/x/y:v1@${b}`],
      ['v1', 'digest-bbbbbbbbbbbb'],
    ],
  ])('%s', (_, texts, tags) => {
    expect(tagsOf(texts)).toEqual(tags)
  })
})

describe('charts and targets', () => {
  it.each([
    ['mirrored', 'cert-manager', 'v1.17.2', 'p/charts/cert-manager:v1.17.2'],
    ['mirrored', 'x', '1.0.0+build.1', 'p/charts/x:1.0.0_build.1'],
    // Helm installs it by its own name, whatever prefix images have.
    ['by-chart', 'karpenter', '1.2.3', 'karpenter:1.2.3'],
  ] as const)('puts a chart in %s: %s %s', (layout, name, version, place) => {
    const placed = unwrap(placeChart(layout, { name, repository: 'https://x.io' }, version))
    expect(formatDestination({ registry: 'r', prefix: 'p' }, placed)).toBe(`r/${place}`)
  })

  it('refuses a chart whose name ECR does not take', () => {
    const place = placeChart('mirrored', { name: 'My-Chart', repository: 'https://x.io' }, '1.0.0')
    expect(place).toMatchObject({ ok: false, problem: { kind: 'invalid-input' } })
  })

  it.each([
    ['', 'r.io/a/b:1', 'r.io/mirrored/x'],
    ['team', 'r.io/team/a/b:1', 'r.io/team/mirrored/x'],
  ])('puts the prefix %j before everything', (prefix, destination, filled) => {
    const target = { registry: 'r.io', prefix }
    expect(formatDestination(target, { repository: 'a/b', tag: '1' })).toBe(destination)
    expect(fillPattern('<registry>/<prefix>mirrored/x', target)).toBe(filled)
  })
})
