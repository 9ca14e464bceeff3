import type { HlsSpec, RenditionSpec } from '@darkroom/contracts'
import type { VideoFacts } from '../../facts.ts'
import type { VideoEncoding } from '../planned.ts'
import { framesOf } from './frames-of.ts'
import { h264Level } from './h264-level.ts'
import { videoSize } from './video-size.ts'

type StepSpec = HlsSpec['ladder'][number]

/** Plans how a video is written that is made of this one. */
export function planEncoding(
  facts: VideoFacts,
  spec: StepSpec & Pick<RenditionSpec, 'loudness' | 'deinterlace'>,
): VideoEncoding {
  const size = videoSize(facts, spec.resolution)
  const { source, fields } = framesOf(facts, spec.deinterlace)
  const frameRate = reducedRate(source.frameRate, spec.maxFrameRate)
  return {
    ...size,
    crf: spec.crf,
    effort: spec.effort,
    maxBitrateKbps: spec.maxBitrateKbps ?? null,
    maxFrameRate: spec.maxFrameRate,
    frameRate,
    level: h264Level(size, frameRate),
    ...fields,
    audioBitrateKbps: facts.hasAudio ? spec.audioBitrateKbps : null,
    loudness: facts.hasAudio ? spec.loudness : null,
  }
}

/**
 * Divides a frame rate above the limit by an integer: every second or third frame moves evenly, every 1.2th does not.
 */
function reducedRate(frameRate: number, maxFrameRate: number): number {
  const divisor = Math.max(1, Math.ceil(frameRate / (maxFrameRate * RATE_TOLERANCE)))
  return Math.round((frameRate / divisor) * 1000) / 1000
}

/** 60.02 frames per second are 60. */
const RATE_TOLERANCE = 1.01
