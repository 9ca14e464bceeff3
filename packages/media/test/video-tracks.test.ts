import { describe, expect, it } from 'vitest'
import type { SourceWarning } from '../src/source-warning.ts'
import { film, H264, noFfmpeg, picture, probe, sine } from './video-bed.ts'

const TRACKS = ['-map', '0', '-map', '1', '-map', '2']
const pictures = [...picture('64x36', 0.5), ...picture('320x180', 0.5, 10), ...picture('320x180', 0.5, 20)]
const isDefault = (flags: readonly number[]) =>
  flags.flatMap((flag, n) => [`-disposition:v:${n}`, flag ? 'default' : '0'])

describe.skipIf(noFfmpeg)('of several tracks', () => {
  it.each([
    ['the largest is shown, of two the one with more frames', [0, 0, 0], 2, '320x180, track 3 of 3'],
    ['the same where all are the default one', [1, 1, 1], 2, '320x180, track 3 of 3'],
    ['the default one is shown, however small', [1, 0, 0], 0, '64x36, track 1 of 3'],
  ] as const)('%s', async (_title, flags, stream, detail) => {
    const warnings: SourceWarning[] = []
    const file = await film('f.mkv', ...pictures, ...TRACKS, ...H264, ...isDefault(flags))
    const facts = await probe(file, 'video/matroska', {}, warning => warnings.push(warning))
    expect([facts.videoStream, warnings]).toEqual([stream, [{ code: 'TRACK_CHOSEN', detail }]])
  })

  it('the default one of the sounds is heard, and its language is said', async () => {
    const warnings: SourceWarning[] = []
    const says = ['-metadata:s:a:0', 'language=eng', '-metadata:s:a:1', 'language=deu']
    const flags = ['-disposition:a:0', '0', '-disposition:a:1', 'default']
    const inputs = [...picture('64x36', 0.5), ...sine(0.5), ...sine(0.5)]
    const file = await film('f.mkv', ...inputs, ...TRACKS, ...H264, ...says, ...flags)
    const facts = await probe(file, 'video/matroska', {}, warning => warnings.push(warning))
    const detail = expect.stringMatching(/^sound \((deu|ger)\), track 2 of 2$/)
    expect([facts.audioStream, warnings]).toEqual([2, [{ code: 'TRACK_CHOSEN', detail }]])
  })

  it('one of each kind, beside a cover, is no choice', async () => {
    const warnings: SourceWarning[] = []
    const cover = ['-c:v:1', 'mjpeg', '-pix_fmt:v:1', 'yuvj420p', '-disposition:v:1', 'attached_pic']
    const inputs = [...picture('64x36', 0.5), ...picture('320x180', 0.1), ...sine(0.5)]
    const file = await film('f.mp4', ...inputs, ...TRACKS, ...H264, ...cover)
    expect(await probe(file, 'video/mp4', {}, warning => warnings.push(warning))).toMatchObject({ videoStream: 0 })
    expect(warnings).toEqual([])
  })
})
