import { describe, expect, it } from 'vitest'
import { repositoriesInUse } from '../../../../scripts/lib/addons/cleanup/in-use.ts'
import { placeNames } from '../../../../scripts/lib/charts/relocate/destinations.ts'
import { parseReference, type Reference } from '../../../../scripts/lib/model/image/reference.ts'
import type { Manifest } from '../../../../scripts/lib/model/manifest/manifest.ts'
import {
  directFolder,
  imagesOfOwner,
  ownersOf,
  repositoriesOfOwner,
} from '../../../../scripts/lib/model/manifest/places.ts'
import { unwrap } from '../../../../scripts/lib/model/problem.ts'
import { directImages } from '../../../../scripts/lib/verify/direct.ts'
import { valueRoutesOf } from '../../../../scripts/lib/verify/routes.ts'
import { makeChart, makeImage, makePlace } from '../../support/manifest.ts'

const read = (text: string): Reference => unwrap(parseReference(text))
const target = { registry: '123456789012.dkr.ecr.us-east-2.amazonaws.com', prefix: 'team' }

/** Two charts with equally named images, an umbrella with images of its own, and direct ones. */
const manifest: Manifest = {
  input: 'sha256:0',
  charts: [
    // An image that only its values name, with the name of a rendered one.
    makeChart({
      name: 'one',
      dormant: [{ reference: 'ghcr.io/old/app:1', leaves: ['old.image'] }],
    }),
    makeChart({ name: 'two' }),
  ],
  umbrella: {
    name: 'whole',
    version: '1.0.0',
    digest: 'sha256:0',
    relocation: {},
    undecided: [],
    questions: [],
    notices: [],
  },
  images: [
    makeImage('quay.io/a/app:1', ['one', 'two'], { found: [makePlace()] }),
    makeImage('quay.io/b/app:1', ['two']),
    makeImage('quay.io/a/web:1', [], { found: [makePlace({ chart: 'whole' })] }),
    makeImage('quay.io/b/web:1'),
    makeImage('quay.io/a/both:1', ['one'], { direct: true }),
  ],
  relocation: {},
}

const expected = {
  one: ['one/app', 'one/both'],
  two: ['two/a-app', 'two/b-app'],
  whole: ['whole/web'],
  direct: ['direct/a-web', 'direct/b-web', 'direct/both'],
}

describe("an owner's images in the by-chart layout", () => {
  it.each(Object.entries(expected))('are named together: %s', (owner, names) => {
    const repositoryOf = repositoriesOfOwner(manifest, 'by-chart', owner)
    const images = imagesOfOwner(manifest, owner)
    expect(images.map(({ reference }) => repositoryOf(read(reference)))).toEqual(names)
  })

  it('are named as the search for values names them, whatever else a chart names', () => {
    const further = manifest.charts.flatMap(({ dormant }) =>
      dormant.map(({ reference }) => read(reference)),
    )
    for (const owner of ownersOf(manifest)) {
      const references = imagesOfOwner(manifest, owner).map(({ reference }) => read(reference))
      const nameOf = placeNames('by-chart', owner, references, further)
      const repositoryOf = repositoriesOfOwner(manifest, 'by-chart', owner)
      for (const reference of references) {
        expect(nameOf(reference)).toBe(`<registry>/<prefix>${repositoryOf(reference)}`)
      }
    }
  })

  it('are in use, each of them', () => {
    const all = Object.values(expected).flat()
    expect(repositoriesInUse(manifest, 'team')).toEqual(
      expect.arrayContaining(all.map((name) => `team/${name}`)),
    )
  })

  it('are found again by the proof of values', () => {
    const { sourceOf } = valueRoutesOf(manifest, 'by-chart', target)
    for (const [owner, names] of Object.entries(expected)) {
      const sources = imagesOfOwner(manifest, owner).map(({ reference }) => reference)
      const found = names.map((name) => sourceOf(`${target.registry}/team/${name}:1`))
      expect(found).toEqual(sources)
    }
  })

  it('are where direct images are looked for', () => {
    expect(directImages(manifest, 'by-chart', target).map(({ reference }) => reference)).toEqual(
      expected[directFolder].map((name) => `${target.registry}/team/${name}:1`),
    )
  })
})
