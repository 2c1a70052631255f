import { describe, expect, it } from 'vitest'
import { openLedger, recordLines } from '../../../scripts/lib/mirror/traffic/ledger.ts'
import {
  lookForArchive,
  weighCopied,
  weighFailed,
} from '../../../scripts/lib/mirror/traffic/settle-traffic.ts'
import { describeTraffic, sumTraffic } from '../../../scripts/lib/mirror/traffic/traffic-sums.ts'
import { partsOf, weighCopy, weighSent } from '../../../scripts/lib/mirror/traffic/weigh.ts'
import type { CopyLine } from '../../../scripts/lib/tools/process/crane.ts'
import { outcomeOf } from '../support/report.ts'

// An image of two platforms: a layer that both share, one each, and 10 bytes of manifest for every manifest.
const child = (digest: string, blobs: Record<string, number>) => ({
  digest,
  mediaType: 'm',
  size: 10,
  blobs,
})
const content = {
  mediaType: 'i',
  children: [child('m1', { base: 1000, one: 100 }), child('m2', { base: 1000, two: 200 })],
}
const root = { digest: 'root', manifest: '0123456789' }
const parts = partsOf(content, root)
const line = (kind: 'pushed' | 'existing' | 'mounted' | 'existing-manifest', digest: string) =>
  ({ kind, digest }) as const
const refused = (digest: string, isLast = false) => ({ kind: 'refused', digest, isLast }) as const

/** A ledger after tries, each with the lines of its process. */
function ledgerAfter(...tries: readonly (readonly CopyLine[])[]) {
  const ledger = openLedger()
  for (const [index, lines] of tries.entries()) {
    const record = recordLines(ledger, index === 0)
    lines.forEach(record)
  }
  return ledger
}

const pushedAll = ['base', 'one', 'two'].map((blob) => line('pushed', blob))

describe('bytes of a copy', () => {
  it.each<[string, readonly (readonly CopyLine[])[], number, number, number]>([
    ['of nothing that was there', [pushedAll], 1330, 0, 0],
    [
      'with a base that was there',
      [[line('existing', 'base'), line('pushed', 'one'), line('pushed', 'two')]],
      330,
      0,
      1000,
    ],
    [
      'with a base that crane mounted',
      [[line('mounted', 'base'), line('pushed', 'one'), line('pushed', 'two')]],
      330,
      1000,
      0,
    ],
    [
      'with a platform that was there',
      [[line('existing-manifest', 'm1'), line('pushed', 'two')]],
      220,
      0,
      1100,
    ],
    ['that found everything there', [[line('existing-manifest', 'root')]], 0, 0, 1300],
    [
      'that was repeated, with what the first try has sent counted once',
      [[line('pushed', 'base')], [line('existing', 'base'), ...pushedAll.slice(1)]],
      1330,
      0,
      0,
    ],
    [
      'that was repeated, with a manifest of the first try counted as sent',
      [pushedAll, [line('existing-manifest', 'm1'), line('existing', 'two')]],
      1330,
      0,
      0,
    ],
    [
      'with a blob that was sent again after a refusal',
      [[refused('base'), ...pushedAll]],
      2330,
      0,
      0,
    ],
    [
      'with a refusal that is told twice, as the last word of the try',
      [[refused('base'), refused('base', true)], pushedAll],
      2330,
      0,
      0,
    ],
  ])('%s', (_, tries, bytes, mountedBytes, presentBytes) => {
    if (parts === undefined) throw new Error('the parts are known')
    expect(weighCopy(ledgerAfter(...tries), parts)).toMatchObject({
      bytes,
      mountedBytes,
      presentBytes,
    })
  })

  it('include what the kit has mounted before', () => {
    const ledger = ledgerAfter([line('existing', 'base'), ...pushedAll.slice(1)])
    ledger.mounted.add('base')
    expect(parts && weighCopy(ledger, parts)).toMatchObject({ bytes: 330, mountedBytes: 1000 })
  })

  it('are unknown rather than none while a part is unknown', () => {
    const { blobs: _, ...bare } = child('m1', {})
    expect(partsOf({ ...content, children: [bare] }, root)).toBeUndefined()
    const traffic = weighSent(ledgerAfter([line('pushed', 'base')]), new Map())
    expect(traffic).toEqual({ blobs: 1, mounted: 0, mountedBytes: 0 })
  })

  it('of a failed upload are not counted, but the attempt is', () => {
    const traffic = weighSent(ledgerAfter([{ kind: 'broken-off' }]), new Map())
    expect(traffic).toMatchObject({ blobs: 0, bytes: 0, brokenOff: 1 })
  })
})

const refuse = (): never => {
  throw new Error('unexpected call')
}
const step = { repository: 'r' } as Parameters<typeof weighFailed>[0]['step']

describe('an item that failed', () => {
  it('asks the target only for the sizes that are unknown', async () => {
    const asked: (readonly string[])[] = []
    const ecr = {
      readManifests: refuse,
      sizesOfBlobs: async (_: string, digests: readonly string[]) => {
        asked.push(digests)
        return new Map([['other', 7]])
      },
    }
    const ledger = ledgerAfter([line('pushed', 'base'), line('pushed', 'other')])
    const traffic = await weighFailed({ step, ledger, content, attempts: 1 }, ecr)
    expect(traffic).toMatchObject({ blobs: 2, bytes: 1007 })
    expect(asked).toEqual([['other']])
  })

  it('asks nothing when it was never tried, or has sent nothing', async () => {
    const ecr = { readManifests: refuse, sizesOfBlobs: refuse }
    const ledger = openLedger()
    expect(await weighFailed({ step, ledger, attempts: 0 }, ecr)).toEqual({})
    expect(await weighFailed({ step, ledger, attempts: 1 }, ecr)).toMatchObject({ bytes: 0 })
  })
})

describe('the archive of a chart', () => {
  const manifest = '0123456789'
  const chart = { mediaType: 'm', blobs: { config: 5, archive: 50 } }
  const there = (...isThere: readonly boolean[]) => {
    const answers = [...isThere]
    const sizesOfBlobs = async () => new Map(answers.shift() ? [['archive', 50]] : [])
    return { readManifests: refuse, sizesOfBlobs }
  }
  // helm puts the manifest twice: by digest and by tag.
  it.each([
    ['is sent when it is not there', [false], 75, 0],
    ['is not sent when it is there before', [true], 25, 50],
    ['is sent once when the first try has left it there', [false, true], 75, 0],
    ['is sent by the last try when the first has not come so far', [false, false], 75, 0],
  ])('%s', async (_what, answers, bytes, presentBytes) => {
    const ledger = openLedger()
    const ecr = there(...answers)
    for (const _ of answers) await lookForArchive(ecr, 'r', 'archive', ledger)
    const traffic = weighCopied({ lane: 'chart', ledger }, { digest: 'd', manifest }, chart)
    expect(traffic).toMatchObject({ bytes, presentBytes })
  })

  it('counts when its push has failed and it is there all the same', async () => {
    const ledger = openLedger()
    const ecr = there(false, true, true)
    await lookForArchive(ecr, 'r', 'archive', ledger)
    expect(await weighFailed({ step, ledger, attempts: 1 }, ecr)).toMatchObject({ bytes: 50 })
  })
})

describe('the bytes of a run', () => {
  const copied = outcomeOf('copied', { bytes: 2048, blobs: 1 })
  it.each([
    ['are sent', [copied], ['Sent 2.0 KiB.']],
    [
      'are sent and mounted',
      [{ ...copied, mountedBytes: 1024 }],
      ['Sent 2.0 KiB; mounted 1.0 KiB from other repositories.'],
    ],
    [
      'were already present',
      [{ ...copied, presentBytes: 1024 }],
      ['Sent 2.0 KiB.', 'Found 1.0 KiB already present in their own repositories.'],
    ],
    [
      'are counted for what failed, too',
      [copied, outcomeOf('failed', { bytes: 2048, blobs: 1, brokenOff: 2 })],
      ['Sent 4.0 KiB.', '2 attempts failed; bytes of unfinished blobs are not counted.'],
    ],
    [
      'are unknown for some',
      [copied, outcomeOf('failed', { blobs: 1 }), outcomeOf('failed')],
      ['Sent 2.0 KiB.', 'The sizes of 1 item are unknown and not counted.'],
    ],
    ['are not spoken of when nothing was sent', [outcomeOf('skipped')], []],
  ] as const)('%s', (_, outcomes, text) => {
    expect(describeTraffic(sumTraffic(outcomes))).toEqual(text)
  })
})
