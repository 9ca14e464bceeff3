import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { factsOf, make, onsetOf, renderFile, samplesOf } from './audio-bed.ts'
import { tempDir } from './pool.ts'
import { H264, type Made, make as makeOfVideo, testsrc } from './video-bed.ts'

const CODECS = ['aac', 'mp3', 'opus']
const AUDIO_SPECS = CODECS.map(codec => ({ name: codec, type: 'sound', codec }))
/** Silence, then a tone from 0.2 s on. */
const BEEP = 'aevalsrc=0.5*sin(880*2*PI*t)*gte(t\\,0.2):d=1:s=48000'
/** Filters of codecs ring for some milliseconds before a tone begins. */
const TOLERANCE_SEC = 0.01

const late = (name: string, sec: number, ...args: string[]) =>
  make(name, [testsrc('64x64', 2)[3] ?? '', BEEP], '-af', `asetpts=PTS+${sec}/TB`, ...H264, '-c:a', 'aac', ...args)

describe('the audio of a video', () => {
  describe.each([
    ['mp4', 'video/mp4', 'late.mp4', []],
    ['transport stream, whose clock begins at 1.4 s', 'video/mp2t', 'late.ts', []],
    ['matroska', 'video/matroska', 'late.mkv', []],
  ] as const)('that begins 0.8 s after the video: %s', (_title, type, name, args) => {
    let made: Made
    beforeAll(async () => {
      made = await makeOfVideo(await late(name, 0.8, ...args), AUDIO_SPECS, { type })
    })

    it.each(CODECS)('is heard at the time at which it is heard in the video: %s', async codec => {
      expect(Math.abs((await onsetOf(made.file(codec))) - 1)).toBeLessThan(TOLERANCE_SEC)
    })
  })
})

describe('a recording of television whose audio changes from two channels to one', () => {
  it('has no silence where it changes, and ends with the video', async () => {
    const part = (name: string, source: string, sec: number) =>
      make(name, [testsrc('64x64', 1)[3] ?? '', source], ...H264, '-c:a', 'mp2', ...['-output_ts_offset', `${sec}`])
    const parts = [
      await part('stereo.ts', 'sine=d=1:r=48000,aformat=channel_layouts=stereo', 1),
      await part('mono.ts', 'sine=d=1:r=48000', 2),
    ]
    const file = path.join(await tempDir(), 'both.ts')
    await writeFile(file, Buffer.concat(await Promise.all(parts.map(part => readFile(part)))))
    const made = await makeOfVideo(
      file,
      [...AUDIO_SPECS, { name: 'video', type: 'rendition', resolution: 120, effort: 1 }],
      {
        type: 'video/mp2t',
      },
    )
    for (const name of [...CODECS, 'video']) {
      const samples = await samplesOf(made.file(name))
      expect(Math.abs(samples.length / 48_000 - 2), name).toBeLessThan(0.1)
      const silent = samples.filter(sample => Math.abs(sample) < 0.001).length
      expect(silent / 48_000, name).toBeLessThan(0.15)
    }
  })
})

describe('an audio file', () => {
  it('begins with its first sample, wherever its clock begins', async () => {
    const captions = path.join(await tempDir(), 'captions.srt')
    await writeFile(captions, '1\n00:00:00,000 --> 00:00:01,000\nSoon\n')
    const file = await make('late.mkv', [BEEP, captions], '-af', 'asetpts=PTS+3/TB', '-c:a', 'flac', '-c:s', 'srt')
    const { facts, files } = await renderFile(
      file,
      [...AUDIO_SPECS, { name: 'peaks', type: 'peaks', points: 10 }],
      'video/matroska',
    )
    expect(facts.durationMs).toBeLessThan(1100)
    for (const codec of CODECS) {
      expect(Math.abs((await onsetOf(files[codec])) - 0.2), codec).toBeLessThan(TOLERANCE_SEC)
    }
  })

  it('with a cover begins where it begins without one', async () => {
    const cover = await make('cover.png', ['color=red:s=16x16'], '-frames:v', '1')
    const bare = await make('bare.mp3', [BEEP])
    const file = await make('cover.mp3', [bare, cover], '-map', '0', '-map', '1', '-c', 'copy')
    expect((await factsOf(file)).durationMs).toBe((await factsOf(bare)).durationMs)
    const { files } = await renderFile(file, AUDIO_SPECS)
    for (const codec of CODECS) {
      expect(Math.abs((await onsetOf(files[codec])) - 0.2), codec).toBeLessThan(TOLERANCE_SEC)
    }
  })
})
