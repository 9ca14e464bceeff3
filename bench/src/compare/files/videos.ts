import { join } from 'node:path'
import { ffmpeg } from '../../kinds/bare/run-ffmpeg.ts'
import type { MadeFile } from './made-file.ts'

const SEC = 1
/** Returns a test source that counts its frames and moves all the time, so that each frame differs from the next. */
const testsrc = (sec: number, { size = '320x180', rate = '25' } = {}) => [
  ...['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=${rate}:d=${sec}`],
]
/** Returns noise: it has no period, so that a shift is told to the sample. */
const noise = (sec: number) => ['-f', 'lavfi', '-i', `anoisesrc=d=${sec}:r=48000:c=pink:a=0.3:seed=7,lowpass=1000`]
const H264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '8', '-pix_fmt', 'yuv420p']
const AAC = ['-c:a', 'aac', '-b:a', '192k']

interface Video {
  type?: string
  name?: string
  /** Of ffmpeg, for the video that comes in. */
  size?: string
  rate?: string
  codec?: string[] | ((sec: number) => string[])
  hasAudio?: boolean
  isInTests?: boolean
}

function video(title: string, options: Video = {}): MadeFile {
  const { type = 'video/mp4', name = 'a.mp4', codec = H264, hasAudio = false, isInTests = false } = options
  const make = async (folder: string, sec = SEC) => {
    const file = join(folder, name)
    const [input, encoder] = hasAudio ? [noise(sec), AAC] : [[], []]
    const coded = typeof codec === 'function' ? codec(sec) : codec
    await ffmpeg(...testsrc(sec, options), ...input, ...coded, ...encoder, file)
    return file
  }
  return { title, declaredType: type, isInTests, make }
}

/** Makes a video that is rotated by its container, which no filter does. */
function rotated(degrees: number, isInTests = false): MadeFile {
  const make = async (folder: string, sec = SEC) => {
    const [plain, file] = [join(folder, 'plain.mp4'), join(folder, 'a.mp4')]
    await ffmpeg(...testsrc(sec), ...H264, plain)
    await ffmpeg('-i', plain, '-c', 'copy', '-metadata:s:v', `rotate=${degrees}`, file)
    return file
  }
  return { title: `MP4, turned by ${degrees}°`, declaredType: 'video/mp4', isInTests, make }
}

const MATRICES = ['bt709', 'smpte170m', 'bt470bg', 'smpte240m', 'fcc', 'bt2020nc']
/** What swscale calls them. */
const SWSCALE: Record<string, string> = { bt2020nc: 'bt2020', bt470bg: 'bt601', smpte170m: 'bt601' }
const RANGES = ['tv', 'pc']

const colors = (matrix: string, range: string, isInTests = false): MadeFile =>
  video(`MP4, matrix ${matrix}, range ${range}`, {
    codec: [
      ...['-vf', `scale=out_color_matrix=${SWSCALE[matrix] ?? matrix}:out_range=${range},format=yuv420p`],
      ...[...H264, '-colorspace', matrix, '-color_range', range],
      ...['-color_primaries', 'bt709', '-color_trc', 'bt709'],
    ],
    isInTests,
  })

const RATES = ['10', '24000/1001', '24', '25', '30000/1001', '30', '48', '50', '60000/1001', '60']
const FORMATS: [string, string][] = [
  ['yuv422p', 'libx264'],
  ['yuv444p', 'libx264'],
  ['yuv420p10le', 'libx264'],
  ['yuv420p10le', 'libx265'],
  ['gbrp', 'libx264rgb'],
]
const MPEG2 = ['-c:v', 'mpeg2video', '-q:v', '2', '-bf', '2']
const MATROSKA = 'video/matroska'
const QUICKTIME = 'video/quicktime'
/** Drops frames so that they come when they like: some in bursts, none for a while. */
const some = (sec: number) => [
  '-vf',
  `select='lt(random(1),0.6)*not(between(t,${0.3 * sec},${0.6 * sec}))'`,
  '-fps_mode',
  'vfr',
  '-enc_time_base',
  '1:1000',
  ...H264,
]

export const VIDEOS: MadeFile[] = [
  video('MP4, H.264 and AAC', { hasAudio: true, isInTests: true }),
  ...[90, 180, 270].map(degrees => rotated(degrees, degrees === 90)),
  ...MATRICES.flatMap(matrix => RANGES.map(range => colors(matrix, range, matrix === 'smpte170m' && range === 'pc'))),
  ...RATES.map(rate =>
    video(`MP4, ${rate} frames a second`, { rate, hasAudio: true, isInTests: rate === '30000/1001' }),
  ),
  video('MP4, a variable frame rate', { rate: '50', codec: some, isInTests: true }),
  ...FORMATS.map(([format, encoder]) =>
    video(`Matroska, ${encoder} in ${format}`, {
      type: MATROSKA,
      name: 'a.mkv',
      codec: ['-c:v', encoder, '-preset', 'veryfast', '-crf', '8', '-pix_fmt', format],
    }),
  ),
  video('MP4, pixels twice as wide', { size: '160x180', codec: [...H264, '-vf', 'setsar=2'] }),
  video('MP4, an odd size', { size: '321x183', codec: ['-c:v', 'libx264', '-crf', '8', '-pix_fmt', 'yuv444p'] }),
  video('WebM, VP9', {
    type: 'video/webm',
    name: 'a.webm',
    codec: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-crf', '15', '-b:v', '0'],
    isInTests: true,
  }),
  video('WebM, VP8', {
    type: 'video/webm',
    name: 'a.webm',
    codec: ['-c:v', 'libvpx', '-deadline', 'realtime', '-b:v', '4M'],
  }),
  video('QuickTime, ProRes', {
    type: QUICKTIME,
    name: 'a.mov',
    codec: ['-c:v', 'prores_ks', '-pix_fmt', 'yuv422p10le'],
  }),
  video('QuickTime, Motion JPEG', { type: QUICKTIME, name: 'a.mov', codec: ['-c:v', 'mjpeg', '-q:v', '2'] }),
  video('MPEG transport stream', { type: 'video/mp2t', name: 'a.ts', codec: H264, hasAudio: true, isInTests: true }),
  video('MPEG program stream', { type: 'video/mpeg', name: 'a.mpg', codec: MPEG2 }),
  video('MPEG-4 in AVI', { type: 'video/x-msvideo', name: 'a.avi', codec: ['-c:v', 'mpeg4', '-q:v', '2'] }),
]
