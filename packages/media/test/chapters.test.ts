import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { factsOf, renderFile, samplesOf } from './audio-bed.ts'
import { asComments, cuesOf, metadataFile, turnsWhiteAt, type Written } from './chapters-bed.ts'
import { H264, make, noFfmpeg, probe, sine, video } from './video-bed.ts'

const CHAPTERS = { name: 'chapters', type: 'chapters' }
const RENDITION = { name: 'mp4', type: 'rendition', resolution: 120 }

/**
 * Two seconds of black and two of white, 25 frames a second. A grey stripe gives each frame something to see: in one without, the poster is looked for
 * six times.
 */
const BLACK_THEN_WHITE = [
  ...['-f', 'lavfi', '-i'],
  'color=c=black:s=96x64:r=25:d=2[black];color=c=white:s=96x64:r=25:d=2[white];[black][white]concat,drawbox=w=24:h=64:c=gray:t=fill',
]
/** A second of silence and a tone for another. */
const SILENCE_THEN_TONE = [
  '-f',
  'lavfi',
  '-i',
  'anullsrc=r=48000:cl=mono:d=1[silence];sine=r=48000:d=1[tone];[silence][tone]concat=v=0:a=1',
]

const withChapters = async (chapters: readonly Written[], timeBase?: string) => [
  ...['-i', await metadataFile(chapters, timeBase), '-map', '0', '-map_chapters', '1'],
]

describe.skipIf(noFfmpeg)('chapters of a video', () => {
  it.each([
    ['MP4', 'a.mp4', 'video/mp4', '1001/30000'],
    ['QuickTime', 'a.mov', 'video/quicktime', '1/90000'],
    ['Matroska', 'a.mkv', 'video/matroska', '1/44100'],
  ] as const)('in %s become cues at the moments that they name', async (_, name, type, timeBase) => {
    const [ticks = 1, perSec = 1] = timeBase.split('/').map(Number)
    const at = Math.round((2 * perSec) / ticks)
    const written = [
      { at: 0, title: 'Black & <i>dark</i>' },
      { at, title: 'White; #2 = é 第' },
    ]
    const file = await video(name, ...BLACK_THEN_WHITE, ...(await withChapters(written, timeBase)), ...H264)
    const made = await make(file, [CHAPTERS, RENDITION], { type })
    expect(made.facts.chapters.map(({ title }) => title)).toEqual(['Black & <i>dark</i>', 'White; #2 = é 第'])
    const vtt = await made.text('chapters')
    expect(vtt).toMatch(/^WEBVTT\n\n00:00:00\.000 --> 00:00:0[12]\.\d{3}\nBlack &amp; &lt;i&gt;dark&lt;\/i&gt;\n\n/)
    expect(vtt).toMatch(/ --> 00:00:04\.000\nWhite; #2 = é 第\n$/)
    const turned = await turnsWhiteAt(made.file('mp4'))
    expect(turned).toBeCloseTo(2, 1)
    expect(Math.abs((cuesOf(vtt)[1]?.[0] ?? 0) - turned)).toBeLessThan(0.04)
  })

  it.each([
    ['all of which begins at 5 s', 5, false],
    ['whose video begins 0.8 s after the audio', 0.8, true],
  ])('%s are on the clock of what is made of it', async (_, lateSec, hasAudio) => {
    const plain = await video('plain.mkv', ...BLACK_THEN_WHITE, ...H264)
    const written = [
      { at: lateSec * 1000, title: 'Black' },
      { at: (lateSec + 2) * 1000, title: 'White' },
    ]
    const inputs = ['-itsoffset', String(lateSec), '-i', plain, '-i', await metadataFile(written)]
    const audioArgs = hasAudio ? [...sine(5), '-map', '2'] : []
    const [audio = [], map = []] = [audioArgs.slice(0, 4), audioArgs.slice(4)]
    const file = await video('late.mkv', ...inputs, ...audio, '-map', '0', ...map, '-map_chapters', '1', '-c:v', 'copy')
    const { facts, file: fileOf, text } = await make(file, [CHAPTERS, RENDITION], { type: 'video/matroska' })
    expect(facts.chapters).toHaveLength(2)
    const cues = cuesOf(await text('chapters'))
    expect(cues.map(([, title]) => title)).toEqual(['Black', 'White'])
    const turned = await turnsWhiteAt(fileOf('mp4'))
    expect(turned).toBeCloseTo(hasAudio ? 2.8 : 2, 1)
    expect(Math.abs((cues[1]?.[0] ?? 0) - turned)).toBeLessThan(0.04)
  })

  it('are no variant, and none that failed, where there are none', async () => {
    const made = await make(await video('a.mp4', ...BLACK_THEN_WHITE, ...H264), [CHAPTERS, RENDITION])
    expect(made.facts.chapters).toEqual([])
    expect(made.announced.map(({ name }) => name)).toEqual(['mp4'])
  })

  it('by the thousand, without titles and past the end, are 500 at most', async () => {
    const many = Array.from({ length: 2000 }, (_, n) => ({ at: n * 3 }))
    const file = await video('a.mkv', ...BLACK_THEN_WHITE, ...(await withChapters(many)), ...H264)
    const { chapters } = await probe(file, 'video/matroska')
    expect(chapters).toHaveLength(500)
    expect(chapters.at(-1)).toEqual({ startMs: 1497, endMs: 4000, title: 'Chapter 500' })
  })
})

describe.skipIf(noFfmpeg)('chapters of an audio file', () => {
  const AAC = { name: 'aac', type: 'sound', codec: 'aac', loudness: null }
  const written = (beginMs = 0, third?: string): Written[] => [
    { at: beginMs, title: 'Silence' },
    { at: beginMs + 1000, title: 'Tone' },
    { at: beginMs + 1500, ...(third && { title: third }) },
    { at: beginMs + 99_000, title: 'Behind' },
  ]
  const inHeader = (beginMs = 0, third?: string) => withChapters(written(beginMs, third))
  const inComments = async () => asComments(written())

  it.each([
    // ffmpeg writes no chapter without a title into MP4.
    ['an audiobook', 'a.m4b', 'audio/mp4', () => inHeader(0, 'Third'), ['-c:a', 'aac', '-f', 'ipod']],
    ['an MP3', 'a.mp3', 'audio/mpeg', inHeader, ['-c:a', 'libmp3lame']],
    ['an AIFF', 'a.aiff', 'audio/aiff', inHeader, ['-write_id3v2', '1']],
    ['an Ogg', 'a.ogg', 'audio/ogg', inComments, ['-c:a', 'libopus']],
    ['a FLAC', 'a.flac', 'audio/flac', inComments, ['-c:a', 'flac']],
    [
      'a Matroska that begins late',
      'a.mka',
      'video/matroska',
      () => inHeader(3000),
      ['-c:a', 'flac', '-output_ts_offset', '3'],
    ],
  ] as const)('in %s become cues at the moments that they name', async (_, name, type, chapters, codec) => {
    const file = await video(name, ...SILENCE_THEN_TONE, ...(await chapters()), ...codec)
    const { facts, files } = await renderFile(file, [CHAPTERS, AAC], type)
    const third = name === 'a.m4b' ? 'Third' : 'Chapter 3'
    expect(facts.chapters.map(({ title }) => title)).toEqual(['Silence', 'Tone', third])
    const cues = cuesOf(await readFile(files.chapters ?? '', 'utf8'))
    const heard = (await samplesOf(files.aac)).findIndex(sample => Math.abs(sample) > 0.02) / 48_000
    expect(heard).toBeCloseTo(1, 1)
    expect(Math.abs((cues[1]?.[0] ?? 0) - heard)).toBeLessThan(0.05)
    expect(cues[2]?.[0]).toBeCloseTo(1.5, 2)
    expect(facts.chapters.at(-1)?.endMs).toBe(facts.durationMs)
  })

  it('are no variant where there are none', async () => {
    const file = await video('a.mp3', ...SILENCE_THEN_TONE, '-c:a', 'libmp3lame')
    expect((await factsOf(file)).chapters).toEqual([])
    const { reports } = await renderFile(file, [CHAPTERS, AAC])
    expect(reports.map(({ name }) => name)).toEqual(['icon', 'aac'])
  })
})
