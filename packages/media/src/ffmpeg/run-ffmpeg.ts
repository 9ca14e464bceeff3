import { lacksTool } from '../fault.ts'
import type { Limits } from '../limits.ts'
import type { Tools } from '../sandbox/protocol.ts'
import { faultOfFfmpeg } from './fault-of-ffmpeg.ts'
import { globalArgs, inputArgs } from './input-args.ts'
import { runTool } from './run-tool.ts'

export interface FfmpegContext {
  tools: Tools | null
  limits: Limits
  /** The job's own folder: ffmpeg runs in it. */
  outDir: string
}

export interface FfmpegJob {
  /** Absolute path of the source. */
  file: string
  /** Its media type: decides the demuxers that may run. */
  type: string
  /** Of the image, where it is not to be the one that ffmpeg would choose. */
  decoder?: string | undefined
  /** In front of `-i`, such as `-ss`. */
  before?: readonly string[]
  /** Instead of `before`: opens the source once for each entry, with these options in front of its `-i`. */
  inputs?: readonly (readonly string[])[]
  /** After `-i`: filters, codecs, outputs. */
  args: readonly string[]
  /** How much of the result there is to make, in ms; with it, `onProgress` hears of parts from 0 to 1. */
  totalMs?: number
  onProgress?: (part: number) => void
  /** Hears stdout where `args` write to `pipe:1`; what it throws ends ffmpeg. */
  onData?: (chunk: Buffer) => void
  /** Hears each line of stderr, of which no more than the end is returned. */
  onLine?: (line: string) => void
}

/**
 * Runs ffmpeg on an untrusted file and waits for its end. No more than the longest video that is allowed is read.
 * @returns what it said on stderr, the last 64 KiB: each message with its level in brackets. Tags of the file are in it too.
 * @throws MediaFault DECODER_UNAVAILABLE, CORRUPT_FILE, TRUNCATED_FILE, UNSUPPORTED_TYPE, TOO_MANY_PIXELS, TOO_MANY_STREAMS,
 * OUTPUT_TOO_LARGE, NO_SPACE, RESOURCE_LIMIT, WORKER_CRASHED, TIMEOUT
 */
export async function runFfmpeg({ tools, limits, outDir }: FfmpegContext, job: FfmpegJob): Promise<string> {
  if (!tools) throw lacksTool('ffmpeg')
  const end = await runTool({
    command: tools.ffmpeg,
    args: ffmpegArgs(job, limits),
    cwd: outDir,
    timeoutMs: limits.maxTranscodeMs,
    onStdout: chunk => job.onData?.(chunk),
    onProgress: chunk => report(job, chunk.toString('latin1')),
    ...(job.onLine && { onLine: job.onLine }),
  })
  if (end.code === 0) return end.stderr
  throw faultOfFfmpeg(end.stderr, end.code, end.signal)
}

/** Returns everything that is said to ffmpeg: on top how it runs, then the inputs with their bounds, then what the job asks for. */
export function ffmpegArgs(job: FfmpegJob, limits: Limits): string[] {
  const inputs = job.inputs ?? [job.before ?? []]
  const bounds = ['-t', String(limits.maxDurationMs / 1000), ...(job.decoder ? ['-c:v', job.decoder] : [])]
  return [
    ...['-nostdin', '-loglevel', 'level+info', '-nostats', '-progress', 'pipe:3', '-y', ...globalArgs(limits)],
    ...inputs.flatMap(before => [...bounds, ...before, ...inputArgs(job, limits)]),
    ...job.args,
  ]
}

function report({ totalMs, onProgress }: FfmpegJob, text: string): void {
  const us = [...text.matchAll(/out_time_us=(\d+)/g)].at(-1)?.[1]
  if (us !== undefined && totalMs) onProgress?.(Math.min(1, Number(us) / 1000 / totalMs))
}
