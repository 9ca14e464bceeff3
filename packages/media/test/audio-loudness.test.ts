import { beforeAll, describe, expect, it } from 'vitest'
import { loudnessOf, make, type Rendered, renderFile } from './audio-bed.ts'
import { H264, type Made, make as makeOfVideo, testsrc } from './video-bed.ts'

const TARGET_LUFS = -16
const TOLERANCE_LU = 0.5
/** The promise is -1.5; ffmpeg prints a digit. */
const MAX_TRUE_PEAK_DB = -1.45
const AUDIO_SPECS = ['aac', 'mp3', 'opus'].map(codec => ({ name: codec, type: 'sound', codec, bitrateKbps: 128 }))

/** Pink noise with a clap of 20 ms each second, 30 dB louder. */
const CLAPS = [
  'anoisesrc=d=3:r=48000:c=pink:a=0.06:seed=1[quiet];anoisesrc=d=3:r=48000:c=white:a=0.9:seed=2,',
  "volume='lt(mod(t,1),0.02)':eval=frame[claps];[quiet][claps]amix=2:normalize=0",
].join('')

const expectRight = async (file: string | undefined, name: string) => {
  const { integrated, truePeak } = await loudnessOf(file)
  expect(Math.abs(integrated - TARGET_LUFS), `${name}: ${integrated} LUFS`).toBeLessThanOrEqual(TOLERANCE_LU)
  expect(truePeak, `${name}: ${truePeak} dBTP`).toBeLessThanOrEqual(MAX_TRUE_PEAK_DB)
}

describe.each([
  ['pink noise with claps', CLAPS, 'anull'],
  [
    'quiet speech-like bursts',
    "aevalsrc='0.3*sin(300*2*PI*t)*exp(-mod(t,0.4)*12)+0.002*random(0)':d=3:s=44100",
    'anull',
  ],
  ['noise that is even', 'anoisesrc=d=2:r=44100:c=pink:a=0.9:seed=3', 'anull'],
  ['a tone in the middle of the scale', 'sine=440:d=2:r=48000', 'volume=-3dB'],
])('%s', (_title, source, filter) => {
  let made: Rendered
  beforeAll(async () => {
    made = await renderFile(await make('in.flac', [source], '-af', filter), AUDIO_SPECS)
  }, 180_000)

  it.each(['aac', 'mp3', 'opus'])('decoded again has its loudness, and no peak above -1.5 dBTP: %s', async codec => {
    await expectRight(made.files[codec], codec)
  })
})

it('progress goes on while an audio file is made again until it is right', async () => {
  const { progress } = await renderFile(await make('in.flac', [CLAPS]), AUDIO_SPECS.slice(0, 1))
  expect(progress).toEqual(progress.toSorted((a, b) => a - b))
  expect(progress.some(value => value > 0.25 && value < 1)).toBe(true)
})

describe('a video with claps in its audio', () => {
  let made: Made
  beforeAll(async () => {
    const file = await make('in.mp4', [testsrc('176x144', 3)[3] ?? '', CLAPS], ...H264, '-c:a', 'flac', '-strict', '-2')
    made = await makeOfVideo(file, [{ name: 'video', type: 'rendition', resolution: 120, effort: 1 }])
  }, 180_000)

  it('has the loudness and the peaks that audio files have', () => expectRight(made.file('video'), 'video'))
})

it('what cannot be as loud as it is asked to be keeps its peaks', async () => {
  const click = 'aevalsrc=0.9*sin(1000*2*PI*t)*lt(mod(t\\,1)\\,0.002):d=4:s=44100'
  const { files } = await renderFile(await make('in.wav', [click]), [{ ...AUDIO_SPECS[0], loudness: -5 }])
  expect((await loudnessOf(files.aac)).truePeak).toBeLessThanOrEqual(MAX_TRUE_PEAK_DB)
})
