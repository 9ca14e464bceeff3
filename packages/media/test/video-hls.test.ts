import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  complaints,
  distance,
  faults,
  ffprobe,
  H264,
  type Made,
  make,
  noFfmpeg,
  pixelAt,
  sine,
  testsrc,
  video,
} from './video-bed.ts'

const LADDER = [
  { resolution: 240, effort: 1, maxFrameRate: 15 },
  { resolution: 120, effort: 1, crf: 30 },
  { resolution: 720, effort: 1 },
]
const HLS = { name: 'hls', type: 'hls', segmentSec: 2, ladder: LADDER }

const source = () => video('f.mp4', ...testsrc('426x240', 5, 30), ...sine(5), ...H264, '-c:a', 'aac')

/** Playlists are published beside what was written. */
const nameOf = (file: string): string => path.basename(file.endsWith('.m3u8') ? `${file}.m3u8` : file)

/** Puts the files' names in the place of `{{name}}`, as the parent does; returns the path of a playlist. */
async function publish(made: Made, name: string): Promise<string> {
  for (const planned of made.planned.filter(({ extension }) => extension === 'm3u8')) {
    const text = await made.text(planned.name)
    const published = text.replace(/\{\{([a-z0-9-]+)\}\}/g, (_, of) => nameOf(made.file(of)))
    await writeFile(`${made.file(planned.name)}.m3u8`, published)
  }
  return `${made.file(name)}.m3u8`
}

interface Step {
  attributes: Record<string, string>
  name: string
}

function stepsOf(master: string): Step[] {
  return [...master.matchAll(/#EXT-X-STREAM-INF:(.*)\n\{\{(.*)\}\}\n/g)].map(([, line = '', name = '']) => ({
    attributes: Object.fromEntries(
      [...line.matchAll(/([A-Z-]+)=("[^"]*"|[^,]*)/g)].map(([, key, value]) => [key, value]),
    ),
    name,
  }))
}

const segmentsOf = (playlist: string) =>
  [...playlist.matchAll(/#EXTINF:(\S+),\n#EXT-X-BYTERANGE:(\d+)@(\d+)\n(.*)\n/g)].map(
    ([, sec, length, offset, uri]) => ({
      sec: Number(sec),
      length: Number(length),
      offset: Number(offset),
      uri,
    }),
  )

describe.skipIf(noFfmpeg)('an HLS ladder', () => {
  let file: string
  let made: Made
  beforeAll(async () => {
    file = await source()
    made = await make(file, [HLS])
  })

  it('has no step larger than the video, and says of each what a player asks for', async () => {
    expect(faults(made)).toEqual({})
    const steps = stepsOf(await made.text('hls'))
    expect(steps.map(({ name }) => name)).toEqual(['hls-120', 'hls-240'])
    for (const { name, attributes } of steps) {
      const media = made.file(`${name}-media`)
      const [video, audio] = (await ffprobe(media)).streams
      expect(attributes.RESOLUTION).toBe(`${video?.width}x${video?.height}`)
      const level = Number(video?.level).toString(16)
      expect([video?.profile, audio?.profile]).toEqual(['High', 'LC'])
      expect(attributes.CODECS).toBe(`"avc1.6400${level},mp4a.40.2"`)
      const segments = segmentsOf(await made.text(name))
      const peak = Math.max(...segments.map(({ length, sec }) => (length * 8) / sec))
      expect(Number(attributes.BANDWIDTH)).toBeGreaterThanOrEqual(peak)
      expect(Number(attributes['AVERAGE-BANDWIDTH'])).toBeLessThanOrEqual(Number(attributes.BANDWIDTH))
    }
    expect(steps.map(({ attributes }) => attributes['FRAME-RATE'])).toEqual(['30.000', '15.000'])
  })

  it('plays from the master to the last segment, and each segment alone', async () => {
    const master = await publish(made, 'hls')
    expect((await ffprobe(master)).streams.filter(({ codec_type }) => codec_type === 'video')).toHaveLength(2)
    for (const name of ['hls-120', 'hls-240']) {
      const playlist = await made.text(name)
      const segments = segmentsOf(playlist)
      expect(segments.reduce((sum, { sec }) => sum + sec, 0)).toBeCloseTo(5, 3)
      const bytes = await readFile(made.file(`${name}-media`))
      const [, length = 0, offset = 0] = /EXT-X-MAP:URI="\S+",BYTERANGE="(\d+)@(\d+)"/.exec(playlist)?.map(Number) ?? []
      const head = bytes.subarray(offset, offset + length)
      for (const [n, segment] of segments.entries()) {
        const file = path.join(made.outDir, `segment-${n}.mp4`)
        await writeFile(file, Buffer.concat([head, bytes.subarray(segment.offset, segment.offset + segment.length)]))
        expect(await complaints(file)).toBe('')
        const shown = await ffprobe(file, '-show_entries', 'packet=flags', '-select_streams', 'v')
        expect((shown as unknown as { packets: { flags: string }[] }).packets[0]?.flags).toContain('K')
      }
      expect(segments.at(-1)).toMatchObject({ uri: `{{${name}-media}}` })
      const last = segments.at(-1)
      expect((last?.offset ?? 0) + (last?.length ?? 0)).toBe(bytes.length)
    }
  })

  it('has its segments begin at the same times in all steps', async () => {
    const [small, large] = [segmentsOf(await made.text('hls-120')), segmentsOf(await made.text('hls-240'))]
    expect(small).toHaveLength(3)
    for (const [n, { sec }] of small.entries()) expect(sec).toBe(large[n]?.sec)
  })

  it('refers by name to what was planned, and is made anew without the steps that stand', async () => {
    const made = await make(file, [HLS], { only: ['hls'] })
    expect(made.announced.map(({ name }) => name)).toEqual(['hls'])
    const [step] = stepsOf(await made.text('hls'))
    expect(Number(step?.attributes.BANDWIDTH)).toBeGreaterThan(200_000)
    const names = made.planned.map(({ name }) => name)
    for (const { refersTo } of made.planned) expect(names).toEqual(expect.arrayContaining([...refersTo]))
    const of = (name: string) => made.planned.find(planned => planned.name === name)?.refersTo
    expect([of('hls'), of('hls-120'), of('hls-120-media')]).toEqual([
      ['hls-120', 'hls-240'],
      ['hls-120-media'],
      ['hls-120'],
    ])
  })

  it('without audio names no codec of audio', async () => {
    const made = await make(await video('f.mp4', ...testsrc('160x120', 1), ...H264), [HLS])
    const [step, ...others] = stepsOf(await made.text('hls'))
    expect(others).toEqual([])
    expect(step?.attributes.CODECS).toBe('"avc1.64001e"')
  })

  it('of a video that ends within its first second goes on with its last frame, not with black', async () => {
    const red = ['-f', 'lavfi', '-i', 'color=red:s=160x120:r=10:d=0.3']
    const made = await make(await video('f.mp4', ...red, ...sine(0.8), ...H264), [HLS])
    const last = await video('last.png', '-i', made.file('hls-120-media'), '-update', '1')
    expect(distance(await pixelAt(last, 0.5, 0.5), [255, 0, 0])).toBeLessThan(20)
  })

  it('whose step fails is not published with the others', async () => {
    const made = await make(file, [HLS], { limits: { maxOutputBytes: 60_000 } })
    expect(faults(made)).toMatchObject({ 'hls-240': 'OUTPUT_TOO_LARGE', 'hls-240-media': 'OUTPUT_TOO_LARGE' })
    expect(faults(made).hls).toBe('CORRUPT_FILE')
  })
})
