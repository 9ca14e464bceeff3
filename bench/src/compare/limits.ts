import type { AudioMeasures } from './compare-audio.ts'
import type { ImageMeasures } from './compare-images.ts'
import type { VideoMeasures } from './compare-videos.ts'

export interface ImageLimits {
  reference: string
  ssimMin: number
  deltaEMean: number
  deltaEP99: number
}

export interface AudioLimits {
  reference: string
  correlation: number
  /** To either side, in milliseconds; some containers count in whole ones. */
  offMs: number
  longerMs: number
}

const SHARP = "sharp's own resize of the source, upright, in sRGB"
const FFMPEG = "ffmpeg's own scale of the frame that the source shows at that time, rotated, in sRGB"
const DECODED = 'the audio of the source as ffmpeg decodes it'

/**
 * How near what is made has to come to what sharp, ffmpeg or pdfium make of the same source, by how it is written. SSIM holds
 * for each frame, CIEDE2000 over all. What encoders lose is allowed, with little more.
 */
export const IMAGE_LIMITS = {
  png: { reference: SHARP, ssimMin: 0.98, deltaEMean: 0.6, deltaEP99: 3 },
  webp: { reference: SHARP, ssimMin: 0.93, deltaEMean: 2.5, deltaEP99: 9 },
  jpeg: { reference: SHARP, ssimMin: 0.93, deltaEMean: 2.5, deltaEP99: 9 },
  avif: { reference: SHARP, ssimMin: 0.93, deltaEMean: 2.5, deltaEP99: 9 },
  animation: { reference: SHARP, ssimMin: 0.93, deltaEMean: 2.5, deltaEP99: 9 },
  page: { reference: "pdfium's own image of the page", ssimMin: 0.98, deltaEMean: 0.3, deltaEP99: 2 },
  mp4: { reference: FFMPEG, ssimMin: 0.93, deltaEMean: 2.1, deltaEP99: 8 },
  hls: { reference: FFMPEG, ssimMin: 0.85, deltaEMean: 2.8, deltaEP99: 11 },
} satisfies Record<string, ImageLimits>

export const AUDIO_LIMITS = {
  'mp4 sound': { reference: DECODED, correlation: 0.97, offMs: 2, longerMs: 60 },
  'hls sound': { reference: DECODED, correlation: 0.97, offMs: 2, longerMs: 60 },
  aac: { reference: DECODED, correlation: 0.97, offMs: 1, longerMs: 30 },
  mp3: { reference: DECODED, correlation: 0.97, offMs: 1, longerMs: 60 },
  opus: { reference: DECODED, correlation: 0.93, offMs: 1, longerMs: 30 },
} satisfies Record<string, AudioLimits>

export type ImageOutput = keyof typeof IMAGE_LIMITS
export type AudioOutput = keyof typeof AUDIO_LIMITS

/** Lists what exceeds the limits, in words; empty when nothing does. */
export function imageFaults(output: ImageOutput, measures: ImageMeasures): string[] {
  const { ssimMin, deltaEMean, deltaEP99 } = IMAGE_LIMITS[output]
  return broken([
    [measures.ssimMin >= ssimMin, `SSIM ${measures.ssimMin.toFixed(4)} is below ${ssimMin}`],
    [measures.deltaEMean <= deltaEMean, `mean ΔE ${measures.deltaEMean.toFixed(2)} is above ${deltaEMean}`],
    [
      measures.deltaEP99 <= deltaEP99,
      `ΔE of the 99th percentile ${measures.deltaEP99.toFixed(2)} is above ${deltaEP99}`,
    ],
  ])
}

export function audioFaults(output: AudioOutput, measures: AudioMeasures): string[] {
  const { correlation, offMs, longerMs } = AUDIO_LIMITS[output]
  return broken([
    [measures.correlation >= correlation, `correlation ${measures.correlation.toFixed(4)} is below ${correlation}`],
    [Math.abs(measures.offMs) <= offMs, `${measures.offMs.toFixed(2)} ms late, at most ${offMs}`],
    [Math.abs(measures.longerMs) <= longerMs, `${measures.longerMs.toFixed(0)} ms longer, at most ${longerMs}`],
  ])
}

/**
 * Lists what is wrong with the times of a video's frames, whatever they show. `frameSec` is the duration of a frame of
 * the source.
 */
export function frameFaults(
  measures: VideoMeasures,
  { frameSec, isEven }: { frameSec: number; isEven: boolean },
): string[] {
  return broken([
    [measures.misplaced === 0, `${measures.misplaced} frames are rather the one before or after`],
    [measures.offMs <= (frameSec / 2) * 1000 + 1, `a frame is ${measures.offMs.toFixed(1)} ms from its time`],
    [!isEven || measures.missing === 0, `${measures.missing} frames of the source are never shown`],
  ])
}

const broken = (rules: readonly (readonly [boolean, string])[]): string[] =>
  rules.flatMap(([holds, words]) => (holds ? [] : [words]))
