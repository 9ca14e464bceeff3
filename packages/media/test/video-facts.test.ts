import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { Facts } from '../src/facts.ts'
import { runSteps } from '../src/pipeline/steps.ts'
import { checkTypeStep } from '../src/probe/check-type.ts'
import type { SniffContext, SniffResults } from '../src/probe/context.ts'
import { sniffStep } from '../src/probe/sniff.ts'
import { probeVideo } from '../src/video/probe/index.ts'
import { CORPUS, noCorpus, tempDir } from './pool.ts'
import { H264, LIMITS, noFfmpeg, probe, probeAny, sine, testsrc, tools, video } from './video-bed.ts'

const TYPES = { mp4: 'video/mp4', mov: 'video/quicktime', mkv: 'video/matroska', webm: 'video/webm' } as const

function readManifest() {
  if (noCorpus) return []
  const [head = '', ...lines] = readFileSync(path.join(CORPUS, 'MANIFEST.tsv'), 'utf8').trim().split('\n')
  const columns = head.split('\t')
  return lines.flatMap(line => {
    const row = Object.fromEntries(line.split('\t').map((cell, n) => [columns[n], cell]))
    const type = TYPES[path.extname(row.file ?? '').slice(1) as keyof typeof TYPES]
    const avg = /avg=(\d+)\/(\d+)/.exec(row.other_tool_says ?? '')
    const hasAudio = /; a:/.test(row.other_tool_says ?? '')
    return type ? [{ ...row, file: row.file ?? '', type, hasAudio, rate: Number(avg?.[1]) / Number(avg?.[2]) }] : []
  }) as (Record<string, string> & { file: string; type: (typeof TYPES)['mp4']; hasAudio: boolean; rate: number })[]
}

const rows = readManifest()
if (noCorpus) console.warn(`skipped: ${noCorpus}`)

describe.skipIf(noCorpus || noFfmpeg)('the videos of the corpus', () => {
  it.each(rows.filter(row => row.expected === 'processed'))('$file: facts as in the manifest', async row => {
    const facts = await probe(path.join(CORPUS, row.file), row.type)
    expect(Facts.parse(facts)).toEqual(facts)
    expect([facts.width, facts.height]).toEqual([Number(row.upright_width), Number(row.upright_height)])
    expect(Math.abs(facts.durationMs - Number(row.duration_s) * 1000)).toBeLessThan(2)
    expect(facts.frameRate / row.rate).toBeCloseTo(1, 2)
    expect(facts.hasAudio).toBe(row.hasAudio)
    expect(facts.rotation).toBe(((360 - Number(row.orientation_or_rotation)) % 360) % 360)
  })

  it.each(rows.filter(row => row.expected === 'rejected:corrupt'))('$file is refused', async row => {
    await expect(probe(path.join(CORPUS, row.file), row.type)).rejects.toMatchObject({ code: 'CORRUPT_FILE' })
  })
})

describe.skipIf(noFfmpeg)('a video in every container', () => {
  it.each([
    ['mp4', 'video/mp4', 'libx264', 'aac'],
    ['m4v', 'video/mp4', 'libx264', 'aac'],
    ['mov', 'video/quicktime', 'prores', 'pcm_s16be'],
    ['3gp', 'video/3gpp', 'h263', 'aac'],
    ['webm', 'video/webm', 'libvpx-vp9', 'libopus'],
    ['mov', 'video/quicktime', 'qtrle', 'pcm_s16be'],
    ['mkv', 'video/matroska', 'ffv1', 'flac'],
    ['mkv', 'video/matroska', 'libx264', 'flac'],
    ['avi', 'video/vnd.avi', 'mpeg4', 'libmp3lame'],
    ['ts', 'video/mp2t', 'libx264', 'aac'],
    ['m2ts', 'video/mp2t', 'mpeg2video', 'ac3'],
    ['mpg', 'video/mpeg', 'mpeg2video', 'mp2'],
    ['ogv', 'video/ogg', 'libtheora', 'libvorbis'],
  ] as const)('%s is %s', async (extension, declaredType, videoCodec, audioCodec) => {
    const codecs = ['-c:v', videoCodec, '-c:a', audioCodec, '-ar', '48000', '-bf', '0']
    const file = await video(`f.${extension}`, ...testsrc('176x144', 1, 25), ...sine(1), ...codecs)
    const context = { file, declaredType, limits: LIMITS, warn: () => undefined }
    const { type } = await runSteps<SniffContext, SniffResults>([sniffStep, checkTypeStep], context, {})
    const facts = await probe(file, type)
    expect(facts).toMatchObject({ contentType: declaredType, width: 176, height: 144, frameRate: 25, hasAudio: true })
    expect(Math.abs(facts.durationMs - 1000)).toBeLessThan(60)
  })
})

/** Where the packets of a video's frames begin (ISO/IEC 13818-1, 2.4.3.6). */
function* frameHeaders(bytes: Buffer): Generator<number> {
  const start = Buffer.from([0, 0, 1, 0xe0])
  for (let at = bytes.indexOf(start); at !== -1; at = bytes.indexOf(start, at + 1)) yield at
}

describe.skipIf(noFfmpeg)('the facts of a video', () => {
  it('the duration is that of the packets, whatever the header says', async () => {
    const file = await video('late.webm', ...testsrc('64x64', 2), '-c:v', 'libvpx', '-f', 'webm')
    const bytes = readFileSync(file)
    const at = bytes.indexOf(Buffer.from([0x44, 0x89, 0x88]))
    for (const lie of [0, -5, 1e9, 1e12]) {
      bytes.writeDoubleBE(lie, at + 3)
      await writeFile(file, bytes)
      expect(await probe(file, 'video/webm')).toMatchObject({ durationMs: 2000, frameRate: 10 })
    }
  })

  it('are found by one ffprobe, for to start it takes longer than to read a minute of video', async () => {
    const starts = path.join(await tempDir(), 'starts')
    const counted = path.join(await tempDir(), 'ffprobe')
    await writeFile(counted, `#!/bin/sh\necho start >> ${starts}\nexec ${tools?.ffprobe} "$@"\n`, { mode: 0o755 })
    const file = await video('f.mp4', ...testsrc('64x64', 1), ...sine(1), ...H264)
    const counting = { ffmpeg: tools?.ffmpeg ?? '', ffprobe: counted }
    const context = { file, type: 'video/mp4', limits: LIMITS, timings: {}, warn: () => undefined } as const
    expect(await probeVideo({ ...context, tools: counting })).toMatchObject({ kind: 'video', durationMs: 1000 })
    expect(readFileSync(starts, 'utf8')).toBe('start\n')
  })

  it('a recording without a duration, as browsers make them, has one', async () => {
    const file = await video('live.webm', ...testsrc('64x64', 2), '-c:v', 'libvpx', '-f', 'webm', '-live', '1')
    expect(await probe(file, 'video/webm')).toMatchObject({ durationMs: 2000 })
  })

  it('a transport stream whose clock jumps is as long as what it shows', async () => {
    const parts = ['-c:v', 'mpeg2video', '-bf', '0', '-f', 'mpegts']
    const one = readFileSync(await video('a.ts', ...testsrc('64x64', 2, 25), ...parts))
    const two = readFileSync(await video('b.ts', ...testsrc('64x64', 2, 25), ...parts, '-output_ts_offset', '5000'))
    const file = path.join(await tempDir(), 'c.ts')
    await writeFile(file, Buffer.concat([one, two]))
    const { durationMs } = await probe(file, 'video/mp2t')
    expect(Math.abs(durationMs - 4000)).toBeLessThan(100)
  })

  it('a stream whose frames have no times has no place to be at, and still facts', async () => {
    const file = await video('f.ts', ...testsrc('64x64', 1, 25), '-c:v', 'mpeg2video')
    const bytes = readFileSync(file)
    for (const at of frameHeaders(bytes)) {
      // No time stamps, and what stood there is stuffing.
      bytes[at + 7] = (bytes[at + 7] ?? 0) & 0x3f
      bytes.fill(0xff, at + 9, at + 9 + (bytes[at + 8] ?? 0))
    }
    await writeFile(file, bytes)
    const facts = JSON.parse(JSON.stringify(await probe(file, 'video/mp2t')))
    expect(Facts.parse(facts)).toMatchObject({ durationMs: 0, keyFrameSec: 0 })
  })

  it('a transport stream whose clock does not begin at 0 is seen for as long as its frames last', async () => {
    const streams = [...testsrc('64x64', 2, 25), ...sine(6), ...['-c:v', 'mpeg2video', '-c:a', 'mp2']]
    const file = await video('f.ts', ...streams, '-output_ts_offset', '5000')
    const { durationMs, shownMs } = await probe(file, 'video/mp2t')
    expect(Math.abs(durationMs - 6000)).toBeLessThan(100)
    expect(Math.abs(shownMs - 2000)).toBeLessThan(100)
  })

  it('an audio track that is faster than any recording is not heard', async () => {
    const file = await video('f.avi', ...testsrc('64x64', 1), ...sine(1), '-c:v', 'mpeg4', '-c:a', 'pcm_s16le')
    const bytes = readFileSync(file)
    // The rate in the audio's WAVEFORMAT.
    bytes.writeUInt32LE(2_000_000_000, bytes.indexOf('strf', bytes.indexOf('auds')) + 12)
    await writeFile(file, bytes)
    expect(await probe(file, 'video/vnd.avi')).toMatchObject({ hasAudio: false, audioStream: null })
  })

  it('captions that go on after the end do not make it longer', async () => {
    const captions = await video('c.srt', '-f', 'srt', '-i', srt())
    const file = await video('f.mp4', ...testsrc('64x64', 1), '-i', captions, ...H264, '-c:s', 'mov_text')
    expect(await probe(file)).toMatchObject({ durationMs: 1000 })
  })

  it.each([
    ['90', 90, [90, 160]],
    ['180', 180, [160, 90]],
    ['270', 270, [90, 160]],
  ])('turned by %s degrees', async (angle, rotation, [width, height]) => {
    const plain = await video('p.mp4', ...testsrc('160x90', 0.5), ...H264)
    const rotateTag = ['-metadata:s:v', `rotate=${360 - Number(angle)}`]
    const file = await video('t.mp4', '-i', plain, '-c', 'copy', ...rotateTag)
    expect(await probe(file)).toMatchObject({ rotation, width, height })
  })

  it.each([
    ['smpte2084', true],
    ['arib-std-b67', true],
    ['bt709', false],
  ])('a transfer of %s is HDR: %s', async (transfer, isHdr) => {
    const tags = ['-color_primaries', 'bt2020', '-colorspace', 'bt2020nc', '-color_trc', transfer]
    const file = await video('h.mp4', ...testsrc('64x64', 0.3), ...H264, '-pix_fmt', 'yuv420p10le', ...tags)
    expect(await probe(file)).toMatchObject({ isHdr, colorMatrix: 'bt2020', details: { color: { transfer } } })
  })

  it('is interlaced where the frames are', async () => {
    const file = await video(
      'i.ts',
      ...testsrc('64x64', 1, 50),
      '-vf',
      'interlace',
      '-c:v',
      'mpeg2video',
      '-flags',
      '+ildct+ilme',
    )
    expect(await probe(file, 'video/mp2t')).toMatchObject({ isInterlaced: true })
  })

  it.each([
    ['mp4', ['-map', '1', '-map', '0', '-c:a', 'aac', '-c:v', 'png', '-disposition:v', 'attached_pic']],
    ['mkv', ['-map', '1', '-c:a', 'flac', '-attach', 'COVER', '-metadata:s:t', 'mimetype=image/png']],
  ] as const)('a cover in an %s is not the video', async (extension, args) => {
    const cover = await video('cover.png', ...testsrc('300x300', 0.1), '-frames:v', '1')
    const audio = args.map(arg => (arg === 'COVER' ? cover : arg))
    const file = await video(`s.${extension}`, '-i', cover, ...sine(1), ...audio)
    expect(await probeAny(file, TYPES[extension])).toMatchObject({ kind: 'audio', contentType: TYPES[extension] })
  })

  it.each([
    ['mp4', 'aac'],
    ['webm', 'libopus'],
    ['mkv', 'flac'],
  ] as const)('an %s with nothing to see is an audio file', async (extension, codec) => {
    const file = await video(`s.${extension}`, ...sine(1), '-c:a', codec)
    expect(await probeAny(file, TYPES[extension])).toMatchObject({ kind: 'audio', contentType: TYPES[extension] })
  })

  it('says nothing of where and with what it was taken', async () => {
    const tags = ['location=+48.8577+002.2950/', 'com.apple.quicktime.model=SecretPhone', 'comment=SecretComment']
    const metadata = tags.flatMap(tag => ['-metadata', tag])
    const file = await video('g.mp4', ...testsrc('64x64', 0.3), ...H264, ...metadata, '-movflags', 'use_metadata_tags')
    expect(readFileSync(file).includes('SecretPhone')).toBe(true)
    expect(JSON.stringify(await probe(file))).not.toMatch(/secret|48\.8|location/i)
  })
})

function srt(): string {
  const text = '1\n00:00:00,000 --> 00:00:01,000\nhi\n\n2\n00:01:00,000 --> 00:02:00,000\nho\n'
  return `data:text/plain;base64,${Buffer.from(text).toString('base64')}`
}
