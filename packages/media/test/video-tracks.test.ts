import { readFile, writeFile } from 'node:fs/promises'
import type { MediaType } from '@darkroom/contracts'
import { describe, expect, it } from 'vitest'
import type { SourceWarning } from '../src/source-warning.ts'
import { H264, noFfmpeg, probe, sine, testsrc, video } from './video-bed.ts'

const TRACKS = ['-map', '0', '-map', '1', '-map', '2']
const VIDEO_TRACKS = [...testsrc('64x36', 0.5), ...testsrc('320x180', 0.5, 10), ...testsrc('320x180', 0.5, 20)]
const isDefault = (flags: readonly number[]) =>
  flags.flatMap((flag, n) => [`-disposition:v:${n}`, flag ? 'default' : '0'])

/** What is taken, and what is said of the choice. */
async function probed(file: string, type?: MediaType) {
  const warnings: SourceWarning[] = []
  const { videoStream, audioStream } = await probe(file, type, {}, warning => warnings.push(warning))
  return { videoStream, audioStream, warnings }
}

const told = (detail: unknown) => [{ code: 'TRACK_CHOSEN', detail }]

describe.skipIf(noFfmpeg)('of several tracks', () => {
  it.each([
    ['the largest is shown, of two the one with more frames', [0, 0, 0], 2, told('320x180, track 3 of 3.')],
    ['the same where all are the default one', [1, 1, 1], 2, told('320x180, track 3 of 3.')],
    ['of two default ones the larger', [1, 1, 0], 1, told('320x180, track 2 of 3.')],
    ['the default one is shown, however small: the file says so', [1, 0, 0], 0, []],
  ] as const)('%s', async (_title, flags, videoStream, warnings) => {
    const file = await video('f.mkv', ...VIDEO_TRACKS, ...TRACKS, ...H264, ...isDefault(flags))
    expect(await probed(file, 'video/matroska')).toMatchObject({ videoStream, warnings })
  })

  const AUDIO_INPUTS = [...testsrc('64x36', 0.5), ...sine(0.5), ...sine(0.5)]
  const LANGUAGES = ['-metadata:s:a:0', 'language=eng', '-metadata:s:a:1', 'language=deu']

  it.each([
    ['f.mkv', 'video/matroska', 'default', 'default', 1, told('sound (eng), track 1 of 2.')],
    ['f.mkv', 'video/matroska', '0', '0', 1, told('sound (eng), track 1 of 2.')],
    ['f.mkv', 'video/matroska', '0', 'default', 2, []],
    ['f.mp4', 'video/mp4', 'default', 'default', 1, told('sound (eng), track 1 of 2.')],
    ['f.mp4', 'video/mp4', '0', 'default', 2, []],
    ['f.mov', 'video/quicktime', 'default', 'default', 1, told('sound (eng), track 1 of 2.')],
    ['f.ts', 'video/mp2t', '0', 'default', 1, told('sound (eng), track 1 of 2.')],
  ] as const)(
    'of the audio tracks of %s (%s), flagged %s and %s, one is heard; its language is said where the file does not say which',
    async (name, type, first, second, audioStream, warnings) => {
      const flags = ['-disposition:a:0', first, '-disposition:a:1', second]
      const file = await video(name, ...AUDIO_INPUTS, ...TRACKS, ...H264, '-c:a', 'aac', ...LANGUAGES, ...flags)
      expect(await probed(file, type)).toMatchObject({ audioStream, warnings })
    },
  )

  it('one that is the default but cannot be decoded leaves a choice, and it is said', async () => {
    const flags = ['-disposition:a:0', 'default', '-disposition:a:1', '0']
    const codecs = ['-c:a:0', 'pcm_s16le', '-c:a:1', 'aac']
    const file = await video('f.mkv', ...AUDIO_INPUTS, ...TRACKS, ...H264, ...codecs, ...LANGUAGES, ...flags)
    const bytes = await readFile(file)
    bytes.write('A_PCM/XXX/LIT', bytes.indexOf('A_PCM/INT/LIT'))
    await writeFile(file, bytes)
    const warnings = told(expect.stringMatching(/^sound \((deu|ger)\), track [12] of [12]\.$/))
    expect(await probed(file, 'video/matroska')).toMatchObject({ audioStream: 2, warnings })
  })

  it('one of each kind, beside a cover, is no choice', async () => {
    const warnings: SourceWarning[] = []
    const cover = ['-c:v:1', 'mjpeg', '-pix_fmt:v:1', 'yuvj420p', '-disposition:v:1', 'attached_pic']
    const inputs = [...testsrc('64x36', 0.5), ...testsrc('320x180', 0.1), ...sine(0.5)]
    const file = await video('f.mp4', ...inputs, ...TRACKS, ...H264, ...cover)
    expect(await probe(file, 'video/mp4', {}, warning => warnings.push(warning))).toMatchObject({ videoStream: 0 })
    expect(warnings).toEqual([])
  })
})
