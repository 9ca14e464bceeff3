import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { probeAudio } from '../src/audio/probe.ts'
import { tempDir } from './pool.ts'
import { faults, H264, LIMITS, make, noFfmpeg, probe, sine, testsrc, tools, video } from './video-bed.ts'

const CENC = [
  ...['-encryption_scheme', 'cenc-aes-ctr', '-encryption_key', '76a6c65c5ea762046bd749a2e632ccbb'],
  ...['-encryption_kid', 'a7e61c373e219033c21091fa607bf3b8'],
]
const AAC = ['-c:a', 'aac']

describe.skipIf(noFfmpeg)('a video that is encrypted', () => {
  it.each([
    ['MP4', 'f.mp4', 'video/mp4', []],
    ['MP4 in fragments', 'f.mp4', 'video/mp4', ['-movflags', 'frag_keyframe+empty_moov']],
  ] as const)('as %s is ENCRYPTED_VIDEO, and nothing is made of it', async (_title, name, type, args) => {
    const file = await video(name, ...testsrc('64x64', 1), ...sine(1), ...H264, ...AAC, ...args, ...CENC)
    await expect(probe(file, type)).rejects.toMatchObject({ code: 'ENCRYPTED_VIDEO' })
  })

  it('by FairPlay is one as well, and so is an audio file', async () => {
    const plain = await readFile(await video('f.mp4', ...testsrc('64x64', 1), ...H264))
    plain.write('drmi', plain.indexOf('avc1', plain.indexOf('stsd')), 'latin1')
    await expect(probe(await written('f.mp4', plain))).rejects.toMatchObject({ code: 'ENCRYPTED_VIDEO' })
    const audio = await video('f.m4a', ...sine(1), ...AAC, '-f', 'mp4', ...CENC)
    const context = {
      file: audio,
      type: 'audio/mp4',
      limits: LIMITS,
      tools,
      timings: {},
      warn: () => undefined,
    } as const
    await expect(probeAudio(context)).rejects.toMatchObject({ code: 'ENCRYPTED_VIDEO' })
  })

  it.each([
    ['ts', 188],
    ['m2ts', 192],
  ])('as scrambled packets of %s is one as well', async (extension, length) => {
    const bytes = await readFile(
      await video(`f.${extension}`, ...testsrc('320x180', 1), '-c:v', 'mpeg2video', '-b:v', '2M'),
    )
    for (let at = length - 188; at < bytes.length; at += length) {
      const pid = bytes.readUInt16BE(at + 1) & 0x1fff
      if (pid >= 0x100) bytes[at + 3] = (bytes[at + 3] ?? 0) | 0xc0
    }
    const file = await written(`f.${extension}`, bytes)
    await expect(probe(file, 'video/mp2t')).rejects.toMatchObject({ code: 'ENCRYPTED_VIDEO' })
  })

  it('is not one that has the four letters somewhere', async () => {
    const file = await video('f.mp4', ...testsrc('64x64', 0.3), ...H264, '-metadata', 'title=encv enca drms')
    await expect(probe(file)).resolves.toMatchObject({ width: 64 })
  })
})

const SPECS = [
  { name: 'poster', type: 'poster', format: 'png' },
  { name: 'mp4', type: 'rendition', resolution: 180, effort: 0 },
]

describe.skipIf(noFfmpeg)('a video that is damaged', () => {
  it.each([
    ['f.mp4', 'video/mp4', H264],
    ['f.mov', 'video/quicktime', ['-c:v', 'prores_ks', '-pix_fmt', 'yuv422p10le']],
    ['f.mov', 'video/quicktime', ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p']],
    [
      'f.webm',
      'video/webm',
      ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-cluster_time_limit', '400'],
    ],
  ] as const)('in a few frames is made, and how many is said: %s %s %s', async (name, type, codec) => {
    const file = await damaged(await video(name, ...testsrc('160x90', 4, 25), ...codec), 0.05)
    const made = await make(file, SPECS, { type })
    expect(faults(made)).toEqual({})
    expect(made.warnings).toMatchObject([{ code: 'STREAM_DAMAGED', detail: expect.stringMatching(SAID) }])
    expect(made.warnings[0]?.detail).toMatch(/[a-z]\.$/)
    const [, lost, frames] = SAID.exec(made.warnings[0]?.detail ?? '') ?? []
    expect(Number(frames)).toBe(100)
    expect(Number(lost)).toBeGreaterThan(0)
    expect(Number(lost)).toBeLessThan(34)
  })

  it('in most of its frames is CORRUPT_FILE', async () => {
    const whole = await video('f.mp4', ...testsrc('320x180', 2, 25), ...H264, '-g', '5')
    const job = make(await damaged(whole, 0.8), SPECS)
    await expect(job).rejects.toMatchObject({ code: 'CORRUPT_FILE', message: expect.stringMatching(SAID) })
  })

  it('in its audio alone says so', async () => {
    const audio = ['-f', 'lavfi', '-i', 'anoisesrc=d=2', '-c:a', 'flac']
    const file = await video('f.mkv', ...testsrc('64x64', 2), ...audio, ...H264, '-cluster_time_limit', '200')
    const made = await make(await withBrokenAudio(file), SPECS, { type: 'video/matroska' })
    expect(faults(made)).toEqual({})
    expect(made.warnings.map(({ detail }) => detail)).toEqual([expect.stringMatching(/\d+ parts of the audio.*\.$/)])
  })

  it('is warned of once, however many files are made of it', async () => {
    const file = await damaged(await video('f.mp4', ...testsrc('320x180', 2, 25), ...H264), 0.05)
    const hls = { name: 'hls', type: 'hls', ladder: [{ resolution: 120, effort: 0 }] }
    const made = await make(file, [...SPECS, hls, { name: 'board', type: 'storyboard' }])
    expect(made.warnings).toHaveLength(1)
  })
})

describe.skipIf(noFfmpeg)('a video that is whole', () => {
  it.each([
    ['cut without being encoded anew', 'cut.mp4', ['-ss', '1.3']],
    ['of open groups of frames in a transport stream', 'cut.ts', ['-ss', '1.3']],
  ])('has no warning: %s', async (_title, name, cut) => {
    const open = ['-x264-params', 'open-gop=1:bframes=3:keyint=25:min-keyint=25:scenecut=0']
    const codec = ['-c:v', 'libx264', '-preset', 'fast', '-pix_fmt', 'yuv420p', ...open]
    const long = await video(name.replace('cut', 'long'), ...testsrc('320x180', 4, 25), ...sine(4), ...codec, ...AAC)
    const file = await video(name, ...cut, '-i', long, '-c', 'copy')
    const made = await make(file, SPECS, { type: name.endsWith('ts') ? 'video/mp2t' : 'video/mp4' })
    expect(made.warnings).toEqual([])
  })
})

const SAID = /(\d+) of (\d+) frames are (?:damaged|missing)/

async function written(name: string, bytes: Buffer): Promise<string> {
  const file = path.join(await tempDir(), name)
  await writeFile(file, bytes)
  return file
}

/** Overwrites this part of a file in its middle. */
async function damaged(file: string, part: number): Promise<string> {
  const bytes = await readFile(file)
  overwrite(bytes, Math.floor(bytes.length * (0.5 - part / 2)), Math.floor(bytes.length * part))
  return await written(path.basename(file), bytes)
}

/** Always with the same bytes. */
function overwrite(bytes: Buffer, from: number, length: number): void {
  let seed = 1
  for (let at = from; at < from + length; at++) {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
    bytes[at] = seed >> 16
  }
}

/** FLAC's frames begin with this. */
async function withBrokenAudio(file: string): Promise<string> {
  const bytes = await readFile(file)
  let count = 0
  for (let at = bytes.indexOf(FLAC_FRAME); at !== -1 && count < 8; at = bytes.indexOf(FLAC_FRAME, at + 1)) {
    if (at > bytes.length / 4) overwrite(bytes, at, 200)
    if (at > bytes.length / 4) count++
  }
  return await written(path.basename(file), bytes)
}
const FLAC_FRAME = Buffer.from([0xff, 0xf8])
