import { readFile, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { probeAudio } from '../src/audio/probe.ts'
import { deps, factsOf, make, warnedOf } from './audio-bed.ts'
import { tempDir } from './pool.ts'

const TONE = 'sine=d=4:r=44100'
const TONE_MS = 4000

async function write(name: string, bytes: string | Uint8Array): Promise<string> {
  const file = path.join(await tempDir(), name)
  await writeFile(file, bytes)
  return file
}

/** Overwrites the bytes at `offset` behind each place where `mark` stands. */
async function patch(file: string, mark: string, offset: number, bytes: readonly number[]): Promise<string> {
  const data = await readFile(file)
  let at = data.indexOf(mark)
  expect(at).toBeGreaterThan(-1)
  for (; at !== -1; at = data.indexOf(mark, at + 1)) data.set(bytes, at + offset)
  await writeFile(file, data)
  return file
}

/** ID3v2.3: a tag that is one attached picture of so many bytes. */
function withCover(audio: Buffer, image: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from('\0image/jpeg\0\x03\0', 'latin1'), image])
  const frame = Buffer.alloc(10)
  frame.write('APIC', 'latin1')
  frame.writeUInt32BE(body.length, 4)
  const head = Buffer.from('ID3\x03\0\0\0\0\0\0', 'latin1')
  const size = body.length + frame.length
  head.set(
    [21, 14, 7, 0].map(shift => (size >> shift) & 0x7f),
    6,
  )
  return Buffer.concat([head, frame, body, audio])
}

const HUGE = [0xff, 0xff, 0xff, 0xff]

describe('a header that lies', () => {
  it('about the size, as programs write it to a pipe, does no harm', async () => {
    const file = await patch(await make('in.wav', [TONE]), 'RIFF', 4, HUGE)
    expect((await factsOf(await patch(file, 'data', 4, HUGE))).durationMs).toBe(TONE_MS)
  })

  it('about a thousand hours of video time is not believed', async () => {
    const file = await make('in.m4a', [TONE])
    await patch(file, 'mvhd', 20, [0xd6, 0x93, 0xa4, 0])
    await patch(file, 'mdhd', 20, HUGE)
    expect(Math.abs((await factsOf(file)).durationMs - TONE_MS)).toBeLessThan(60)
  })

  it('about a thousand hours of samples that are not there is told of', async () => {
    // STREAMINFO: the lower 32 of 36 bits that count the samples.
    const file = await patch(await make('in.flac', [TONE]), 'fLaC', 4 + 4 + 14, HUGE)
    const { facts, warnings } = await warnedOf(file)
    expect([facts.durationMs, warnings]).toEqual([
      TONE_MS,
      [{ code: 'SOURCE_TRUNCATED', detail: '4.0 of 97391.5 s are there.' }],
    ])
  })

  it('that makes a short audio file last for days is told by its length', async () => {
    // One sample a second.
    const file = await patch(await make('in.wav', [TONE]), 'fmt ', 12, [1, 0, 0, 0])
    await expect(factsOf(file)).rejects.toMatchObject({ code: 'TOO_LONG' })
  })

  it.each([
    ['a sample rate of two thousand million', 12, [0xff, 0xff, 0xff, 0x7f]],
    ['65,535 channels', 10, [0xff, 0xff]],
    ['no channel', 10, [0, 0]],
    ['a codec that does not exist', 8, [0x77, 0x77]],
  ])('about %s costs nothing but this file', async (_title, offset, bytes) => {
    const file = await patch(await make('in.wav', [TONE]), 'fmt ', offset, bytes)
    const error = await factsOf(file).catch(error => error)
    expect(['CORRUPT_FILE', 'UNSUPPORTED_TYPE', 'RESOURCE_LIMIT']).toContain(error.code)
  })
})

describe('a limit', () => {
  it('of length is of what can be heard', async () => {
    const file = await make('in.mp3', [TONE])
    await expect(factsOf(file, { maxDurationMs: 3000 })).rejects.toMatchObject({ code: 'TOO_LONG' })
    expect((await factsOf(file, { maxDurationMs: 4100 })).durationMs).toBeGreaterThan(3900)
  })

  it('of streams counts them all', async () => {
    const file = await make('in.m4a', [TONE, TONE, TONE], '-map', '0', '-map', '1', '-map', '2')
    await expect(factsOf(file, { maxStreams: 2 })).rejects.toMatchObject({ code: 'TOO_MANY_STREAMS' })
    expect((await factsOf(file, { maxStreams: 3 })).audioStream).toBe(0)
  })

  it('of memory is not reached by an enormous image in the tags', async () => {
    const audio = await readFile(await make('in.mp3', [TONE]))
    const small = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#123456' } })
      .jpeg()
      .toBuffer()
    const image = Buffer.concat([small, Buffer.alloc(40 * 1024 * 1024)])
    const { cover, durationMs } = await factsOf(await write('in.mp3', withCover(audio, image)))
    expect((await factsOf(await write('in.mp3', withCover(audio, small)))).cover).toMatchObject({ width: 9 })
    expect(cover).toBeNull()
    expect(Math.abs(durationMs - TONE_MS)).toBeLessThan(60)
  })
})

it.each([
  [
    'an SVG',
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'),
  ],
  [
    'a TIFF',
    () =>
      sharp({ create: { width: 9, height: 9, channels: 3, background: '#123456' } })
        .tiff()
        .toBuffer(),
  ],
  [
    'a bomb',
    () =>
      sharp({ create: { width: 16_000, height: 7000, channels: 3, background: '#000' } })
        .png()
        .toBuffer(),
  ],
])('%s in place of the cover counts as none', async (_title, image) => {
  const bytes = typeof image === 'function' ? await image() : image
  const audio = await readFile(await make('in.mp3', [TONE]))
  expect((await factsOf(await write('in.mp3', withCover(audio, bytes)))).cover).toBeNull()
})

describe('what is no audio', () => {
  const hits: string[] = []
  const canary = createServer((request, response) => {
    hits.push(request.url ?? '')
    response.end()
  })
  let url = ''
  beforeAll(async () => {
    await new Promise<void>(resolve => canary.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(canary.address() as AddressInfo).port}`
  })
  afterAll(() => {
    canary.close()
  })

  const LISTS = {
    'HLS playlist': () => `#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n${url}/a.mp3\n#EXT-X-ENDLIST\n`,
    'concat list': () => `ffconcat version 1.0\nfile ${url}/a.mp3\nfile /etc/passwd\n`,
    'DASH manifest': () =>
      `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>${url}/a.mp4</BaseURL></MPD>`,
    'session description': () => `v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n`,
    text: () => 'No sound at all, only words.\n'.repeat(50),
  }

  it.each(Object.entries(LISTS))('%s is refused under any name, and fetches nothing', async (_title, text) => {
    for (const extension of ['mp3', 'wav', 'm4a', 'ogg']) {
      const file = await write(`in.${extension}`, text())
      await expect(factsOf(file), extension).rejects.toMatchObject({ code: 'TYPE_MISMATCH' })
    }
    expect(hits).toEqual([])
  })

  it.each(Object.entries(LISTS))(
    '%s is refused by ffmpeg too, were it not for the check of the type',
    async (_, text) => {
      for (const type of ['audio/mpeg', 'audio/wav', 'audio/mp4', 'audio/ogg'] as const) {
        const file = await write('in', text())
        const error = await probeAudio({ file, type, ...deps() }).catch(error => error)
        expect(['CORRUPT_FILE', 'TRUNCATED_FILE', 'UNSUPPORTED_TYPE'], type).toContain(error.code)
      }
      expect(hits).toEqual([])
    },
  )

  it('is refused when the name is right but nothing in it can be decoded', async () => {
    const noise = Buffer.alloc(50_000, 'ID3 is only the beginning')
    const tagged = withCover(noise, Buffer.from('none'))
    await expect(factsOf(await write('in.mp3', tagged))).rejects.toMatchObject({ code: 'CORRUPT_FILE' })
    const wav = await make('in.wav', [TONE])
    await truncate(wav, 44)
    await expect(factsOf(wav)).rejects.toMatchObject({ code: expect.stringMatching(/CORRUPT_FILE|TRUNCATED_FILE/) })
  })

  it('is refused where there is no ffmpeg, with a code that says why', async () => {
    const file = await make('in.wav', [TONE])
    const probed = probeAudio({ file, type: 'audio/wav', ...deps(), tools: null })
    await expect(probed).rejects.toMatchObject({ code: 'DECODER_UNAVAILABLE' })
  })
})
