import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { brokenRules } from './hls-rules.ts'
import { tempDir } from './pool.ts'
import { faults, ffprobe, H264, make, noFfmpeg, probe, sine, testsrc, video } from './video-bed.ts'

const PARTS = 3
const PART_SEC = 2
const RATE = 25
/** A part's audio is a frame or two longer than its video. */
const TOLERANCE_MS = 150

const CONTAINERS = [
  ['ts', 'video/mp2t', [...H264, '-preset', 'veryfast', '-c:a', 'aac']],
  ['mpg', 'video/mpeg', ['-c:v', 'mpeg2video', '-bf', '2', '-c:a', 'mp2']],
] as const

/** What `cat a.ts a.ts a.ts` makes: the clock goes back by two seconds, twice. */
async function joined(extension: string, codecs: readonly string[]): Promise<string> {
  const part = await video(`part.${extension}`, ...testsrc('320x180', PART_SEC, RATE), ...sine(PART_SEC), ...codecs)
  const bytes = await readFile(part)
  const file = path.join(await tempDir(), `joined.${extension}`)
  await writeFile(file, Buffer.concat(Array.from({ length: PARTS }, () => bytes)))
  return file
}

describe.skipIf(noFfmpeg).each(CONTAINERS)('joined streams in .%s', (extension, type, codecs) => {
  let file: string
  beforeAll(async () => {
    file = await joined(extension, codecs)
  })

  it('are as long as their parts together, at the rate of one', async () => {
    const { durationMs, shownMs, frameRate } = await probe(file, type)
    expect(Math.abs(durationMs - PARTS * PART_SEC * 1000)).toBeLessThan(TOLERANCE_MS)
    expect(Math.abs(shownMs - PARTS * PART_SEC * 1000)).toBeLessThan(TOLERANCE_MS)
    expect(frameRate).toBeCloseTo(RATE, 1)
  })

  it('count whole for the limit of the length', async () => {
    const limits = { maxDurationMs: PART_SEC * 2 * 1000 }
    await expect(probe(file, type, limits)).rejects.toMatchObject({ code: 'TOO_LONG' })
  })

  it('become an MP4 and a ladder with every frame', async () => {
    const specs = [
      { name: 'mp4', type: 'rendition', resolution: 120, effort: 0 },
      { name: 'hls', type: 'hls', segmentSec: 2, ladder: [{ resolution: 120, effort: 0 }] },
    ]
    const made = await make(file, specs, { type })
    expect(faults(made)).toEqual({})
    const [shown, heard] = (await ffprobe(made.file('mp4'))).streams
    expect(shown).toMatchObject({ nb_frames: String(PARTS * PART_SEC * RATE) })
    for (const stream of [shown, heard])
      expect(Math.abs(Number(stream?.duration) - PARTS * PART_SEC)).toBeLessThan(TOLERANCE_MS / 1000)
    expect(await brokenRules(made)).toEqual([])
  })
})
