import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { samplesOf } from '@darkroom/testing/samples'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { CORPUS, noCorpus } from './pool.ts'
import {
  boxesOf,
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
  tools,
  video,
} from './video-bed.ts'

const POSTER = { name: 'poster', type: 'poster', format: 'png' }
const rendition = (resolution: number, more: object = {}) => ({
  name: 'mp4',
  type: 'rendition',
  resolution,
  effort: 1,
  ...more,
})

describe.skipIf(noFfmpeg)('a rendition', () => {
  it('is H.264 and AAC that starts before it is loaded', async () => {
    const file = await video('f.mkv', ...testsrc('320x180', 2, 25), ...sine(2), ...H264, '-c:a', 'flac')
    const made = await make(file, [rendition(120)], { type: 'video/matroska' })
    expect(faults(made)).toEqual({})
    const { streams, format } = await ffprobe(made.file('mp4'))
    const tags = { color_range: 'tv', color_space: 'bt709', color_transfer: 'bt709', color_primaries: 'bt709' }
    expect(streams[0]).toMatchObject({ codec_name: 'h264', profile: 'High', pix_fmt: 'yuv420p', level: 30, ...tags })
    expect(streams[0]).toMatchObject({ width: 214, height: 120, sample_aspect_ratio: '1:1', nb_frames: '50' })
    expect(streams[1]).toMatchObject({ codec_name: 'aac', channels: 1, sample_rate: '48000' })
    expect(Math.abs(Number(format.duration) - 2)).toBeLessThan(0.05)
    expect((await boxesOf(made.file('mp4'))).filter(type => type !== 'free')).toEqual(['ftyp', 'moov', 'mdat'])
    expect(await complaints(made.file('mp4'))).toBe('')
  })

  it('is no longer than the video by a frame, and its progress only rises', async () => {
    const file = await video('f.mp4', ...testsrc('320x180', 4, 25), ...H264)
    const { progress, file: fileOf } = await make(file, [rendition(180), { name: 'preview', type: 'preview' }])
    expect(Number((await ffprobe(fileOf('mp4'))).format.duration)).toBeCloseTo(4, 1)
    const values = progress.map(({ value }) => value)
    expect(values).toEqual(values.toSorted((a, b) => a - b))
    expect(values.at(-1)).toBe(1)
    expect(progress.some(({ value, stage }) => stage === 'mp4' && value > 0 && value < 1)).toBe(true)
  })

  it.each([
    ['is never enlarged', '160x90', 720, [160, 90]],
    ['has even sides', '161x91', 720, [160, 90]],
    ['of a tall video has the resolution as its width', '180x320', 120, [120, 214]],
    ['of the smallest video there is has two pixels a side', '2x2', 720, [2, 2]],
  ])('%s', async (_title, size, resolution, [width, height]) => {
    const file = await video('f.avi', ...testsrc(size, 0.3), '-c:v', 'mjpeg', '-pix_fmt', 'yuvj444p')
    const made = await make(file, [rendition(resolution)], { type: 'video/vnd.avi' })
    expect(faults(made)).toEqual({})
    expect((await ffprobe(made.file('mp4'))).streams[0]).toMatchObject({ width, height })
  })

  it('is upright and says nothing of a rotation', async () => {
    const red = ['-f', 'lavfi', '-i', 'color=red:s=160x90:r=10:d=0.5', '-vf', 'drawbox=x=0:y=0:w=80:h=90:c=blue:t=fill']
    const plain = await video('p.mp4', ...red, ...H264)
    const file = await video('t.mp4', '-i', plain, '-c', 'copy', '-metadata:s:v', 'rotate=270')
    const made = await make(file, [rendition(720), POSTER])
    const [stream] = (await ffprobe(made.file('mp4'))).streams
    expect(stream).toMatchObject({ width: 90, height: 160 })
    expect(stream?.side_data_list ?? []).toEqual([])
    // Turned clockwise, the left half is on top.
    for (const name of ['mp4', 'poster']) {
      expect(distance(await pixelAt(made.file(name), 0.5, 0.2), [0, 0, 255])).toBeLessThan(20)
      expect(distance(await pixelAt(made.file(name), 0.5, 0.8), [255, 0, 0])).toBeLessThan(20)
    }
  })

  it('has no audio where the video has none', async () => {
    const file = await video('f.mp4', ...testsrc('160x90', 0.5), ...H264)
    const made = await make(file, [rendition(120), { name: 'aac', type: 'sound', codec: 'aac' }])
    expect((await ffprobe(made.file('mp4'))).streams).toHaveLength(1)
    expect(made.planned.map(({ name }) => name)).toEqual(['mp4'])
  })

  it.each([
    ['60 frames a second become 30', 60, 30, 30],
    ['50 frames a second become 25, not 30', 50, 30, 25],
    ['24 frames a second stay', 24, 60, 24],
  ])('%s', async (_title, rate, maxFrameRate, expected) => {
    const file = await video('f.mp4', ...testsrc('64x64', 1, rate), ...H264)
    const made = await make(file, [rendition(120, { maxFrameRate })])
    expect((await ffprobe(made.file('mp4'))).streams[0]).toMatchObject({ nb_frames: String(expected) })
  })

  it('keeps the times of a variable rate, and drops what comes in bursts', async () => {
    // Ten frames a second, but for a burst of eight frames within 8 ms.
    const times = `setpts='if(lt(N,10),N*0.1,if(lt(N,18),0.9+(N-9)*0.001,0.9+(N-17)*0.1))/TB'`
    const vfr = ['-vf', `settb=1/1000,${times}`, '-fps_mode', 'vfr', '-enc_time_base', '1:1000']
    const file = await video('f.mkv', ...testsrc('64x64', 3), ...vfr, ...H264)
    const made = await make(file, [rendition(120)], { type: 'video/matroska' })
    const at = await timesOf(made.file('mp4'))
    expect(at).toHaveLength(22)
    for (const [n, sec] of at.entries()) expect(sec).toBeCloseTo(n * 0.1, 2)
  })

  it('the audio of a video is brought to the loudness of the preset', async () => {
    const quiet = ['-f', 'lavfi', '-i', 'sine=f=997:d=4,volume=-20dB', '-ac', '2']
    const file = await video('f.mp4', ...testsrc('64x64', 4), ...quiet, ...H264, '-c:a', 'aac')
    const made = await make(file, [rendition(120, { loudness: -16 })])
    const stderr = await loudnessReport(made.file('mp4'))
    expect(Math.abs(Number(/I:\s+(\S+) LUFS\n[^I]*$/.exec(stderr)?.[1]) + 16)).toBeLessThan(1)
  })

  it('audio that begins later than the video stays where it is', async () => {
    const tone = ['-itsoffset', '1', '-f', 'lavfi', '-i', 'sine=d=1']
    const file = await video('f.mp4', ...testsrc('64x64', 2), ...tone, ...H264, '-c:a', 'aac')
    const made = await make(file, [rendition(120, { loudness: null })])
    const { streams } = await ffprobe(made.file('mp4'))
    expect(streams.map(({ start_time }) => Math.abs(Number(start_time)))).toEqual([0, 0])
    expect(Math.abs(Number(streams[1]?.duration) - 2)).toBeLessThan(0.1)
  })

  it('nothing of the source goes into it but video and audio', async () => {
    const metadata = [
      '-metadata',
      'location=+48.8577+002.2950/',
      '-metadata',
      'title=SecretTitle',
      '-timecode',
      '01:00:00:00',
    ]
    const file = await video(
      'f.mov',
      ...testsrc('64x64', 0.5),
      ...H264,
      ...metadata,
      '-metadata:s:v',
      'handler_name=SecretName',
    )
    const made = await make(file, [rendition(120)], { type: 'video/quicktime' })
    const bytes = await readFile(made.file('mp4'), 'latin1')
    expect(bytes).not.toMatch(/secret|48\.85/i)
    expect((await ffprobe(made.file('mp4'))).streams).toHaveLength(1)
  })
})

describe.skipIf(noFfmpeg)('the colours of a video', () => {
  const COLOR = [200, 60, 40]
  /** With a stripe at the left, for in a frame of one colour the poster is looked for six times. */
  const source = `color=0xc83c28:s=64x64:r=10:d=0.4,drawbox=w=16:h=64:c=white:t=fill`

  it.each([
    ['BT.709', ['-vf', 'scale=out_color_matrix=bt709', '-colorspace', 'bt709']],
    ['BT.601', ['-vf', 'scale=out_color_matrix=bt601', '-colorspace', 'smpte170m']],
    ['BT.601 because it is small and does not say', ['-vf', 'scale=out_color_matrix=bt601']],
    ['full range', ['-vf', 'scale=out_color_matrix=bt709:out_range=pc', '-colorspace', 'bt709', '-color_range', 'pc']],
  ])('%s looks the same', async (_title, args) => {
    const file = await video('f.mp4', '-f', 'lavfi', '-i', source, ...H264, ...args)
    const made = await make(file, [rendition(120), POSTER, { name: 'preview', type: 'preview' }])
    expect(distance(await pixelAt(made.file('poster'), 0.5, 0.5), COLOR)).toBeLessThan(6)
    expect(distance(await pixelAt(made.file('preview'), 0.5, 0.5), COLOR)).toBeLessThan(6)
    const back = await video('back.png', '-i', made.file('mp4'), '-frames:v', '1', '-vf', 'scale=in_color_matrix=bt709')
    expect(distance(await pixelAt(back, 0.5, 0.5), COLOR)).toBeLessThan(6)
  })

  /** Red at the left and green at the right, in HDR. */
  async function hdrVideo(transfer: string): Promise<string> {
    const sdr = 'setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709'
    const linear = `format=yuv444p,${sdr},zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt2020`
    const toHdr = `${linear},zscale=t=${transfer}:m=bt2020nc:r=tv:npl=100,format=yuv420p10le`
    const tags = ['-color_primaries', 'bt2020', '-colorspace', 'bt2020nc', '-color_trc', transfer]
    const input = ['-f', 'lavfi', '-i', 'color=0xff0000:s=128x64:r=10:d=0.4']
    const green = 'drawbox=x=64:y=0:w=64:h=64:c=0x28c83c:t=fill'
    return video('f.mp4', ...input, '-c:v', 'libx264', '-vf', `${green},${toHdr}`, ...tags)
  }

  describe.each(['smpte2084', 'arib-std-b67'])('HDR by %s', transfer => {
    let made: Made
    beforeAll(async () => {
      made = await make(await hdrVideo(transfer), [rendition(120), POSTER, { name: 'preview', type: 'preview' }])
    })

    it('becomes SDR, and its red stays red', async () => {
      expect(faults(made)).toEqual({})
      const bt709 = { color_transfer: 'bt709', color_primaries: 'bt709', color_space: 'bt709' }
      expect((await ffprobe(made.file('mp4'))).streams[0]).toMatchObject({ pix_fmt: 'yuv420p', ...bt709 })
      const [red8 = 0, green = 255, blue = 255] = await pixelAt(made.file('poster'), 0.25, 0.5)
      expect([red8 > 150, green < 30, blue < 30]).toEqual([true, true, true])
    })

    it('has a preview in the colours of the poster', async () => {
      const [poster, preview] = [
        await pixelAt(made.file('poster'), 0.75, 0.5),
        await pixelAt(made.file('preview'), 0.75, 0.5),
      ]
      expect(distance(preview, poster)).toBeLessThan(8)
    })
  })
})

describe.skipIf(noFfmpeg)('a poster', () => {
  const AT = [1, 5, 1000].map(sec => ({ ...POSTER, name: `at-${sec}`, at: sec }))
  const CUT = [
    { name: 'thumb', type: 'poster', width: 64, height: 64, fit: 'cover', format: 'webp', quality: 50 },
    { name: 'avif', type: 'poster', width: 80, format: 'avif' },
  ]
  let file: string
  let made: Made
  beforeAll(async () => {
    // Black, then white, then something to see from 6 s on.
    file = await video(
      'f.mp4',
      ...['-f', 'lavfi', '-i', 'color=black:s=160x90:r=10:d=4', '-f', 'lavfi', '-i', 'color=white:s=160x90:r=10:d=2'],
      ...testsrc('160x90', 4),
      ...['-filter_complex', '[0][1][2]concat=n=3:v=1', ...H264],
    )
    made = await make(file, [POSTER, ...AT, ...CUT])
  })

  it('shows neither black nor one colour', async () => {
    const { entropy } = await sharp(made.file('poster')).stats()
    expect(entropy).toBeGreaterThan(3)
    expect(made.placeholder?.dominantColor).toMatch(/^#[0-9a-f]{6}$/)
  })

  it('of a video that is black throughout is black', async () => {
    const file = await video('b.mp4', '-f', 'lavfi', '-i', 'color=black:s=160x90:r=10:d=1', ...H264)
    const made = await make(file, [POSTER])
    expect(await pixelAt(made.file('poster'), 0.5, 0.5)).toEqual([0, 0, 0])
  })

  it('is of the second that was asked for, and the last one of a second past the end', async () => {
    expect(await pixelAt(made.file('at-1'), 0.5, 0.5)).toEqual([0, 0, 0])
    expect(distance(await pixelAt(made.file('at-5'), 0.5, 0.5), [255, 255, 255])).toBeLessThan(8)
    expect((await sharp(made.file('at-1000')).stats()).entropy).toBeGreaterThan(3)
  })

  it('is cut and written as any image is', async () => {
    expect(await sharp(made.file('thumb')).metadata()).toMatchObject({ format: 'webp', width: 64, height: 64 })
    expect(await sharp(made.file('avif')).metadata()).toMatchObject({ format: 'heif', width: 80, height: 45 })
  })

  it('is made although nothing asks for one, to know what to show meanwhile', async () => {
    const made = await make(file, [rendition(120)], { only: [] })
    expect(made.placeholder).toMatchObject({ thumbhash: expect.any(String) })
  })
})

describe.skipIf(noFfmpeg)('a preview', () => {
  it('is an animated WebP of moments spread over the video', async () => {
    const file = await video('f.mp4', ...testsrc('128x72', 30), ...H264)
    const made = await make(file, [{ name: 'preview', type: 'preview', width: 64, durationSec: 2 }])
    const { pages, width, pageHeight, loop, delay } = await sharp(made.file('preview'), { pages: -1 }).metadata()
    expect([pages, width, pageHeight, loop]).toEqual([20, 64, 36, 0])
    expect(delay?.reduce((sum, ms) => sum + ms, 0)).toBe(2000)
  })

  it('is no longer than asked for, whatever the rate of the video', async () => {
    const file = await video('f.mp4', ...['-f', 'lavfi', '-i', 'testsrc2=s=64x36:r=1600000/64333:d=20'], ...H264)
    const made = await make(file, [{ name: 'preview', type: 'preview', width: 64, durationSec: 3 }])
    const { delay } = await sharp(made.file('preview'), { pages: -1 }).metadata()
    expect(delay?.reduce((sum, ms) => sum + ms, 0)).toBe(3000)
  })

  it('is an MP4 without audio', async () => {
    const file = await video('f.mp4', ...testsrc('160x90', 6), ...sine(6), ...H264)
    const made = await make(file, [{ name: 'preview', type: 'preview', format: 'mp4', width: 80 }])
    const { streams, format } = await ffprobe(made.file('preview'))
    expect(streams.map(({ codec_name }) => codec_name)).toEqual(['h264'])
    expect(Number(format.duration)).toBeCloseTo(3, 1)
    expect(await boxesOf(made.file('preview'))).toEqual(expect.arrayContaining(['moov', 'mdat']))
  })

  it('of a frame that stands for a minute is that frame', async () => {
    const file = await video('f.mp4', ...['-f', 'lavfi', '-i', 'testsrc2=s=64x64:r=1/60:d=60'], ...H264)
    const previews = ['webp', 'mp4'].map(format => ({ name: format, type: 'preview', format }))
    const made = await make(file, previews)
    expect(faults(made)).toEqual({})
    expect((await ffprobe(made.file('mp4'))).streams[0]).toMatchObject({ codec_name: 'h264' })
  })

  it('of a video that is shorter is all of it', async () => {
    const file = await video('f.mp4', ...testsrc('64x64', 1), ...H264)
    const made = await make(file, [{ name: 'preview', type: 'preview' }])
    expect((await sharp(made.file('preview'), { pages: -1 }).metadata()).pages).toBe(10)
  })
})

describe.skipIf(noFfmpeg)('a storyboard', () => {
  /** Each second in its own grey, but for a stripe at the left, so that the poster is found at once. */
  const seconds = (sec: number, keyFrames: number) =>
    video(
      'f.mp4',
      ...['-f', 'lavfi', '-i', `color=black:s=160x90:r=10:d=${sec}`],
      ...['-vf', `geq=lum='if(lt(X,40),235,16+floor(T)*10)':cb=128:cr=128`, ...H264, '-g', String(keyFrames)],
    )

  it.each([
    ['out of all frames', 250],
    ['out of key frames alone', 10],
  ])('%s: cues cover the video, and each names the image of its time', async (_title, keyFrames) => {
    const made = await make(await seconds(12, keyFrames), [
      { name: 'board', type: 'storyboard', width: 32, frames: 6, format: 'jpeg', quality: 95 },
    ])
    expect(faults(made)).toEqual({})
    const sprite = await sharp(made.file('board')).raw().toBuffer({ resolveWithObject: true })
    const cues = [
      ...(await made.text('board-vtt')).matchAll(/(\S+) --> (\S+)\n\{\{board\}\}#xywh=(\d+),(\d+),(\d+),(\d+)/g),
    ]
    expect(cues).toHaveLength(6)
    for (const [n, [, from, to, ...rest]] of cues.entries()) {
      const [x = 0, y = 0, width = 0, height = 0] = rest.map(Number)
      expect([from, to]).toEqual([
        `00:00:${String(n * 2).padStart(2, '0')}.000`,
        `00:00:${String(n * 2 + 2).padStart(2, '0')}.000`,
      ])
      expect([width, height]).toEqual([32, 18])
      const luma = sprite.data[((y + 9) * sprite.info.width + x + 16) * sprite.info.channels] ?? 0
      // The middle of the cue is the border of two seconds.
      const expected = [n * 2, n * 2 + 1].map(second => ((second * 10) / 219) * 255)
      expect(Math.min(...expected.map(value => Math.abs(value - luma)))).toBeLessThan(8)
    }
    expect((await ffprobe(made.file('board'))).streams[0]).toMatchObject({ width: sprite.info.width })
  })

  it.each([
    ['a second with one key frame', [...testsrc('64x64', 1, 25), ...H264]],
    ['a second of Theora', [...testsrc('64x64', 1, 25), '-c:v', 'libtheora']],
    ['a second of video and a minute of audio', [...testsrc('64x64', 1), ...sine(60), ...H264]],
  ])('is made of %s', async (_title, args) => {
    const isTheora = args.includes('libtheora')
    const file = await video(isTheora ? 'f.ogv' : 'f.mp4', ...args)
    const board = { name: 'board', type: 'storyboard', width: 64, frames: 4 }
    const made = await make(file, [board], { type: isTheora ? 'video/ogg' : 'video/mp4' })
    expect(faults(made)).toEqual({})
    expect((await sharp(made.file('board')).stats()).channels.some(({ max }) => max > 200)).toBe(true)
  })

  it('is one frame of a video of an instant', async () => {
    const file = await video('f.mp4', ...testsrc('64x64', 0.2), ...H264)
    const made = await make(file, [{ name: 'board', type: 'storyboard', width: 64 }])
    expect(await made.text('board-vtt')).toBe('WEBVTT\n\n00:00:00.000 --> 00:00:00.200\n{{board}}#xywh=0,0,64,64\n')
  })
})

describe.skipIf(noFfmpeg || noCorpus)('the videos of the corpus', () => {
  it('mp4-vfr.mp4 keeps the times of its frames', async () => {
    const file = path.join(CORPUS, 'mp4-vfr.mp4')
    const made = await make(file, [rendition(120)])
    const [source, written] = [await timesOf(file), await timesOf(made.file('mp4'))]
    // Two frames come within less than a sixtieth of a second.
    expect([source.length, written.length]).toEqual([63, 61])
    for (const sec of written) expect(Math.min(...source.map(other => Math.abs(other - sec)))).toBeLessThan(0.001)
  })

  const VIDEOS = [
    ['mp4-sar-2x1.mp4', 'video/mp4'],
    ['mp4-vfr.mp4', 'video/mp4'],
    ['mp4-hevc-aac-1080p.mp4', 'video/mp4'],
    ['mov-mjpeg.mov', 'video/quicktime'],
    ['mkv-h264-aac.mkv', 'video/matroska'],
    ['webm-vp9-square.webm', 'video/webm'],
  ] as const

  it.each(samplesOf(VIDEOS, ([, type]) => type))('%s becomes everything there is', async (name, type) => {
    const specs = [POSTER, { name: 'preview', type: 'preview', width: 160 }, { name: 'board', type: 'storyboard' }]
    const made = await make(path.join(CORPUS, name), [...specs, rendition(180)], { type })
    expect(made.announced.map(message => message.name).toSorted()).toEqual(made.planned.map(one => one.name).toSorted())
    expect(faults(made)).toEqual({})
    expect(made.warnings).toEqual([])
    for (const planned of made.planned.filter(({ width }) => width !== null)) {
      const { width, height } = planned
      expect((await ffprobe(made.file(planned.name))).streams[0]).toMatchObject(
        // ffprobe 5.1 does not read animated WebP.
        planned.type === 'preview' ? {} : { width, height },
      )
    }
    const { format } = await ffprobe(made.file('mp4'))
    expect(Math.abs(Number(format.duration) * 1000 - made.facts.durationMs)).toBeLessThan(
      1000 / made.facts.frameRate + 30,
    )
    expect(await complaints(made.file('mp4'))).toBe('')
  })
})

/** When the frames of a video are shown, in seconds. */
async function timesOf(file: string): Promise<number[]> {
  const shown: unknown = await ffprobe(file, '-select_streams', 'v', '-show_entries', 'packet=pts_time')
  const { packets } = shown as { packets: { pts_time: string }[] }
  return packets.map(packet => Number(packet.pts_time)).toSorted((a, b) => a - b)
}

async function loudnessReport(file: string): Promise<string> {
  const args = ['-hide_banner', '-i', file, '-af', 'ebur128', '-f', 'null', '-']
  return (await promisify(execFile)(tools?.ffmpeg ?? '', args)).stderr
}
