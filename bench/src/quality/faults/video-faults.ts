import { readFile } from 'node:fs/promises'
import { pq, type Rgb, samplesOf, shownColor, stripedVideo } from '@darkroom/testing/media-files'
import type { Fault, Found } from './fault.ts'
import { type FaultBed, type Made, toldOf } from './fault-bed.ts'
import { distance, flatStripes, frameOf, pixelAt, stripesOf } from './pixels.ts'

const H264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p']
const testsrc = (size: string, sec: number, rate = 25) => ['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=${rate}:d=${sec}`]
const sine = (sec: number) => ['-f', 'lavfi', '-i', `sine=d=${sec}`]
const MP4 = 'video/mp4'

const POSTER = { video: [{ name: 'poster', type: 'poster', format: 'png' }] }
const HLS = { video: [{ name: 'hls', type: 'hls', segmentSec: 2, ladder: [{ resolution: 120, effort: 0 }] }] }

const COLORS: readonly Rgb[] = [
  [64, 192, 64],
  [200, 50, 50],
  [120, 90, 160],
  [128, 128, 128],
]
const rgb = (color: readonly number[] = []): string => color.slice(0, 3).join(', ')

interface Striped {
  stripes: readonly Rgb[]
  tags: Parameters<typeof stripedVideo>[2]
  expected: readonly (readonly number[])[]
}

/** Stripes of a video as its poster shows them: naively, by us, and as they should be. */
async function colorsOf(bed: FaultBed, { stripes, tags, expected }: Striped) {
  const video = await stripedVideo(await bed.newFolder(), stripes, tags)
  const made = await bed.make(video, MP4, POSTER)
  const naive = await frameOf(bed, video)
  const [bare, found] = await Promise.all([
    stripesOf(naive, stripes.length),
    stripesOf(made.file('poster'), stripes.length),
  ])
  const off = Math.max(...expected.map((color, n) => distance(found[n] ?? [], color)))
  const sides = [
    { label: 'naive: ffmpeg alone', image: naive },
    { label: 'Darkroom', image: made.file('poster') },
    { label: 'as it should be', image: await flatStripes(expected) },
  ]
  return { bare, found, off, sides }
}

const WHITE_NITS = 203
const WHITE = 235
const NITS = [2, 20, 100, WHITE_NITS]
const grey = (signal: number): Rgb => [Math.round(4 * (16 + 219 * signal)), 512, 512]

/** Half a green, half a red that is transparent. */
const CLEAR = `format=rgba,geq=r='if(lt(X,W/2),32,220)':g='if(lt(X,W/2),160,30)':b='if(lt(X,W/2),64,40)':a='if(lt(X,W/2),255,0)'`
const PRORES = ['-c:v', 'prores_ks', '-profile:v', '4444', '-pix_fmt', 'yuva444p10le']

/** Seconds that the playlist of a step lists. */
async function listedSec(made: Made): Promise<number> {
  const playlist = await readFile(made.file('hls-120'), 'utf8')
  return [...playlist.matchAll(/#EXTINF:([\d.]+)/g)].reduce((sum, [, sec]) => sum + Number(sec), 0)
}

async function hlsLength(bed: FaultBed, sec: number, ...args: string[]): Promise<Found> {
  const made = await bed.make(await bed.video('a.mp4', ...args), MP4, HLS)
  const listed = await listedSec(made)
  return { now: `${listed.toFixed(2)} s`, isRight: Math.abs(listed - sec) < 0.1 }
}

const CENC = [
  ...['-encryption_scheme', 'cenc-aes-ctr', '-encryption_key', '76a6c65c5ea762046bd749a2e632ccbb'],
  ...['-encryption_kid', 'a7e61c373e219033c21091fa607bf3b8'],
]

export const VIDEO_FAULTS: Fault[] = [
  {
    row: 4,
    fault: 'An encrypted MP4 is published as grey noise.',
    before: '1,694 decode errors, `ready`',
    expected: '`ENCRYPTED_VIDEO`',
    test: 'packages/media/test/video-damage.test.ts',
    async measure(bed) {
      const video = await bed.video('a.mp4', ...testsrc('320x180', 1), ...H264, ...CENC)
      const code = await bed.codeOf(video, MP4, POSTER)
      const naive = await frameOf(bed, video).catch(() => null)
      const sides = [
        { label: 'naive: ffmpeg alone', image: naive ?? { code: 'no image' } },
        { label: 'Darkroom', image: { code } },
      ]
      return { now: `\`${code}\``, isRight: code === 'ENCRYPTED_VIDEO', ...(naive ? { sides } : {}) }
    },
  },
  {
    row: 8,
    fault: 'A video in BT.2020 (SDR) keeps its numbers and is tagged BT.709.',
    before: '64, 192, 64 became 61, 189, 60',
    expected: `64, 192, 64 becomes ${rgb(shownColor([64, 192, 64], 'bt2020'))}`,
    test: 'packages/media/test/video-colors.test.ts',
    async measure(bed) {
      const { bare, found, off, sides } = await colorsOf(bed, {
        stripes: COLORS.map(color => samplesOf(color, 'bt2020nc')),
        tags: { matrix: 'bt2020nc', primaries: 'bt2020', transfer: 'bt2020-10' },
        expected: COLORS.map(color => shownColor(color, 'bt2020')),
      })
      const now = `${rgb(found[0])}; by ffmpeg alone ${rgb(bare[0])}; of four colours the farthest channel is ${off} off`
      return { now, isRight: off <= 5, sides }
    },
  },
  {
    row: 8,
    fault: 'A video of SMPTE 240M is read as BT.601.',
    before: 'read as BT.601',
    expected: 'colours within 5 of 255',
    test: 'packages/media/test/video-colors.test.ts',
    async measure(bed) {
      const { found, off } = await colorsOf(bed, {
        stripes: COLORS.map(color => samplesOf(color, 'smpte240m')),
        tags: { matrix: 'smpte240m' },
        expected: COLORS,
      })
      return { now: `64, 192, 64 is ${rgb(found[0])}; the farthest channel is ${off} off`, isRight: off <= 5 }
    },
  },
  {
    row: 8,
    fault: `White of HDR (PQ, ${WHITE_NITS} nits) is too dark.`,
    before: '192 of 255',
    expected: `near ${WHITE}`,
    test: 'packages/media/test/video-colors.test.ts',
    async measure(bed) {
      const { bare, found, sides } = await colorsOf(bed, {
        stripes: NITS.map(nits => grey(pq(nits))),
        tags: { matrix: 'bt2020nc', primaries: 'bt2020', transfer: 'smpte2084' },
        // On a screen whose gamma is 2.4.
        expected: NITS.map(nits => Array<number>(3).fill(Math.round(WHITE * (nits / WHITE_NITS) ** (1 / 2.4)))),
      })
      const [white = 0, naive] = [found[3]?.[1], bare[3]?.[1]]
      return { now: `${white}; by ffmpeg alone ${naive}`, isRight: Math.abs(white - WHITE) <= 4, sides }
    },
  },
  {
    row: 9,
    fault: 'A video in ProRes 4444 shows the colours under its transparency.',
    before: 'the hidden colours, opaque',
    expected: 'white: 255, 255, 255',
    test: 'packages/media/test/video-alpha.test.ts',
    async measure(bed) {
      const video = await bed.video('a.mov', ...testsrc('320x180', 0.4, 10), '-vf', CLEAR, ...PRORES)
      const made = await bed.make(video, 'video/quicktime', {
        video: [{ name: 'poster', type: 'poster', format: 'jpeg', quality: 90 }],
      })
      const naive = await bed.video('naive.jpg', '-i', video, '-frames:v', '1', '-q:v', '2')
      const [bare, found] = [await pixelAt(naive, 0.75, 0.5), await pixelAt(made.file('poster'), 0.75, 0.5)]
      return {
        now: `${rgb(found)}; by ffmpeg alone ${rgb(bare)}`,
        isRight: distance(found, [255, 255, 255]) <= 6,
        sides: [
          { label: 'naive: ffmpeg alone', image: naive },
          { label: 'Darkroom', image: made.file('poster') },
        ],
      }
    },
  },
  {
    row: 10,
    fault: 'HLS of 2 s of video with 6 s of audio is too short.',
    before: 'one segment of 2.04 s',
    expected: '6 s',
    test: 'packages/media/test/video-hls-rules.test.ts',
    measure: bed => hlsLength(bed, 6, ...testsrc('320x180', 2), ...sine(6), ...H264, '-c:a', 'aac'),
  },
  {
    row: 10,
    fault: 'HLS of a video track that begins 3 s late is too short.',
    before: '3.0 s of 6.04 s',
    expected: '6 s',
    test: 'packages/media/test/video-hls-rules.test.ts',
    measure: bed =>
      hlsLength(
        bed,
        6,
        ...sine(6),
        '-itsoffset',
        '3',
        ...testsrc('320x180', 3),
        ...H264,
        '-c:a',
        'aac',
        '-map',
        '1',
        '-map',
        '0',
      ),
  },
  {
    row: 11,
    fault: '`cat a.ts a.ts a.ts` has the wrong length and frame rate.',
    before: '5.04 of 14.96 s, 75 frames a second instead of 25',
    expected: '15 s at 25 frames a second',
    test: 'packages/media/test/video-joined.test.ts',
    async measure(bed) {
      const part = await readFile(
        await bed.video('part.ts', ...testsrc('320x180', 5), ...sine(5), ...H264, '-c:a', 'aac'),
      )
      const file = await bed.write('a.ts', Buffer.concat([part, part, part]))
      const { facts } = await bed.make(file, 'video/mp2t', POSTER)
      if (facts.kind !== 'video') throw new Error(`taken for ${facts.kind}`)
      const [sec, rate] = [facts.durationMs / 1000, facts.frameRate]
      const now = `${sec.toFixed(2)} s at ${rate.toFixed(2)} frames a second`
      return { now, isRight: Math.abs(sec - 15) < 0.3 && Math.abs(rate - 25) < 0.1 }
    },
  },
  {
    row: 17,
    fault: 'Of several video tracks with equal flags the smaller first one is used.',
    before: '64 × 36',
    expected: '320 × 180, and `TRACK_CHOSEN`',
    test: 'packages/media/test/video-tracks.test.ts',
    async measure(bed) {
      const tracks = ['-map', '0', '-map', '1', '-disposition:v:0', 'default', '-disposition:v:1', 'default']
      const inputs = [...testsrc('64x36', 1), ...testsrc('320x180', 1)]
      const video = await bed.video('a.mkv', ...inputs, ...tracks, ...H264)
      const { facts, warnings } = await bed.make(video, 'video/matroska', POSTER)
      const told = toldOf(warnings)
      const isTold = warnings.some(({ code }) => code === 'TRACK_CHOSEN')
      return { now: `${facts.width} × ${facts.height}; ${told}`, isRight: facts.width === 320 && isTold }
    },
  },
]
