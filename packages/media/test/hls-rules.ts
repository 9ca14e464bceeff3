import { readFile } from 'node:fs/promises'
import { ffprobe, type Made } from './video-bed.ts'

/** Of two clocks in one ladder. */
const CLOCK_SEC = 0.002
/** By how much the audio of a segment may begin before its video: two frames, which stand still for half a second at most. */
const MAX_AHEAD_SEC = 1
/** Of AAC. */
const AUDIO_FRAME = 1024
const OUTPUT_RATE = 48_000

interface Packet {
  startSec: number
  pos: number
  isKey: boolean
}

interface Segment {
  startSec: number
  sec: number
  from: number
  to: number
}

interface Step {
  name: string
  attributes: Record<string, string>
  playlist: string
  segments: Segment[]
  media: Buffer
  video: Packet[]
  audio: Packet[]
  audioRate: number
}

/**
 * Checks a complete ladder against the rules of RFC 8216 and of Apple's authoring specification, as
 * `mediastreamvalidator` does: one clock, equal segment times, true durations and bit rates, declared codecs, no gaps.
 * @returns the broken rules, one line each
 */
export async function brokenRules(made: Made, name = 'hls'): Promise<string[]> {
  const master = await made.text(name)
  const steps = await Promise.all(listed(master).map(each => readStep(made, each)))
  const endSec = made.facts.durationMs / 1000
  const broken = (where: string, rules: readonly [boolean, string][]) =>
    rules.flatMap(([holds, rule]) => (holds ? [] : [`${where}: ${rule}`]))
  return [
    ...broken(name, [...masterRules(master, steps), ...commonRules(steps)]),
    ...steps.flatMap(step =>
      broken(step.name, [
        ...playlistRules(step),
        ...attributeRules(step),
        ...segmentRules(step),
        ...videoRules(step, endSec),
        ...(made.facts.hasAudio ? audioRules(step, endSec) : []),
      ]),
    ),
  ]
}

type Rules = [boolean, string][]

const masterRules = (master: string, steps: readonly Step[]): Rules => [
  [master.startsWith('#EXTM3U\n'), 'begins with #EXTM3U'],
  [master.includes('\n#EXT-X-INDEPENDENT-SEGMENTS\n'), 'says that its segments are independent'],
  [steps.length > 0, 'lists a step'],
  [new Set(steps.map(({ audio }) => audio.length > 0)).size === 1, 'has sound in all steps or in none'],
  [new Set(steps.map(({ attributes }) => attributes.BANDWIDTH)).size === steps.length, 'has steps to choose from'],
]

function commonRules(steps: readonly Step[]): Rules {
  const [first, ...others] = steps
  const differences = others.flatMap(({ segments, video }) => [
    Math.abs((video[0]?.startSec ?? 0) - (first?.video[0]?.startSec ?? 0)),
    ...segments.map(({ startSec }, n) => Math.abs(startSec - (first?.segments[n]?.startSec ?? Number.NaN))),
  ])
  const keys = ({ video }: Step) => video.filter(({ isKey }) => isKey).map(({ startSec }) => startSec.toFixed(2))
  return [
    [new Set(steps.map(({ segments }) => segments.length)).size === 1, 'has equally many segments in all steps'],
    [differences.every(sec => sec < CLOCK_SEC), `has one clock and equal cuts: ${Math.max(0, ...differences)} s apart`],
    [new Set(steps.map(step => keys(step).join())).size === 1, `has its key frames at the same times`],
  ]
}

function playlistRules({ playlist, segments, media }: Step): Rules {
  const target = Number(/#EXT-X-TARGETDURATION:(\d+)\n/.exec(playlist)?.[1])
  return [
    [/^#EXTM3U\n#EXT-X-VERSION:[7-9]\n/.test(playlist), 'is of a version with fragmented MP4'],
    [playlist.includes('#EXT-X-PLAYLIST-TYPE:VOD\n') && playlist.endsWith('#EXT-X-ENDLIST\n'), 'is whole'],
    [segments.every(({ sec }) => Math.round(sec) <= target), 'has no segment longer than the target'],
    [segments.slice(0, -1).every(({ sec }) => sec > target / 2), 'has no short segment but the last'],
    [segments.every(({ from }, n) => from === (segments[n - 1]?.to ?? mapEnd(playlist))), 'has no gap between bytes'],
    [segments.at(-1)?.to === media.length, 'ends with the file'],
  ]
}

const mapEnd = (playlist: string): number => Number(/#EXT-X-MAP:.*BYTERANGE="(\d+)@0"/.exec(playlist)?.[1])

function attributeRules({ attributes, segments, playlist, media, video, audio }: Step): Rules {
  const target = Number(/#EXT-X-TARGETDURATION:(\d+)\n/.exec(playlist)?.[1])
  const bits = segments.reduce((sum, { from, to }) => sum + (to - from) * 8, 0)
  const sec = segments.reduce((sum, segment) => sum + segment.sec, 0)
  const [peak, average] = [Number(attributes.BANDWIDTH), Number(attributes['AVERAGE-BANDWIDTH'])]
  const at = media.indexOf('avcC')
  const codecs = [`avc1.${media.toString('hex', at + 5, at + 8)}`, ...(audio.length > 0 ? ['mp4a.40.2'] : [])]
  const rate = Number(attributes['FRAME-RATE'])
  return [
    [peak >= peakOf(segments, target) - 1, `BANDWIDTH ${peak} is at least the peak ${peakOf(segments, target)}`],
    [peak < peakOf(segments, target) * 1.1, `BANDWIDTH ${peak} is not far above the peak`],
    [Math.abs(average - bits / sec) < average * 0.01, `AVERAGE-BANDWIDTH ${average} is ${bits / sec}`],
    [attributes.CODECS === `"${codecs.join()}"`, `CODECS ${attributes.CODECS} are ${codecs}`],
    [Math.round(video.length / sec) <= Math.ceil(rate), `FRAME-RATE ${rate} of ${video.length} frames in ${sec} s`],
  ]
}

/** Returns the highest bit rate of consecutive segments that last 0.5 to 1.5 times the target (RFC 8216, 4.3.4.2). */
function peakOf(segments: readonly Segment[], target: number): number {
  const runs = segments.flatMap((_, from) => segments.slice(from).map((_, n) => segments.slice(from, from + n + 1)))
  const rates = runs.flatMap(run => {
    const sec = run.reduce((sum, segment) => sum + segment.sec, 0)
    const bits = ((run.at(-1)?.to ?? 0) - (run[0]?.from ?? 0)) * 8
    return sec >= target / 2 && sec <= target * 1.5 ? [bits / sec] : []
  })
  return Math.max(0, ...rates)
}

const within = (packets: readonly Packet[], { from, to }: Segment): Packet[] =>
  packets.filter(({ pos }) => pos >= from && pos < to)

function segmentRules({ segments, video, audio }: Step): Rules {
  return segments.flatMap((segment, n): Rules => {
    const frames = within(video, segment)
    const begins = Math.min(...frames.map(({ startSec }) => startSec))
    const heard = within(audio, segment)
    return [
      [frames.length > 0, `segment ${n} has a picture`],
      [frames.toSorted((a, b) => a.pos - b.pos)[0]?.isKey === true, `segment ${n} begins with a key frame`],
      [frames.filter(({ isKey }) => isKey)[0]?.startSec === begins, `segment ${n} has no frame before its key frame`],
      [Math.abs(begins - segment.startSec) < CLOCK_SEC, `segment ${n} begins at ${begins}, not ${segment.startSec}`],
      [audio.length === 0 || heard.length > 0, `segment ${n} has sound`],
    ]
  })
}

function videoRules({ segments, video }: Step, endSec: number): Rules {
  const listedSec = segments.reduce((sum, { sec }) => sum + sec, 0)
  const times = video.map(({ startSec }) => startSec).toSorted((a, b) => a - b)
  return [
    [Math.abs(times[0] ?? 1) < CLOCK_SEC, `begins at ${times[0]}, not 0`],
    [Math.abs(listedSec - endSec) < 0.02, `is ${listedSec} s long, and the source ${endSec}`],
    [(times.at(-1) ?? 0) < endSec, `has its last frame at ${times.at(-1)}, before the end`],
    [new Set(times).size === times.length, 'shows no two frames at one time'],
  ]
}

function audioRules({ audio, audioRate, segments }: Step, endSec: number): Rules {
  const frameSec = AUDIO_FRAME / audioRate
  const gaps = audio.slice(1).map(({ startSec }, n) => Math.abs(startSec - (audio[n]?.startSec ?? 0) - frameSec))
  const [first = Number.NaN, last = Number.NaN] = [audio[0]?.startSec, audio.at(-1)?.startSec]
  const late = segments.flatMap((segment, n) => {
    const startSec = within(audio, segment)[0]?.startSec ?? Number.NaN
    const lateSec = startSec - segment.startSec
    // Frames that x264 reorders are written later than the audio beside them.
    return lateSec <= frameSec && lateSec >= -MAX_AHEAD_SEC ? [] : [`${n}: ${lateSec}`]
  })
  return [
    [audioRate === OUTPUT_RATE, `is sampled at ${audioRate}`],
    [first <= 0 && first >= -2 * frameSec, `sound begins at ${first}, not 0`],
    [gaps.every(sec => sec < CLOCK_SEC), `sound has a gap of ${Math.max(...gaps)} s`],
    [Math.abs(last + frameSec - endSec) < frameSec * 1.5, `sound ends at ${last + frameSec}, not ${endSec}`],
    [late.length === 0, `sound of segments is beside their pictures: ${late}`],
  ]
}

const listed = (master: string) =>
  [...master.matchAll(/#EXT-X-STREAM-INF:(.*)\n\{\{(.*)\}\}\n/g)].map(([, line = '', name = '']) => ({
    attributes: Object.fromEntries(
      [...line.matchAll(/([A-Z-]+)=("[^"]*"|[^,]*)/g)].map(([, key = '', value = '']) => [key, value]),
    ),
    name,
  }))

async function readStep(made: Made, { name, attributes }: Pick<Step, 'name' | 'attributes'>): Promise<Step> {
  const playlist = await made.text(name)
  const file = made.file(`${name}-media`)
  const { streams, packets } = (await ffprobe(
    file,
    '-show_entries',
    'packet=pts_time,pos,flags,codec_type',
  )) as Awaited<ReturnType<typeof ffprobe>> & { packets: Record<'pts_time' | 'pos' | 'flags' | 'codec_type', string>[] }
  const of = (type: string): Packet[] =>
    packets
      .filter(({ codec_type }) => codec_type === type)
      .map(({ pts_time, pos, flags }) => ({
        startSec: Number(pts_time),
        pos: Number(pos),
        isKey: flags.startsWith('K'),
      }))
  const audioRate = Number(streams.find(({ codec_type }) => codec_type === 'audio')?.sample_rate ?? 0)
  const media = await readFile(file)
  const common = { name, attributes, playlist, segments: segmentsOf(playlist), media, audioRate }
  return { ...common, video: of('video'), audio: of('audio') }
}

function segmentsOf(playlist: string): Segment[] {
  let startSec = 0
  return [...playlist.matchAll(/#EXTINF:([\d.]+),\n#EXT-X-BYTERANGE:(\d+)@(\d+)\n/g)].map(([, sec, length, offset]) => {
    const segment = { startSec, sec: Number(sec), from: Number(offset), to: Number(offset) + Number(length) }
    startSec += segment.sec
    return segment
  })
}
