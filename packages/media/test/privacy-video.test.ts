import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { metadataFile } from './chapters-bed.ts'
import { tempDir } from './pool.ts'
import { ffmpeg, type Look, verdict } from './privacy-bed.ts'

const VIDEO: Look = { contentType: 'video/mp4', type: 'rendition' }
const AUDIO_FILES: Record<string, Look> = {
  'a.m4a': { contentType: 'audio/mp4', type: 'sound' },
  'a.ogg': { contentType: 'audio/ogg', type: 'sound' },
  'a.mp3': { contentType: 'audio/mpeg', type: 'sound' },
}
const CODECS: Record<string, string> = { 'a.m4a': 'aac', 'a.ogg': 'libopus', 'a.mp3': 'libmp3lame' }
/** Any tag in the QuickTime way, not only those that the MP4 writer knows. */
const ANY_TAG = ['-movflags', 'use_metadata_tags']

let source: string

/** The same second of video and tone, copied into a file of this name with these options. */
async function copied(name: string, ...args: string[]): Promise<Buffer> {
  const file = path.join(await tempDir(), name)
  await ffmpeg('-i', source, '-c', 'copy', ...args, file)
  return readFile(file)
}
const audio = (name: string, ...args: string[]) => copied(name, '-vn', '-c:a', CODECS[name] ?? '', ...args)
const tags = (...tags: string[]) => tags.flatMap(tag => ['-metadata', tag])

beforeAll(async () => {
  source = path.join(await tempDir(), 'source.mp4')
  const inputs = ['testsrc2=s=160x120:d=1:r=10', 'sine=d=1'].flatMap(input => ['-f', 'lavfi', '-i', input])
  await ffmpeg(...inputs, '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'aac', source)
})

describe('a video', () => {
  it.each([
    ['with its index in front', ['-movflags', '+faststart']],
    ['with its index behind', []],
    ['in fragments', ['-movflags', '+frag_keyframe+empty_moov+default_base_moof']],
    ['without audio', ['-an']],
  ])('%s is announced', async (_, args) => {
    expect(await verdict(VIDEO, await copied('a.mp4', ...args))).toBe('announced')
  })

  it.each([
    ['a position', tags('location=+48.1370+011.5754/'), /tag location/],
    [
      'a position as phones write it',
      [...ANY_TAG, ...tags('com.apple.quicktime.location.ISO6709=+48.1+011.5/')],
      /tag com\.apple\.quicktime\.location/,
    ],
    ['a make', [...ANY_TAG, ...tags('com.apple.quicktime.make=Acme')], /tag com\.apple\.quicktime\.make/],
    ['a model', [...ANY_TAG, ...tags('model=One')], /tag model/],
    ['the time of its making', tags('creation_time=2026-11-21T10:00:00Z'), /tag creation_time/],
    ['a title', tags('title=IMG_0001'), /tag title/],
    ['a device as handler', ['-metadata:s:v', 'handler_name=Acme AVC'], /tag handler_name/],
    ['another program as encoder of its video', ['-metadata:s:v', 'encoder=Acme 1.0'], /tag encoder/],
    ['a track of time codes', ['-timecode', '10:00:00:00'], /a data stream/],
  ])('with %s is refused', async (_, args, reason) => {
    expect(await verdict(VIDEO, await copied('a.mp4', ...args))).toMatch(reason)
  })

  it.each([
    ['a box that tools do not show', 'uuid'],
    ['a gap that is not empty', 'free'],
  ])('with %s is refused', async (_, type) => {
    const xmp = Buffer.from('<exif:GPSLatitude>48,8N</exif:GPSLatitude>')
    const header = Buffer.alloc(8)
    header.writeUInt32BE(8 + xmp.length)
    header.write(type, 4, 'latin1')
    const video = Buffer.concat([await copied('a.mp4'), header, xmp])
    expect(await verdict(VIDEO, video)).toMatch(new RegExp(`contains box ${type}`))
  })

  it('with a box deep in its index that ours never have is refused', async () => {
    const video = await copied('a.mp4')
    video.write('loci', video.indexOf('edts'), 'latin1')
    expect(await verdict(VIDEO, video)).toMatch(/contains box loci/)
  })

  it('with bytes behind its end is refused', async () => {
    const video = Buffer.concat([await copied('a.mp4'), Buffer.from('PK\x03\x04 and the rest of a ZIP')])
    expect(await verdict(VIDEO, video)).toMatch(/^PRIVATE_METADATA/)
  })

  it('whose last box reaches past its end is refused', async () => {
    const video = await copied('a.mp4', '-movflags', '+faststart')
    // ffprobe does not mind; nobody can say what stands where the rest is to be.
    video.writeUInt32BE(video.readUInt32BE(video.indexOf('mdat') - 4) + 1, video.indexOf('mdat') - 4)
    expect(await verdict(VIDEO, video)).toMatch(/a box that does not fit/)
  })

  it('that is none is not announced', async () => {
    expect(await verdict(VIDEO, readFileSync(import.meta.filename))).toMatch(/^(CORRUPT_FILE|TRUNCATED_FILE)/)
  })
})

describe.each(Object.entries(AUDIO_FILES))('an audio file as %s', (name, look) => {
  it('is announced, also with title, artist and album', async () => {
    const made = await audio(name, '-map_metadata', '-1', ...tags('title=One', 'artist=Änne', 'album=Two'))
    expect(await verdict(look, made)).toBe('announced')
  })

  it.each(['location=+48.1+011.5/', 'comment=recorded at home'])('with %s is refused', async tag => {
    const made = await audio(name, ...(name === 'a.m4a' ? ANY_TAG : []), ...tags(tag))
    expect(await verdict(look, made)).toMatch(/tag (location|comment)/i)
  })

  it('with chapters is refused, because they are published as a track of their own', async () => {
    const chapters = await metadataFile([{ at: 0, title: 'Ann' }])
    const file = path.join(await tempDir(), name)
    await ffmpeg('-i', source, '-i', chapters, '-vn', '-map_chapters', '1', '-c:a', CODECS[name] ?? '', file)
    expect(await verdict(look, await readFile(file))).toMatch(/contains chapters/)
  })
})

it('an audio file with an image is refused, because an image may carry anything', async () => {
  const cover = path.join(await tempDir(), 'cover.jpg')
  await sharp({ create: { width: 16, height: 16, channels: 3, background: 'red' } }).toFile(cover)
  const file = path.join(await tempDir(), 'a.mp3')
  const maps = ['-map', '0:a', '-map', '1', '-c:a', 'libmp3lame', '-c:v', 'copy', '-disposition:v', 'attached_pic']
  await ffmpeg('-i', source, '-i', cover, ...maps, file)
  expect(await verdict(AUDIO_FILES['a.mp3'] ?? VIDEO, await readFile(file))).toMatch(/an attached picture/)
})
