import { readFile } from 'node:fs/promises'
import { audioSamples, SAMPLE_RATE } from '../../compare/compare-audio.ts'
import { ffmpeg } from '../../kinds/bare/run-ffmpeg.ts'
import type { Fault } from './fault.ts'
import { type FaultBed, toldOf } from './fault-bed.ts'

const CODECS = ['aac', 'mp3', 'opus'] as const
const AUDIO_SPECS = CODECS.map(codec => ({ name: codec, type: 'sound', codec, bitrateKbps: 128 }))
const TARGET_LUFS = -16
const MAX_TRUE_PEAK_DB = -1.45

/** Pink noise with a clap of 20 ms each second, 30 dB louder. */
const CLAPS = [
  'anoisesrc=d=4:r=48000:c=pink:a=0.06:seed=1[quiet];anoisesrc=d=4:r=48000:c=white:a=0.9:seed=2,',
  "volume='lt(mod(t,1),0.02)':eval=frame[claps];[quiet][claps]amix=2:normalize=0",
].join('')

/** Measures LUFS and dBTP with ffmpeg. */
async function loudnessOf(file: string): Promise<{ integrated: number; truePeak: number }> {
  const said = await ffmpeg('-i', file, '-map', '0:a', '-af', 'ebur128=peak=true', '-f', 'null', '-')
  const last = (pattern: RegExp) => Number([...said.matchAll(pattern)].at(-1)?.[1])
  return { integrated: last(/I:\s+(\S+) LUFS/g), truePeak: last(/Peak:\s+(\S+) dBFS/g) }
}

/** Of full scale: louder than what a codec makes of silence. */
const HEARD = 0.05
const onsetOf = async (file: string): Promise<number> =>
  (await audioSamples(file)).findIndex(sample => Math.abs(sample) > HEARD) / SAMPLE_RATE

/** Silence, then a tone from 0.2 s on. */
const BEEP = 'aevalsrc=0.5*sin(880*2*PI*t)*gte(t\\,0.2):d=1:s=48000'

const lateAudio = (bed: FaultBed) =>
  bed.video(
    'a.mp4',
    ...['-f', 'lavfi', '-i', 'testsrc2=s=64x64:r=10:d=2', '-f', 'lavfi', '-i', BEEP],
    ...[...['-af', 'asetpts=PTS+0.8/TB', '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'aac']],
  )

const WAVE = { width: 600, height: 120 }

export const AUDIO_FAULTS: Fault[] = [
  {
    row: 3,
    fault: 'A truncated Ogg of 60 s becomes `ready` with 22 s and without a warning.',
    before: '22 s, no warning',
    expected: '`SOURCE_TRUNCATED`',
    test: 'packages/media/test/audio-truncation.test.ts',
    async measure(bed) {
      const whole = await readFile(
        await bed.video('a.ogg', '-f', 'lavfi', '-i', 'anoisesrc=d=60:r=44100:a=0.3', '-c:a', 'libvorbis'),
      )
      const file = await bed.write('a.ogg', whole.subarray(0, Math.floor(whole.length * 0.37)))
      const { facts, warnings } = await bed.make(file, 'audio/ogg', { audio: [{ name: 'peaks', type: 'peaks' }] })
      const sec = facts.kind === 'audio' ? facts.durationMs / 1000 : Number.NaN
      const told = toldOf(warnings)
      return { now: `${sec.toFixed(1)} s; ${told}`, isRight: warnings.some(({ code }) => code === 'SOURCE_TRUNCATED') }
    },
  },
  {
    row: 12,
    fault: 'Audio extracted from a video loses the silence before it (a beep 1.0 s into the video).',
    before: 'beep at 0.22 s in MP3',
    expected: 'beep at 1.00 s',
    test: 'packages/media/test/audio-clock.test.ts',
    async measure(bed) {
      const made = await bed.make(await lateAudio(bed), 'video/mp4', { video: AUDIO_SPECS })
      const onsets = await Promise.all(CODECS.map(codec => onsetOf(made.file(codec))))
      const now = CODECS.map((codec, n) => `${codec} ${onsets[n]?.toFixed(3)} s`).join(', ')
      return { now, isRight: onsets.every(sec => Math.abs(sec - 1) < 0.01) }
    },
  },
  {
    row: 13,
    fault: 'Audio with high peaks (pink noise with claps) misses −16 LUFS, and the peaks of Opus are above −1.5 dBTP.',
    before: '−23.2 LUFS; −0.5 dBTP in Opus',
    expected: '−16 ± 0.5 LUFS, at most −1.5 dBTP, in every codec',
    test: 'packages/media/test/audio-loudness.test.ts',
    async measure(bed) {
      const made = await bed.make(await bed.video('a.flac', '-f', 'lavfi', '-i', CLAPS), 'audio/flac', {
        audio: AUDIO_SPECS,
      })
      const all = await Promise.all(CODECS.map(codec => loudnessOf(made.file(codec))))
      const now = CODECS.map((codec, n) => `${codec} ${all[n]?.integrated} LUFS, ${all[n]?.truePeak} dBTP`).join('; ')
      const isRight = all.every(
        ({ integrated, truePeak }) => Math.abs(integrated - TARGET_LUFS) <= 0.5 && truePeak <= MAX_TRUE_PEAK_DB,
      )
      return { now, isRight }
    },
  },
  {
    row: 13,
    fault: 'Stereo in antiphase has a flat waveform.',
    before: 'a line',
    expected: 'as high as the louder channel: 64 of 128',
    test: 'packages/media/test/audio-wave.test.ts',
    async measure(bed) {
      const swell = '0.5*sin(440*2*PI*t)*abs(sin(PI*t/2))'
      const file = await bed.video('a.wav', '-f', 'lavfi', '-i', `aevalsrc=${swell}|-${swell}:d=6:s=44100`)
      const made = await bed.make(file, 'audio/wav', {
        audio: [
          { name: 'waveform', type: 'waveform', ...WAVE, format: 'png' },
          { name: 'peaks', type: 'peaks' },
        ],
      })
      const { data } = JSON.parse(await readFile(made.file('peaks'), 'utf8')) as { data: number[] }
      const highest = Math.max(...data)
      const draw = `pan=mono|c0=.5*c0+.5*c1,showwavespic=s=${WAVE.width}x${WAVE.height}:colors=0x4f46e5`
      const naive = await bed.video('naive.png', '-i', file, '-filter_complex', draw, '-frames:v', '1')
      return {
        now: `${highest} of 128`,
        isRight: Math.abs(highest - 64) <= 1,
        sides: [
          { label: 'naive: ffmpeg, of both channels together', image: naive },
          { label: 'Darkroom', image: made.file('waveform') },
        ],
      }
    },
  },
]
