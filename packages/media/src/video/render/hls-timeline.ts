import type { VideoFacts } from '../../facts.ts'
import type { HlsStep, HlsTiming } from '../planned.ts'
import { CLOCK, encoderArgs, frameFilters, TOLERANCE, videoArgs } from './encode-args.ts'

/** Frames further apart than this are not reordered: audio would come earlier than its video by two of them. */
const MIN_REORDERED_RATE = 15
/** A segment shorter than this becomes the end of the one before. */
const MIN_LAST_SEC = 0.25
/** Of the times that ffmpeg compares as floats; no two frames are so near to each other. */
const NEAR_SEC = 0.001
/** More frames than a segment has: x264 begins anew only where it is told to, and every key frame is a cut. */
const KEY_FRAMES = ['-g', '65536', '-keyint_min', '32768', '-forced-idr', '1']

/**
 * Returns ffmpeg's options for the video of one step of a ladder. All steps begin at 0, are cut at the same times, and end with the
 * video: where no frame is to be seen, the nearest one is, and at every cut one begins.
 */
export function timelineArgs(facts: VideoFacts, step: HlsStep, timing: HlsTiming): string[] {
  const { durationMs } = facts
  const { segmentSec } = timing
  if (durationMs === 0) return untimedArgs(facts, step, segmentSec)
  const cuts = Math.max(1, Math.ceil((durationMs / 1000 - MIN_LAST_SEC) / segmentSec))
  return [
    ...['-filter_complex', timeline(facts, step, timing), '-map', '[video]'],
    ...encoderArgs(step, durationMs),
    ...(step.frameRate < MIN_REORDERED_RATE ? ['-bf', '0'] : []),
    ...['-force_key_frames', `expr:lt(n_forced,${cuts})*gte(t+${NEAR_SEC},n_forced*${segmentSec})`, ...KEY_FRAMES],
    // Without it the video would be moved by as much as x264 looks ahead, which differs from step to step; an edit list says it.
    ...['-avoid_negative_ts', 'disabled'],
    // Frames may be as far apart as cuts; the audio waits for them, or it would come into the wrong segment.
    ...['-max_interleave_delta', '0', '-t', String(durationMs / 1000)],
  ]
}

/** Returns the arguments for a video without packet times, whose end is unknown before it is decoded. */
const untimedArgs = (facts: VideoFacts, step: HlsStep, segmentSec: number): string[] => [
  ...videoArgs(facts, step),
  ...['-force_key_frames', `expr:gte(t,n_forced*${segmentSec})`, ...KEY_FRAMES],
]

/**
 * Builds the filter that adds frames at given times. `streamselect` passes a frame of the first input whenever either
 * input has one; the second input only has times. The first ends with a frame after the end of the video.
 */
function timeline(facts: VideoFacts, step: HlsStep, timing: HlsTiming): string {
  const { videoStream, durationMs } = facts
  const clock = `settb=1/${CLOCK}`
  const shown = [...frameFilters(facts, step), clock, `setpts='${atCuts(step, timing)}'`]
  return [
    `[0:${videoStream}]${shown.join(',')}[shown]`,
    `color=s=${step.width}x${step.height}:r=1,trim=end_frame=1,format=yuv420p,setsar=1,${clock},setpts=${durationMs / 1000}/TB[after]`,
    `[shown][after]concat,${clock}[held]`,
    `color=s=2x2:r=1,format=yuv420p,${clock},setpts='${timeOf('N', timing)}'[times]`,
    `[held][times]streamselect=inputs=2:map=0,select='${wanted(step, timing)}'[video]`,
  ].join(';')
}

/** Returns a time in ticks, the same for every step. */
const timeOf = (n: string, { stillSec }: HlsTiming): string => `round((${n})*${stillSec}/TB)`

const stillsIn = ({ segmentSec, stillSec }: HlsTiming): number => Math.round(segmentSec / stillSec)

/** Moves frames to cuts: the first frame to 0, and one that is close to a cut to the cut. */
function atCuts({ maxFrameRate }: HlsStep, timing: HlsTiming): string {
  const nearest = timeOf(`round(T/${timing.segmentSec})*${stillsIn(timing)}`, timing)
  return `if(eq(N,0),0,if(lt(abs(PTS-${nearest})*TB,${(0.5 / maxFrameRate).toFixed(6)}),${nearest},PTS))`
}

/** Selects the frames to keep: all but repeated ones next to a new frame; at a cut they stay. */
function wanted({ frameRate }: HlsStep, timing: HlsTiming): string {
  const nearest = `round(t/${timing.stillSec})`
  const usualSec = frameRate > 0 ? TOLERANCE / frameRate : 0
  const isLate = `isnan(prev_selected_t)+gte(t-prev_selected_t,${usualSec.toFixed(6)})`
  return `not(eq(pts,${timeOf(nearest, timing)}))+not(mod(${nearest},${stillsIn(timing)}))+${isLate}`
}
