import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Asset } from './harness/contract.ts'
import { type CorpusEntry, corpusEntries, corpusUpload } from './harness/corpus.ts'
import { hasDecoders, type ImageDecoder, probe, startImageDecoder } from './harness/decoders.ts'
import { type Installation, install, isRunFile, uninstall } from './harness/installation.ts'
import { eachOf, type Outcome, outcomeOf } from './harness/outcome.ts'
import { samplesOf } from './harness/samples.ts'
import { expectServed } from './harness/served.ts'
import { hasTool } from './harness/tools.ts'

const AT_ONCE = 4
const ALL_WITHIN_MS = 600_000

/** The manifest's words for what is wrong, as our codes. */
const CODES: Record<string, RegExp> = {
  processed: /^ready$/,
  'rejected:truncated': /^TRUNCATED_FILE$/,
  'rejected:corrupt': /^CORRUPT_FILE$/,
  'rejected:too-many-pixels': /^TOO_MANY_PIXELS$/,
  'rejected:encrypted': /^ENCRYPTED_DOCUMENT$/,
  'rejected:no-dimensions': /^NO_DIMENSIONS$/,
  'rejected:type-mismatch': /^(TYPE_MISMATCH|UNRECOGNIZED_TYPE)$/,
  'policy:processed-or-rejected:unsupported-type': /^(ready|UNSUPPORTED_TYPE)$/,
  'policy:processed-or-rejected:timeout': /^(ready|TIMEOUT)$/,
  'policy:rasterise-or-rejected:svg': /^(ready|UNSUPPORTED_TYPE|CORRUPT_FILE)$/,
}

/** What each of the presets that come along is for. */
const PRESETS: Record<string, string[]> = {
  avatar: ['jpeg-12mp-phone.jpg'],
  gallery: ['heic-iphone-p3.heic', 'gif-animated-30f.gif'],
  article: ['jpeg-cmyk-swop-icc.jpg', 'pdf-3-pages.pdf'],
  podcast: ['flac.flac'],
  'video-on-demand': ['mp4-h264-rotated-90.mp4'],
  'document-library': ['pdf-page-rotate.pdf'],
}

const needsFfmpeg = ({ contentType }: CorpusEntry) => /^(video|audio)\//.test(contentType)
const hasFfmpeg = hasTool('ffmpeg', 'ffmpeg')
const corpus = corpusEntries().filter(entry => hasFfmpeg || !needsFfmpeg(entry))
/** Most work is in videos, whose containers the tests of packages/media take one by one, and the same photo is there in eight orientations. */
const entries = samplesOf(corpus, ({ file, contentType, expected }) =>
  contentType.startsWith('video/') ? `video ${expected}` : file.replace(/orientation-\d/, 'orientation'),
)
const processed = entries.filter(({ expected }) => expected === 'processed')

describe.skipIf(entries.length === 0 || !hasDecoders())('the corpus over HTTP', () => {
  let installation: Installation
  let decoder: ImageDecoder
  const outcomes = new Map<string, Outcome>()

  beforeAll(async () => {
    decoder = await startImageDecoder()
    installation = await install({ ACCEPT_SVG: 'true' })
    await eachOf(entries, AT_ONCE, async entry => {
      outcomes.set(entry.file, await outcomeOf(installation.client, await corpusUpload(entry)))
    })
  }, ALL_WITHIN_MS)
  afterAll(async () => {
    await decoder?.close()
    if (installation) await uninstall(installation)
  })

  const assetOf = ({ file }: Pick<CorpusEntry, 'file'>): Asset => {
    const asset = outcomes.get(file)?.asset
    if (!asset) throw new Error(`${file} ended as ${outcomes.get(file)?.code}`)
    return asset
  }

  it.each(entries)('$file ends as $expected', ({ file, expected }) => {
    const { code, asset } = outcomes.get(file) ?? {}
    expect(code).toMatch(CODES[expected] ?? /^unknown word of the manifest$/)
    // A policy may refuse, a `ready` may not lack anything.
    const failed = asset?.variants.filter(({ status }) => status === 'failed' || status === 'pending') ?? []
    if (code === 'ready') expect(failed).toEqual([])
    else expect(asset?.error?.message ?? 'refused before a byte was sent').toMatch(/\w+ \w+/)
  })

  it.each(processed)('$file is described as independent tools describe it', entry => {
    const asset = assetOf(entry)
    const isDocument = asset.kind === 'document'
    // Points of a page are not whole numbers.
    if (entry.width !== null) expect(Math.abs((asset.width ?? 0) - entry.width)).toBeLessThan(isDocument ? 1 : 0.5)
    if (entry.height !== null) expect(Math.abs((asset.height ?? 0) - entry.height)).toBeLessThan(isDocument ? 1 : 0.5)
    if (entry.durationSec !== null)
      expect(Math.abs((asset.durationMs ?? 0) / 1000 - entry.durationSec)).toBeLessThan(0.1)
    if (asset.animated && asset.kind === 'image') expect(entry.framesOrPages).toBeGreaterThan(1)
    else if (entry.framesOrPages !== null) expect(asset.pageCount ?? 1).toBe(entry.framesOrPages)
  })

  it.each(processed)('$file has variants that are served as described and open elsewhere', async entry => {
    await expectServed(installation.client, decoder, assetOf(entry))
  })

  it('tells no position, serial number or file name of ours in any fact', () => {
    const assets = [...outcomes.values()].flatMap(({ asset }) => asset ?? [])
    for (const { facts } of assets) expect(JSON.stringify(facts)).not.toMatch(/gps|latitude|longitude|serial|\/tmp\//i)
  })

  const uses = Object.entries(PRESETS).flatMap(([preset, files]) =>
    corpus.filter(({ file }) => files.includes(file)).map(entry => ({ preset, ...entry })),
  )
  it.each(uses)('the preset $preset makes all it names of $file', async ({ preset, ...entry }) => {
    const { code, asset } = await outcomeOf(installation.client, await corpusUpload(entry), { preset })
    expect(code).toBe('ready')
    if (asset) await expectServed(installation.client, decoder, asset)
  })

  it.skipIf(!hasFfmpeg)('the ladder plays from its public URL', async () => {
    const { items } = await installation.client.list('?kind=video&limit=1&view=full')
    const [video] = items
    const master = video?.variants.find(({ name }) => name === 'hls')
    const { format, streams } = await probe(master?.url ?? '')
    expect(Math.abs(Number(format.duration) - Number(video?.durationMs) / 1000)).toBeLessThan(0.3)
    const widths = streams.filter(({ codec_type }) => codec_type === 'video').map(({ width }) => width)
    expect(widths.toSorted((a, b) => (a ?? 0) - (b ?? 0))).toEqual([360, 720, 1080])
    for (const { nb_read_packets } of streams) expect(Number(nb_read_packets)).toBeGreaterThan(10)
  })

  it('leaves no temporary file', () => {
    expect(installation.home.temporaryFiles().filter(isRunFile)).toEqual([])
  })
})
