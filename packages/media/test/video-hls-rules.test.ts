import { describe, expect, it } from 'vitest'
import { brokenRules } from './hls-rules.ts'
import { faults, H264, make, noFfmpeg, sine, testsrc, video } from './video-bed.ts'

const LADDER = [
  { resolution: 120, effort: 0, maxFrameRate: 30 },
  { resolution: 180, effort: 1 },
]
const HLS = { name: 'hls', type: 'hls', segmentSec: 2, ladder: LADDER }
const VFR = [...H264, '-fps_mode', 'vfr', '-enc_time_base', '1:1000']
const LATE = ['-itsoffset', '3']
/** Frames that come when they like: some in bursts, none for a while. */
const SOME = ['-vf', "select='lt(random(1),0.6)*not(between(t,1.2,3.1))'"]

/** What is in the source, and for how many seconds. */
const SOURCES: [string, number, string[]][] = [
  ['60 frames a second', 5, [...testsrc('320x180', 5, 60), ...sine(5), ...H264]],
  ['30000 frames in 1001 seconds', 5, [...testsrc('320x180', 5, 30_000 / 1001), ...sine(5), ...H264]],
  ['a variable rate', 5, [...testsrc('320x180', 5, 60), ...sine(5), ...SOME, ...VFR]],
  ['a sound that ends first', 5, [...testsrc('320x180', 5, 25), ...sine(2), ...H264]],
  ['a sound that goes on', 6, [...testsrc('320x180', 2), ...sine(6), ...H264]],
  ['a picture that begins late', 6, [...sine(6), ...LATE, ...testsrc('320x180', 3), ...VFR, '-map', '1', '-map', '0']],
  ['a sound that begins late', 6, [...testsrc('320x180', 6), ...LATE, ...sine(3), ...H264]],
  ['no sound', 5, [...testsrc('320x180', 5, 24), ...H264]],
  ['an odd size', 3, [...testsrc('321x183', 3, 30), ...sine(3), ...H264, '-pix_fmt', 'yuv444p']],
  ['an end just behind a cut', 4.1, [...testsrc('320x180', 4.1), ...sine(4.1), ...H264]],
  ['a frame every three seconds', 9, [...testsrc('320x180', 9, 1 / 3), ...sine(9), ...H264]],
]

describe.skipIf(noFfmpeg)('an HLS ladder keeps the rules of players when its source has', () => {
  it.each(SOURCES)('%s', async (_title, sec, args) => {
    const made = await make(await video('f.mp4', ...args, '-c:a', 'aac'), [HLS])
    expect(faults(made)).toEqual({})
    expect(Math.abs(made.facts.durationMs / 1000 - sec)).toBeLessThan(0.1)
    expect(await brokenRules(made)).toEqual([])
  })

  it('a video that is rotated', async () => {
    const plain = await video('p.mp4', ...testsrc('320x180', 3, 30), ...H264)
    const made = await make(await video('t.mp4', '-i', plain, '-c', 'copy', '-metadata:s:v', 'rotate=90'), [HLS])
    expect(made.facts).toMatchObject({ width: 180, height: 320 })
    expect(await brokenRules(made)).toEqual([])
  })
})
