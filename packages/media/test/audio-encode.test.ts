import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { pairsOf, samplesOf } from '@darkroom/testing/samples'
import { describe, expect, it } from 'vitest'
import { inspect, loudnessOf, make, renderFile, TOOLS } from './audio-bed.ts'
import { tempDir } from './pool.ts'

const exec = promisify(execFile)

const audio = (name: string, codec: string, more: object = {}) => ({ name, type: 'sound', codec, ...more })
const ALL = [audio('aac', 'aac'), audio('mp3', 'mp3'), audio('opus', 'opus', { bitrateKbps: 512 })]
const AS_IS = ALL.map(spec => ({ ...spec, loudness: null }))
/** A few tones with beats, a swell and noise: uneven, as music is. */
const MUSIC =
  'aevalsrc=0.25*sin(220*2*PI*t)*(0.3+abs(sin(PI*t/4)))+0.2*sin(277*2*PI*t)*exp(-mod(t\\,0.5)*6)+0.05*random(0)' +
  '|0.25*sin(330*2*PI*t)*(0.3+abs(cos(PI*t/4)))+0.2*sin(277*2*PI*t)*exp(-mod(t\\,0.5)*6)+0.05*random(1):d=5:s=44100'

describe('a sound', () => {
  const SOURCES = [
    { title: 'music, which is too loud', source: MUSIC, filter: 'volume=8dB' },
    { title: 'a quiet tone', source: 'sine=440:d=4:r=48000', filter: 'volume=-20dB' },
    { title: 'noise', source: 'anoisesrc=d=4:r=44100:c=pink:a=0.9', filter: 'anull' },
  ]

  it.each(pairsOf(SOURCES, ALL))(
    'is within 1 LU of its loudness, whatever it was before: $0.title as $1.codec',
    async ({ source, filter }, spec) => {
      const file = await make('in.flac', [source], '-af', filter)
      const { files, reports } = await renderFile(file, [spec])
      expect(reports.filter(report => 'fault' in report)).toEqual([])
      const { integrated, truePeak } = await loudnessOf(files[spec.name])
      expect(Math.abs(integrated + 16)).toBeLessThanOrEqual(1)
      expect(truePeak).toBeLessThan(0)
    },
  )

  it('with peaks that the gain would drive too high is limited, not clipped', async () => {
    const click = '0.05*sin(440*2*PI*t)+0.9*sin(880*2*PI*t)*lt(mod(t\\,1)\\,0.05)'
    const file = await make('in.wav', [`aevalsrc=${click}:d=6:s=44100`])
    const loud = await renderFile(file, [audio('aac', 'aac', { loudness: -12, bitrateKbps: 256 })])
    expect((await loudnessOf(file)).truePeak).toBeGreaterThan(-1.5)
    expect((await loudnessOf(loud.files.aac)).truePeak).toBeLessThan(-0.9)
  })

  it('keeps its loudness when the preset says so', async () => {
    const file = await make('in.flac', ['sine=440:d=4:r=44100'], '-af', 'volume=-10dB')
    const { files } = await renderFile(file, [audio('aac', 'aac', { loudness: null })])
    const [before, after] = [await loudnessOf(file), await loudnessOf(files.aac)]
    expect(Math.abs(before.integrated - after.integrated)).toBeLessThan(0.3)
  })

  it('that is silent stays silent', async () => {
    const { files } = await renderFile(await make('in.wav', ['anullsrc=r=44100:d=2']), ALL)
    for (const name of ['aac', 'mp3', 'opus']) expect((await loudnessOf(files[name])).truePeak, name).toBe(-Infinity)
  })

  it('that is nearly silent is raised by no more than 30 dB', async () => {
    const file = await make('in.flac', ['sine=440:d=4:r=44100'], '-af', 'volume=-40dB')
    const { files } = await renderFile(file, [audio('aac', 'aac', { loudness: -5 })])
    const [before, after] = [await loudnessOf(file), await loudnessOf(files.aac)]
    expect(after.integrated - before.integrated).toBeCloseTo(30, 0)
  })

  const FORMS: [title: string, source: string, extension: string, channels: number, rate: number][] = [
    ['5.1', 'anoisesrc=d=2:r=48000:a=0.5,pan=5.1|c0=c0|c1=c0|c2=c0|c3=c0|c4=c0|c5=c0', 'flac', 2, 48_000],
    ['mono', 'sine=d=2:r=44100', 'flac', 1, 44_100],
    ['8 kHz', 'sine=d=2:r=8000', 'wav', 1, 8000],
    ['192 kHz', 'sine=d=2:r=192000,aformat=channel_layouts=stereo', 'flac', 2, 48_000],
    ['88.2 kHz', 'sine=d=2:r=88200', 'flac', 1, 44_100],
    ['3 channels that are not named', 'sine=d=2:r=44100,pan=3c|c0=c0|c1=c0|c2=c0', 'wav', 2, 44_100],
  ]
  const rateOf: Record<string, (rate: number) => number> = {
    aac: rate => rate,
    mp3: rate => Math.max(44_100, rate),
    opus: () => 48_000,
  }

  it.each(pairsOf(FORMS, AS_IS))(
    'of $0.0 has the codec, channels, rate and length that fit: $1.codec',
    async ([, source, extension, channels, rate], { name, codec, ...spec }) => {
      const { files } = await renderFile(await make(`in.${extension}`, [source]), [{ name, codec, ...spec }])
      const made = await inspect(files[name])
      expect(made).toMatchObject({ codec, channels, sampleRate: rateOf[codec]?.(rate) })
      expect(Math.abs(made.durationSec - 2)).toBeLessThan(0.06)
    },
  )

  it('of six loud channels is mixed down without clipping', async () => {
    const six = 'aevalsrc=0.8*sin(440*2*PI*t):d=2:s=48000,pan=5.1|c0=c0|c1=c0|c2=c0|c3=c0|c4=c0|c5=c0'
    const { files } = await renderFile(await make('in.m4a', [six], '-b:a', '512k'), AS_IS.slice(0, 1))
    expect((await loudnessOf(files.aac)).truePeak).toBeLessThan(0)
  })

  const COUNTS = samplesOf([9, 32, 10, 12, 16], count => count > 16)

  it.each(pairsOf(COUNTS, ALL))(
    'of %i channels, as recorders on a video set make them, has all of them: $1.codec',
    async (count, spec) => {
      const tones = Buffer.alloc(48_000 * 2 * count)
      // Only the last channel is not silent.
      for (let n = 0; n < 48_000; n++) {
        tones.writeInt16LE(Math.round(20_000 * Math.sin(n / 17)), (n * count + count - 1) * 2)
      }
      const raw = `${await tempDir()}/tones.raw`
      await writeFile(raw, tones)
      const file = `${raw}.wav`
      await exec(TOOLS.ffmpeg, ['-v', 'error', '-f', 's16le', '-ar', '48000', '-ac', `${count}`, '-i', raw, file])
      const { facts, files, reports } = await renderFile(file, [spec, { name: 'peaks', type: 'peaks', points: 10 }])
      expect([facts.channels, reports.filter(report => 'fault' in report)]).toEqual([count, []])
      expect(await inspect(files[spec.name])).toMatchObject({ channels: 2 })
      expect((await loudnessOf(files[spec.name])).integrated).toBeGreaterThan(-30)
      const { data } = JSON.parse(await readFile(files.peaks ?? '', 'utf8'))
      expect(Math.max(...data)).toBeGreaterThan(0)
    },
  )

  it('of more than one sample rate and layout is as long as all its parts', async () => {
    const stereo = await make('a.mp3', ['sine=d=2:r=44100,aformat=channel_layouts=stereo'], '-write_xing', '0')
    const mono = await make('b.mp3', ['sine=d=3:r=22050'], '-write_xing', '0')
    const file = `${stereo}.mixed.mp3`
    await writeFile(file, Buffer.concat([await readFile(stereo), await readFile(mono)]))
    const { facts, files } = await renderFile(file, AS_IS)
    expect(facts.durationMs / 1000).toBeCloseTo(5, 0)
    for (const name of ['aac', 'mp3', 'opus']) {
      expect(Math.abs((await inspect(files[name])).durationSec * 1000 - facts.durationMs), name).toBeLessThan(120)
    }
  })

  it('with a gap in its timeline stays as long as it was, everywhere', async () => {
    const gap = "asetpts='PTS+if(gt(T,1),5/TB,0)'"
    const file = await make('in.webm', ['sine=440:d=2:r=48000'], '-af', gap, '-c:a', 'libopus')
    const { facts, files } = await renderFile(file, [...AS_IS, { name: 'peaks', type: 'peaks', points: 70 }])
    expect(facts.durationMs / 1000).toBeCloseTo(7, 1)
    for (const name of ['aac', 'mp3', 'opus']) expect((await inspect(files[name])).durationSec, name).toBeCloseTo(7, 0)
    const { data, length } = JSON.parse(await readFile(files.peaks ?? '', 'utf8'))
    expect(length).toBe(70)
    expect(data.slice(30, 100).every((value: number) => Math.abs(value) <= 1)).toBe(true)
  })

  it('of one sample is made', async () => {
    const file = await make('in.flac', ['sine=d=1:r=44100'], '-af', 'atrim=end_sample=1')
    const { facts, reports, files } = await renderFile(file, [...ALL, { name: 'peaks', type: 'peaks' }])
    expect(facts.durationMs).toBe(1)
    expect(reports.filter(report => 'fault' in report)).toEqual([])
    expect((await inspect(files.opus)).durationSec).toBeLessThan(0.2)
  })

  it('starts before it is loaded: the index of an MP4 stands in front', async () => {
    const { files } = await renderFile(await make('in.wav', ['sine=d=2:r=44100']), [audio('aac', 'aac')])
    const bytes = await readFile(files.aac ?? '')
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'))
  })

  it('tells of its progress, which never goes back and ends at 1', async () => {
    const { progress } = await renderFile(await make('in.wav', ['sine=d=2:r=44100']), [
      ...ALL.slice(0, 2),
      { name: 'peaks', type: 'peaks' },
    ])
    expect(progress).toEqual(progress.toSorted((a, b) => a - b))
    expect(progress.at(-1)).toBe(1)
  })
})
