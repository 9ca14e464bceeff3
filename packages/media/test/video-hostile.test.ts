import { readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { type MediaType, PresetDefinition } from '@darkroom/contracts'
import { pairsOf } from '@darkroom/testing/samples'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { probeStreams } from '../src/ffmpeg/probe-streams.ts'
import { runFfmpeg } from '../src/ffmpeg/run-ffmpeg.ts'
import { markedLimits, processFile, tempDir, usePool } from './pool.ts'
import {
  distance,
  faults,
  ffprobe,
  H264,
  LIMITS,
  make,
  noFfmpeg,
  pixelAt,
  probe,
  probeAny,
  type Shown,
  testsrc,
  tools,
  video,
} from './video-bed.ts'

/** A colour that is in no file but the secret one. */
const CANARY = [18, 171, 52]
const POSTER = { name: 'poster', type: 'poster', format: 'png' }

let secret = ''
let canary: Server
let url = ''
let hits = 0

beforeAll(async () => {
  if (noFfmpeg) return
  secret = await video('secret.mp4', '-f', 'lavfi', '-i', 'color=0x12ab34:s=64x64:r=10:d=2', ...H264)
  const bytes = await readFile(secret)
  canary = createServer((_request, response) => {
    hits++
    response.end(bytes)
  })
  await new Promise<void>(resolve => canary.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(canary.address() as AddressInfo).port}/secret.mp4`
})
afterAll(() => canary?.close())

const hls = (target: string) =>
  `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n${target}\n#EXT-X-ENDLIST\n`
const dash = (target: string) =>
  `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT2S" profiles="urn:mpeg:dash:profile:full:2011"><Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1"><BaseURL>${target}</BaseURL></Representation></AdaptationSet></Period></MPD>`
const TEXTS: Record<string, (target: string) => string> = {
  HLS: hls,
  DASH: dash,
  concat: target => `ffconcat version 1.0\nfile '${target}'\n`,
  SDP: () =>
    'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n',
  ffmetadata: () => ';FFMETADATA1\ntitle=x\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\n',
  ASS: () =>
    '[Script Info]\nScriptType: v4.00+\n\n[Events]\nFormat: Start, End, Text\nDialogue: 0:00:00.00,0:00:01.00,x\n',
}
const TYPES = [
  'video/mp4',
  'video/webm',
  'video/matroska',
  'video/vnd.avi',
  'video/mp2t',
  'video/mpeg',
  'video/ogg',
  'video/quicktime',
] as const

async function textFile(name: string, text: string): Promise<string> {
  const file = path.join(await tempDir(), name)
  await writeFile(file, text)
  return file
}

describe.skipIf(noFfmpeg)('a playlist that is named as a video', () => {
  it('leaks where nothing holds it back, so that the canary is worth looking for', async () => {
    const file = await textFile('list.mp4', hls(secret))
    expect(distance(await pixelAt(file, 0.5, 0.5), CANARY)).toBeLessThan(8)
    await ffprobe(await textFile('list.mp4', hls(url)), '-protocol_whitelist', 'file,http,tcp')
    expect(hits).toBeGreaterThan(0)
    hits = 0
  })

  it.each(Object.keys(TEXTS))('%s is refused whatever type it claims, and nothing is read or fetched', async format => {
    const refused = ['CORRUPT_FILE', 'TRUNCATED_FILE', 'UNSUPPORTED_TYPE']
    const targets = [secret, `file:${secret}`, url]
    for (const [target, type] of pairsOf(targets, TYPES)) {
      const file = await textFile('list.mp4', TEXTS[format]?.(target) ?? '')
      const error = await probeAny(file, type).catch(error => error)
      expect(refused, `${format} ${type} ${error}`).toContain(error.code)
    }
    for (const target of targets) {
      const file = await textFile('list.mp4', TEXTS[format]?.(target) ?? '')
      const outDir = await tempDir()
      const job = { file, type: 'video/mp4', args: ['-frames:v', '1', 'leak.png'] }
      await expect(runFfmpeg({ tools, limits: LIMITS, outDir }, job)).rejects.toThrow()
    }
    expect(hits).toBe(0)
  })

  it('that names itself is refused at once', async () => {
    const file = path.join(await tempDir(), 'self.mp4')
    await writeFile(file, hls(file))
    const startedMs = performance.now()
    await expect(probe(file)).rejects.toMatchObject({ code: expect.any(String) })
    expect(performance.now() - startedMs).toBeLessThan(20_000)
  })

  it('subtitles inside an AVI are opened by no demuxer at all', async () => {
    const file = await video('f.avi', ...testsrc('64x64', 1), '-c:v', 'mjpeg')
    await writeFile(file, withGab2(await readFile(file), '1\n00:00:00,000 --> 00:00:01,000\nhello\n'))
    const codecs = ({ streams }: Shown) => streams.map(({ codec_name }) => codec_name)
    expect(codecs(await ffprobe(file))).toContain('subrip')
    const held = (await probeStreams({ tools, limits: LIMITS }, { file, type: 'video/vnd.avi' })) as Shown
    expect(codecs(held)).not.toContain('subrip')
  })

  it('as an attachment of a Matroska stays an attachment', async () => {
    const list = await textFile('list.m3u8', hls(secret))
    const attach = ['-attach', list, '-metadata:s:t', 'mimetype=application/x-mpegURL']
    const file = await video('f.mkv', ...testsrc('64x64', 1), ...H264, ...attach)
    const made = await make(file, [POSTER, { name: 'mp4', type: 'rendition', resolution: 120 }], {
      type: 'video/matroska',
    })
    expect(faults(made)).toEqual({})
    expect((await ffprobe(made.file('mp4'))).streams).toHaveLength(1)
    expect(distance(await pixelAt(made.file('poster'), 0.5, 0.5), CANARY)).toBeGreaterThan(40)
  })

  it('as a reference inside an MP4 is not followed', async () => {
    const file = path.join(await tempDir(), 'f.mov')
    await writeFile(file, withVideoElsewhere(await readFile(secret), secret))
    // Where it is followed, the video is that of the other video.
    const follow = ['-enable_drefs', '1', '-use_absolute_path', '1', '-i', file, '-frames:v', '1']
    expect(distance(await pixelAt(await video('leak.png', ...follow), 0.5, 0.5), CANARY)).toBeLessThan(8)
    const made = await make(file, [POSTER], { type: 'video/quicktime' }).catch(error => error)
    const isMade = 'announced' in made && Object.keys(faults(made)).length === 0
    if (isMade) expect(distance(await pixelAt(made.file('poster'), 0.5, 0.5), CANARY)).toBeGreaterThan(40)
    else expect(made.code ?? faults(made).poster).toMatch(/^(CORRUPT|TRUNCATED)_FILE$/)
  })
})

describe.skipIf(noFfmpeg)('a video that asks for too much', () => {
  const streams = (count: number) => Array.from({ length: count }, () => ['-map', '0:0']).flat()
  const tiny = (...more: string[]) => ['-f', 'lavfi', '-i', 'color=s=16x16:r=1:d=1', ...more]

  it.each([
    ['mp4', 'video/mp4', ['-c:v', 'mpeg4']],
    ['mkv', 'video/matroska', ['-c:v', 'mpeg4']],
    ['ts', 'video/mp2t', ['-c:v', 'mpeg2video']],
  ] as [string, MediaType, string[]][])('of tracks, as %s: TOO_MANY_STREAMS', async (extension, type, codec) => {
    const file = await video(`many.${extension}`, ...tiny(...streams(40), ...codec))
    await expect(probe(file, type)).rejects.toMatchObject({ code: 'TOO_MANY_STREAMS' })
    await expect(probe(file, type, { maxStreams: 100 })).resolves.toMatchObject({ width: 16 })
  })

  it('of pixels, 16,384 a side: TOO_MANY_PIXELS', async () => {
    const file = await video('big.mov', ...testsrc('64x64', 0.3), '-c:v', 'mjpeg')
    const bytes = withFrames(await readFile(file), 16_384)
    const entry = bytes.indexOf('jpeg', bytes.indexOf('stsd')) + 4
    expect([bytes.readUInt16BE(entry + 24), bytes.readUInt16BE(entry + 26)]).toEqual([64, 64])
    bytes.writeUInt16BE(16_384, entry + 24)
    bytes.writeUInt16BE(16_384, entry + 26)
    await writeFile(file, bytes)
    await expect(probe(file, 'video/quicktime')).rejects.toMatchObject({ code: 'TOO_MANY_PIXELS' })
  })

  it('of pixels by its frames, of which the header says nothing: refused before they are decoded', async () => {
    const file = await video('big.mov', ...testsrc('64x64', 0.3), '-c:v', 'mjpeg')
    await writeFile(file, withFrames(await readFile(file), 60_000))
    const startedMs = performance.now()
    const error = await make(file, [POSTER], { type: 'video/quicktime' }).catch(error => error)
    expect(['TOO_MANY_PIXELS', 'CORRUPT_FILE']).toContain(error.code)
    expect(performance.now() - startedMs).toBeLessThan(30_000)
  })

  it('of pixels once they are square: TOO_MANY_PIXELS', async () => {
    const file = await video('wide.mp4', ...testsrc('640x360', 0.2), '-vf', 'setsar=100/1', ...H264)
    await expect(probe(file, 'video/mp4', { maxPixels: 20_000_000 })).rejects.toMatchObject({ code: 'TOO_MANY_PIXELS' })
  })

  it('of time, black and small: TOO_LONG', async () => {
    const black = ['-f', 'lavfi', '-i', 'color=black:s=64x64:r=1:d=3600']
    const file = await video('hour.mp4', ...black, ...H264)
    expect((await readFile(file)).length).toBeLessThan(400_000)
    await expect(probe(file, 'video/mp4', { maxDurationMs: 600_000 })).rejects.toMatchObject({ code: 'TOO_LONG' })
  })

  it('of time, a frame in a thousand seconds: TOO_LONG', async () => {
    const file = await video('million.mp4', '-f', 'lavfi', '-i', 'color=s=64x64:r=1/1000', '-frames:v', '1000', ...H264)
    await expect(probe(file)).rejects.toMatchObject({ code: 'TOO_LONG' })
  })

  it('of the disk: OUTPUT_TOO_LARGE, and the other files stand', async () => {
    const file = await video('f.mp4', ...testsrc('320x180', 12, 25), ...H264)
    const large = { name: 'mp4', type: 'rendition', resolution: 180, crf: 10, effort: 1 }
    const made = await make(file, [{ ...POSTER, width: 64 }, large], { limits: { maxOutputBytes: 100_000 } })
    expect(faults(made)).toEqual({ mp4: 'OUTPUT_TOO_LARGE' })
    expect((await readFile(made.file('mp4'))).length).toBeLessThan(500_000)
  })

  it('of codecs: UNSUPPORTED_TYPE', async () => {
    const file = await video('f.mkv', ...testsrc('64x64', 0.3), '-c:v', 'huffyuv', '-pix_fmt', 'yuv422p')
    await expect(probe(file, 'video/matroska')).rejects.toMatchObject({ code: 'UNSUPPORTED_TYPE' })
  })
})

describe.skipIf(noFfmpeg)('a video that is damaged', () => {
  const good = () => video('f.mp4', ...testsrc('160x120', 3), ...H264)

  it('without frames: CORRUPT_FILE', async () => {
    const file = await video('f.mp4', ...testsrc('64x64', 1), ...H264, '-t', '0', '-movflags', 'empty_moov')
    await expect(probe(file)).rejects.toMatchObject({ code: 'CORRUPT_FILE' })
  })

  it('without tracks: CORRUPT_FILE', async () => {
    const file = await video('f.mkv', ...testsrc('64x64', 0.3), ...H264)
    const bytes = await readFile(file)
    // The element of the tracks becomes one that means nothing; what names it first is the list of elements.
    const tracks = Buffer.from([0x16, 0x54, 0xae, 0x6b])
    bytes.writeUInt32BE(0x1654ae60, bytes.indexOf(tracks, bytes.indexOf(tracks) + 4))
    await writeFile(file, bytes)
    await expect(probe(file, 'video/matroska')).rejects.toMatchObject({ code: 'CORRUPT_FILE' })
  })

  it.each(['index at the end', 'index first'])('cut off, %s: TRUNCATED_FILE', async where => {
    const file =
      where === 'index first'
        ? await video('g.mp4', '-i', await good(), '-c', 'copy', '-movflags', '+faststart')
        : await good()
    await writeFile(file, (await readFile(file)).subarray(0, -20_000))
    await expect(probe(file)).rejects.toMatchObject({ code: 'TRUNCATED_FILE' })
  })

  it('with its index at the end is as good as any', async () => {
    const made = await make(await good(), [POSTER])
    expect(faults(made)).toEqual({})
  })

  it('in every frame: CORRUPT_FILE, for there is nothing to show', async () => {
    const file = await good()
    const bytes = await readFile(file)
    const at = bytes.indexOf('mdat')
    bytes.fill(0, at + 4, at - 4 + bytes.readUInt32BE(at - 4))
    await writeFile(file, bytes)
    await expect(make(file, [POSTER])).rejects.toMatchObject({ code: 'CORRUPT_FILE' })
  })
})

describe.skipIf(noFfmpeg)('in the sandbox', () => {
  const pool = usePool(markedLimits(), { tools })
  const variants = [
    POSTER,
    { name: 'preview', type: 'preview', width: 64 },
    { name: 'mp4', type: 'rendition', resolution: 120 },
  ]
  const definition = PresetDefinition.parse({ video: { variants } })

  it('a hostile video is refused with a code, and the next good one is made', async () => {
    const bad = await textFile('list.mp4', hls(secret))
    await expect(processFile(pool, { file: bad, declaredType: 'video/mp4', definition })).rejects.toMatchObject({
      code: 'TYPE_MISMATCH',
    })
    const file = await video('f.mp4', ...testsrc('160x120', 1), ...H264)
    const { reports, placeholder } = await processFile(pool, { file, declaredType: 'video/mp4', definition })
    expect(reports.map(({ name }) => name)).toEqual(['poster', 'preview', 'mp4'])
    expect(reports.filter(report => 'error' in report)).toEqual([])
    expect(placeholder).not.toBeNull()
    expect(hits).toBe(0)
  })
})

/** Frames of Motion JPEG that say they are so many pixels a side. */
function withFrames(bytes: Buffer, side: number): Buffer {
  const start = Buffer.from([0xff, 0xc0])
  for (let at = bytes.indexOf(start); at >= 0; at = bytes.indexOf(start, at + 2)) {
    bytes.writeUInt16BE(side, at + 5)
    bytes.writeUInt16BE(side, at + 7)
  }
  return bytes
}

/** An AVI with one more stream, of subtitles, that holds `text`. */
function withGab2(avi: Buffer, text: string): Buffer {
  const chunk = (id: string, body: Buffer) => {
    const head = Buffer.alloc(8)
    head.write(id, 'latin1')
    head.writeUInt32LE(body.length, 4)
    return Buffer.concat([head, body, Buffer.alloc(body.length % 2)])
  }
  const header = Buffer.alloc(56)
  header.write('txts', 'latin1')
  header.writeUInt32LE(1, 20)
  header.writeUInt32LE(1, 24)
  header.writeUInt32LE(1, 32)
  const stream = chunk(
    'LIST',
    Buffer.concat([Buffer.from('strl'), chunk('strh', header), chunk('strf', Buffer.alloc(0))]),
  )
  const body = Buffer.from(text)
  const gab = Buffer.alloc(17)
  gab.write('GAB2\0\x02\0', 'latin1')
  gab.writeUInt16LE(4, 11)
  gab.writeUInt32LE(body.length, 13)
  const subtitles = chunk('01tx', Buffer.concat([gab, body]))
  const list = avi.indexOf('hdrl') - 8
  const end = list + 8 + avi.readUInt32LE(list + 4)
  const movi = avi.indexOf('movi')
  const out = Buffer.concat([
    avi.subarray(0, end),
    stream,
    avi.subarray(end, movi + 4),
    subtitles,
    avi.subarray(movi + 4),
  ])
  out.writeUInt32LE(out.readUInt32LE(list + 4) + stream.length, list + 4)
  out.writeUInt32LE(out.length - 8, 4)
  out.writeUInt32LE(avi.readUInt32LE(movi - 4) + subtitles.length, movi + stream.length - 4)
  // Number of streams, in `avih`.
  out.writeUInt32LE(2, out.indexOf('avih') + 8 + 24)
  return out
}

/** The header of a video without its frames, which are said to lie in another file: an `alis` of QuickTime with an absolute path. */
function withVideoElsewhere(video: Buffer, where: string): Buffer {
  const text = Buffer.from(where)
  const entry = Buffer.alloc(162 + 4 + text.length + (text.length % 2) + 4)
  entry.writeUInt32BE(entry.length)
  entry.write('alis', 4, 'latin1')
  // Type 2 is the path; type -1 ends the list.
  entry.writeUInt16BE(2, 162)
  entry.writeUInt16BE(text.length, 164)
  text.copy(entry, 166)
  entry.writeUInt16BE(0xffff, entry.length - 4)

  const out = Buffer.from(video)
  const media = out.indexOf('mdat')
  out.fill(0, media + 4, media - 4 + out.readUInt32BE(media - 4))
  let at = media
  for (const box of ['moov', 'trak', 'mdia', 'minf', 'dinf', 'dref']) {
    at = out.indexOf(box, at)
    out.writeUInt32BE(out.readUInt32BE(at - 4) + entry.length - 12, at - 4)
  }
  // The one entry that it has, `url `, is of 12 bytes. The index lies behind the frames, so their places stay as they are.
  return Buffer.concat([out.subarray(0, at + 12), entry, out.subarray(at + 24)])
}
