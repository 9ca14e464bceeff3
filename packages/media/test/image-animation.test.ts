import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findTools } from '../src/ffmpeg/find-tools.ts'
import { encodeFrames } from '../src/image/animation/encode-frames.ts'
import type { MediaPool } from '../src/index.ts'
import { processBytes } from './image-bed.ts'
import { markedLimits, tempDir, testPool } from './pool.ts'

const WIDTH = 61
const HEIGHT = 41
const COLORS = ['#ff0000', '#00ff00', '#0000ff']
const DELAYS = [100, 300, 200]

/** Three frames, each of one colour. */
const frames = async () => {
  const raw = COLORS.map(background =>
    sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background } })
      .raw()
      .toBuffer(),
  )
  const data = Buffer.concat(await Promise.all(raw))
  return sharp(data, { raw: { width: WIDTH, height: HEIGHT * COLORS.length, channels: 3, pageHeight: HEIGHT } })
}
const SOURCES = {
  'image/gif': async () => (await frames()).gif({ delay: DELAYS, loop: 2 }).toBuffer(),
  'image/webp': async () => (await frames()).webp({ delay: DELAYS, loop: 2, lossless: true }).toBuffer(),
}
type Source = keyof typeof SOURCES
const TYPES = Object.keys(SOURCES) as Source[]

let pool: MediaPool
beforeAll(async () => {
  pool = await testPool(markedLimits(), { tools: await findTools(process.env) })
})
afterAll(() => pool?.close())

const make = async (type: Source, variant: object) => {
  const spec = { name: 'moving', type: 'animation', ...variant }
  const { facts, reports } = await processBytes(pool, await SOURCES[type](), type, spec)
  const [report] = reports
  if (!report || !('file' in report))
    throw new Error(`not made: ${report && 'error' in report ? report.error.message : 'nothing'}`)
  return { facts, ...report }
}

const ffprobe = async (file: string) => {
  const args = ['-v', 'error', '-count_frames', '-show_streams', '-show_format', '-of', 'json', file]
  const { stdout } = await promisify(execFile)('ffprobe', args)
  return JSON.parse(stdout) as { streams: Record<string, unknown>[]; format: Record<string, unknown> }
}

describe.each(TYPES)('%s', type => {
  it('becomes an animated WebP with its frames, delays and loops', async () => {
    const { file, facts, width, height } = await make(type, { format: 'webp', width: 30 })
    expect(facts).toMatchObject({ animated: true, frameCount: 3, durationMs: 600 })
    const metadata = await sharp(file).metadata()
    expect([width, height]).toEqual([30, 20])
    expect(metadata).toMatchObject({ pages: 3, delay: DELAYS, loop: 2, width: 30, height: 20 })
    const firsts = await Promise.all(COLORS.map((_, page) => sharp(file, { page }).removeAlpha().raw().toBuffer()))
    expect(firsts.map(data => [...data.subarray(0, 3)].map(value => Math.round(value / 255)))).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ])
  })

  it('becomes a muted MP4 of even size and the same length, which starts before it is loaded', async () => {
    const { file, width, height } = await make(type, { format: 'mp4' })
    expect([width, height]).toEqual([60, 40])
    const { streams, format } = await ffprobe(file)
    expect(streams).toHaveLength(1)
    expect(streams[0]).toMatchObject({
      codec_name: 'h264',
      pix_fmt: 'yuv420p',
      width: 60,
      height: 40,
      color_space: 'bt709',
      // The delays have 100 ms in common, so each frame is shown 1, 3 and 2 times.
      nb_read_frames: '6',
      avg_frame_rate: '10/1',
    })
    expect(Number(format.duration)).toBeCloseTo(0.6, 2)
    const bytes = await readFile(file)
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'))
  })

  it('keeps its colours in the MP4', async () => {
    const { file } = await make(type, { format: 'mp4', quality: 95 })
    const args = ['-v', 'error', '-i', file, '-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1']
    const { stdout } = await promisify(execFile)('ffmpeg', args, { encoding: 'buffer' })
    const frame = 60 * 40 * 3
    const shown = Array.from({ length: stdout.length / frame }, (_, n) => [
      ...stdout.subarray(n * frame, n * frame + 3),
    ])
    const nearest = shown.map(rgb => rgb.indexOf(Math.max(...rgb)))
    expect(nearest).toEqual([0, 1, 1, 1, 2, 2])
    expect(Math.max(...shown.flatMap(rgb => rgb.toSorted((a, b) => a - b).slice(0, 2)))).toBeLessThan(12)
  })
})

it.each([
  ['webp', 16_383],
  ['mp4', 8192],
])('a long animation fits into a %s', async (format, longest) => {
  const raw = { width: 20_000, height: 8, channels: 3, pageHeight: 4 } as const
  const gif = await sharp(Buffer.alloc(20_000 * 8 * 3).fill(90, 20_000 * 4 * 3), { raw })
    .gif({ delay: [100, 100] })
    .toBuffer()
  const { reports } = await processBytes(pool, gif, 'image/gif', { name: 'moving', type: 'animation', format })
  expect(reports[0]).toMatchObject({ width: longest })
})

it('that lies on its side keeps its proportions, although nothing can turn it', async () => {
  const lying = await (await frames()).withMetadata({ orientation: 6 }).webp({ delay: DELAYS }).toBuffer()
  const moving = { name: 'moving', type: 'animation', format: 'webp' }
  const { facts, reports } = await processBytes(pool, lying, 'image/webp', moving)
  expect(facts).toMatchObject({ orientation: 6, width: HEIGHT, height: WIDTH })
  expect(reports[0]).toMatchObject({ width: WIDTH, height: HEIGHT })
})

it('a disk that is full is not the fault of the file', async () => {
  const frame = Buffer.alloc(64 * 64 * 3)
  const job = { width: 64, height: 64, frameRate: 10, quality: 75, output: '/dev/full' }
  const encoding = encodeFrames(
    { tools: await findTools(process.env), outDir: await tempDir() },
    { ...job, frames: () => Array.from({ length: 50 }, () => frame) },
  )
  await expect(encoding).rejects.toMatchObject({ code: 'NO_SPACE' })
})

it('images of an animation show its first frame', async () => {
  const gif = await SOURCES['image/gif']()
  const { variants } = await processBytes(pool, gif, 'image/gif', { name: 'still', format: 'png' })
  const { data } = await sharp(variants[0]?.file).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  expect([...data.subarray(0, 3)]).toEqual([255, 0, 0])
})

it('is not planned as MP4 where there is no ffmpeg, and fails alone when it was', async () => {
  const bare = await testPool(markedLimits(), { size: 1, tools: null })
  const { reports } = await processBytes(
    ...([bare, await SOURCES['image/gif'](), 'image/gif'] as const),
    { name: 'mp4', type: 'animation', format: 'mp4' },
    { name: 'webp', type: 'animation', format: 'webp' },
  )
  const outcomes = Object.fromEntries(reports.map(report => [report.name, 'error' in report && report.error.code]))
  expect(outcomes).toEqual({ mp4: 'DECODER_UNAVAILABLE', webp: false })
  await bare.close()
})
