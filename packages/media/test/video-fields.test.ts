import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { brokenRules } from './hls-rules.ts'
import { ffprobe, type Made, make, noFfmpeg, testsrc, tools, video } from './video-bed.ts'

const SEC = 1
const SIZE = '320x240'

/** How alike two videos are, frame by frame: the least of all frames, 1 for the same. */
async function leastSsim(file: string, other: string): Promise<number> {
  const graph = 'scale=320:240,setpts=N/50/TB[a];[1:v]setpts=N/50/TB[b];[a][b]ssim=stats_file=-'
  const { stdout } = await promisify(execFile)(tools?.ffmpeg ?? '', [
    ...['-v', 'error', '-i', file, '-i', other, '-lavfi', `[0:v]${graph}`, '-f', 'null', '/dev/null'],
  ])
  return Math.min(...[...stdout.matchAll(/All:([\d.]+)/g)].slice(1).map(([, all]) => Number(all)))
}

describe.skipIf(noFfmpeg)('50i, of which the preset wants the fields', () => {
  let whole: string
  let made: Made
  beforeAll(async () => {
    whole = await video('50p.mkv', ...testsrc(SIZE, SEC, 50), '-c:v', 'ffv1', '-pix_fmt', 'yuv420p')
    const interlaced = ['-vf', 'interlace', '-c:v', 'mpeg2video', '-flags', '+ildct+ilme', '-q:v', '2']
    const file = await video('50i.ts', '-i', whole, ...interlaced)
    const encoding = { resolution: 240, effort: 0, crf: 12 }
    const specs = [
      { name: 'frames', type: 'rendition', ...encoding },
      { name: 'fields', type: 'rendition', ...encoding, deinterlace: 'fields' },
      { name: 'thirty', type: 'rendition', ...encoding, deinterlace: 'fields', maxFrameRate: 30 },
      { name: 'hls', type: 'hls', ladder: [encoding], segmentSec: 2, deinterlace: 'fields' },
    ]
    made = await make(file, specs, { type: 'video/mp2t' })
  })

  it.each([
    ['fields', 50],
    ['frames', 25],
    ['thirty', 25],
    ['hls-240-media', 50],
  ])('%s has %i frames in a second', async (name, frames) => {
    const [video] = (await ffprobe(made.file(name), '-count_packets', '-select_streams', 'v')).streams
    expect(Math.abs(Number(video?.nb_read_packets) - frames * SEC)).toBeLessThanOrEqual(1)
  })

  it('moves with every frame as what it was taken of', async () => {
    expect(await leastSsim(made.file('fields'), whole)).toBeGreaterThan(0.8)
  })

  it('keeps the rules of a ladder', async () => {
    expect(await brokenRules(made)).toEqual([])
  })
})
