import { MediaFault } from '../../fault.ts'
import { runFfmpeg } from '../../ffmpeg/run-ffmpeg.ts'
import { ENDS_EARLY, tooLong } from '../../ffmpeg/scan-packets.ts'
import type { ProbeContext } from '../../pipeline/kind.ts'
import { findTruncation } from '../truncation/index.ts'
import type { AudioProbeResults } from './context.ts'

/** This much more than allowed is decoded, to see that it is more. */
const MARGIN_MS = 1000

/** Decodes the whole file, because headers lie: about a thousand times faster than it plays. */
export const durationStep = {
  name: 'durationMs',
  async run(context: ProbeContext, { stream }: Pick<AudioProbeResults, 'stream'>): Promise<number> {
    const { file, type, limits, warn } = context
    const { durationMs, stderr } = await decode(context, stream.index, limits.maxDurationMs + MARGIN_MS)
    if (durationMs > limits.maxDurationMs) throw tooLong(limits.maxDurationMs)
    const statedMs = (stream.duration ?? 0) * 1000
    if (ENDS_EARLY.test(stderr)) throw new MediaFault('TRUNCATED_FILE', 'The file is truncated')
    if (durationMs === 0) throw new MediaFault('CORRUPT_FILE', 'The file has no playable audio')
    const detail = await findTruncation(file, type, { statedMs, durationMs })
    if (detail !== null) warn({ code: 'SOURCE_TRUNCATED', detail })
    return Math.max(1, Math.round(durationMs))
  },
} as const

async function decode(context: ProbeContext, stream: number, totalMs: number) {
  let part = 0
  const stderr = await runFfmpeg(
    { ...context, outDir: '/' },
    {
      file: context.file,
      type: context.type,
      totalMs,
      // Tags of the file, which may say anything, are not printed at this level.
      before: ['-loglevel', 'level+warning', '-t', String(totalMs / 1000)],
      args: ['-map', `0:${stream}`, '-f', 'null', '-'],
      onProgress: value => {
        part = value
      },
    },
  )
  return { durationMs: part * totalMs, stderr }
}
