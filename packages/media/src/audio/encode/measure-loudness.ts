import { type FfmpegContext, runFfmpeg } from '../../ffmpeg/run-ffmpeg.ts'
import type { AudioInput } from './audio-source.ts'
import { mixTo } from './mix.ts'

/** By EBU R 128. */
export interface Loudness {
  /** Of the whole, in LUFS; null for silence, and for what is shorter than 0.4 s. */
  integrated: number | null
  /** The highest true peak, in dBTP; -Infinity for silence. */
  truePeak: number
}

/**
 * Listens to the whole file. The measuring pass of `loudnorm` finds the same and takes six times as long, because it runs
 * its limiter at 192 kHz meanwhile (20.9 s to 3.3 s for 10 minutes of stereo).
 */
export async function measureLoudness(
  context: FfmpegContext,
  audio: AudioInput,
  channels: number,
  onProgress: (part: number) => void = () => undefined,
): Promise<Loudness> {
  const { file, type, stream, durationMs } = audio
  const filters = `${mixTo(channels, audio)},ebur128=peak=true:framelog=verbose`
  const args = ['-map', `0:${stream}`, '-af', filters, '-f', 'null', '-']
  const report = await runFfmpeg(context, { file, type, args, totalMs: durationMs, onProgress })
  return readSummary(report)
}

/** What it prints for silence. */
const GATE_LUFS = -70

/** Reads the summary, which comes last; before it ffmpeg has printed the file's tags, which may say anything. */
export function readSummary(report: string): Loudness {
  const summary = report.slice(report.lastIndexOf('Summary:'))
  const integrated = toDecibels(/\bI:\s+(\S+) LUFS/.exec(summary)?.[1])
  const truePeak = toDecibels(/\bPeak:\s+(\S+) dBFS/.exec(summary)?.[1])
  return { integrated: integrated > GATE_LUFS ? integrated : null, truePeak }
}

function toDecibels(text: string | undefined): number {
  const value = Number(text)
  return text === undefined || Number.isNaN(value) ? -Infinity : value
}
