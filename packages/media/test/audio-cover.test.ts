import { readFile, writeFile } from 'node:fs/promises'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { factsOf, inspect, make, renderFile } from './audio-bed.ts'
import { tempDir } from './pool.ts'

const TONE = 'sine=d=1:r=44100'
const AS_COVER = ['-map', '0:a', '-map', '1:v', '-c:v', 'copy', '-disposition:v', 'attached_pic']
const cover = (more: object = {}) => ({ name: 'cover', type: 'cover', width: 40, format: 'webp', ...more })

/** Left red, right blue. */
async function coverImage(extension: 'jpg' | 'png', orientation = 1): Promise<string> {
  const file = `${await tempDir()}/picture.${extension}`
  const blue = await sharp({ create: { width: 100, height: 100, channels: 3, background: '#0000ff' } })
    .png()
    .toBuffer()
  await sharp({ create: { width: 200, height: 100, channels: 3, background: '#ff0000' } })
    .composite([{ input: blue, left: 100, top: 0 }])
    .withMetadata({ orientation })
    .toFile(file)
  return file
}

const TAGS = {
  title: ' Höhe\u0007\nund  Tiefe ',
  artist: 'A'.repeat(300),
  album: 'B',
  genre: 'Pop',
  date: '2024-05-06T11:22:33Z',
  track: '3/12',
}
const PRIVATE = {
  comment: '/home/joe/secret',
  location: '+51.5074-000.1278/',
  'location-eng': '+51.5074-000.1278/',
  encoder: 'Recorder serial 4711',
  'com.apple.quicktime.location.ISO6709': '+51.5074-000.1278/',
  composer: 'secret',
}
const asArgs = (tags: Record<string, string>) =>
  Object.entries(tags).flatMap(([name, text]) => ['-metadata', `${name}=${text}`])

describe('the cover', () => {
  it.each([
    ['MP3', 'mp3', 'jpg'],
    ['M4A', 'm4a', 'png'],
    ['FLAC', 'flac', 'jpg'],
  ] as const)('inside %s is found, made, and gives the placeholder', async (_title, extension, format) => {
    const file = await make(`in.${extension}`, [TONE, await coverImage(format)], ...AS_COVER)
    const { facts, files, placeholder, reports } = await renderFile(file, [cover()])
    expect(facts.cover).toMatchObject({ width: 200, height: 100 })
    expect(reports).toMatchObject([{ name: 'cover', width: 40, height: 20 }])
    const { data, info } = await sharp(files.cover).removeAlpha().raw().toBuffer({ resolveWithObject: true })
    const pixel = (x: number, y: number) => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)]
    expect(pixel(5, 10)[0]).toBeGreaterThan(200)
    expect(pixel(35, 10)[2]).toBeGreaterThan(200)
    expect(placeholder?.dominantColor).toMatch(/^#(f.0.0.|0.0.f.)$/)
  })

  it('is turned upright', async () => {
    const file = await make('in.mp3', [TONE, await coverImage('jpg', 6)], ...AS_COVER)
    const { facts, files, reports } = await renderFile(file, [cover()])
    expect(facts.cover).toMatchObject({ width: 100, height: 200 })
    expect(reports).toMatchObject([{ name: 'cover', width: 40, height: 80 }])
    const { data } = await sharp(files.cover).removeAlpha().raw().toBuffer({ resolveWithObject: true })
    expect([data[0], data[(79 * 40 + 20) * 3 + 2]].every(value => (value ?? 0) > 200)).toBe(true)
  })

  it('gives the placeholder also when no variant shows it, and without one there is none', async () => {
    const peaks = [{ name: 'peaks', type: 'peaks' }, cover()]
    const bare = await renderFile(await make('in.mp3', [TONE]), peaks)
    expect([bare.facts.cover, bare.placeholder]).toEqual([null, null])
    expect(bare.planned.map(({ type }) => type)).not.toContain('cover')
    const file = await make('in.mp3', [TONE, await coverImage('jpg')], ...AS_COVER)
    expect((await renderFile(file, peaks.slice(0, 1))).placeholder?.thumbhash).toMatch(/^[\w+/]+=*$/)
  })

  it('that lies about its size, is no image, or is too large counts as none', async () => {
    const file = await make('in.mp3', [TONE, await coverImage('jpg')], ...AS_COVER)
    expect((await factsOf(file, { maxPixels: 10_000 })).cover).toBeNull()
    expect((await factsOf(file, { maxDimension: 150 })).cover).toBeNull()
    const bytes = await readFile(file)
    bytes.fill(0x20, bytes.indexOf(Buffer.from([0xff, 0xd8])), bytes.indexOf(Buffer.from([0xff, 0xd9])))
    await writeFile(file, bytes)
    expect((await factsOf(file)).cover).toBeNull()
  })
})

it('an image in an audio file of which nothing is made is still what is shown meanwhile', async () => {
  const file = await make('in.mp3', [TONE, await coverImage('png')], ...AS_COVER)
  const { progress, placeholder } = await renderFile(file, [{ name: 'icon', type: 'icon' }])
  expect(placeholder).not.toBeNull()
  expect(progress.every(value => value >= 0 && value <= 1)).toBe(true)
})

describe('tags', () => {
  it.each(['mp3', 'm4a', 'flac', 'ogg'])(
    'of %s are cleaned, and those that are not named stay inside',
    async extension => {
      const keep = extension === 'm4a' ? ['-movflags', 'use_metadata_tags'] : []
      const file = await make(`in.${extension}`, [TONE], ...asArgs({ ...TAGS, ...PRIVATE }), ...keep)
      const { facts, files, reports } = await renderFile(file, [
        ...['aac', 'mp3', 'opus'].map(codec => ({ name: codec, type: 'sound', codec, loudness: null })),
      ])
      expect(facts.details).toMatchObject({ title: 'Höhe und Tiefe', artist: 'A'.repeat(200), album: 'B' })
      expect(JSON.stringify(facts)).not.toMatch(/secret|51\.5|4711|joe|11:22/)
      expect(reports.filter(report => 'fault' in report)).toEqual([])
      for (const made of [files.aac, files.mp3, files.opus]) {
        const { tags } = await inspect(made)
        expect(tags).toMatchObject({ title: 'Höhe und Tiefe', album: 'B' })
        expect(Object.keys(tags)).not.toContain('genre')
        expect((await readFile(made ?? '')).toString('latin1')).not.toMatch(/secret|51\.5|4711|joe|Recorder/)
      }
    },
  )

  it('have a date without a time, and a place in the album', async () => {
    const file = await make('in.flac', [TONE], ...asArgs(TAGS))
    expect((await factsOf(file)).details).toMatchObject({ date: '2024-05-06', track: '3/12', genre: 'Pop' })
    const odd = await make('in.flac', [TONE], ...asArgs({ date: 'secret', track: '51.5,-0.1' }))
    expect(Object.keys((await factsOf(odd)).details)).toEqual(['codec', 'channelLayout', 'bitRateKbps'])
  })

  it('that are cut off end with a whole character, because no database takes half of one', async () => {
    const file = await make('in.flac', [TONE], ...asArgs({ title: `${'a'.repeat(199)}😀` }))
    expect(String((await factsOf(file)).details.title).isWellFormed()).toBe(true)
  })
})
