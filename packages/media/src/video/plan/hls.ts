import type { HlsSpec } from '@darkroom/contracts'
import type { VideoFacts } from '../../facts.ts'
import { fileType } from '../../formats.ts'
import type { HlsStep, PlannedHls, VideoEncoding } from '../planned.ts'
import { planEncoding } from './encoding.ts'
import { framesOf } from './frames-of.ts'
import { segmentTiming } from './segment-timing.ts'

const PLAYLIST = { ...fileType('application/vnd.apple.mpegurl'), width: null, height: null } as const
const MEDIA = fileType('video/mp4')

export const mediaName = ({ name }: HlsStep): string => `${name}-media`

export function planHls(facts: VideoFacts, spec: HlsSpec): PlannedHls[] {
  const { name, required } = spec
  const steps = planSteps(facts, spec)
  const timing = segmentTiming(framesOf(facts, spec.deinterlace).source.frameRate, steps, spec.segmentSec)
  const common = { type: 'hls', required, ...timing } as const
  const files = steps.flatMap((step): PlannedHls[] => {
    const { width, height } = step
    const fingerprintInput = JSON.stringify(['hls', step, timing])
    const media = mediaName(step)
    const shared = { ...common, steps: [step], fingerprintInput }
    return [
      { ...shared, ...PLAYLIST, name: step.name, part: 'playlist', refersTo: [media] },
      { ...shared, ...MEDIA, name: media, part: 'media', width, height, refersTo: [step.name] },
    ]
  })
  const refersTo = steps.map(step => step.name)
  const fingerprintInput = JSON.stringify(['hls', steps, timing])
  return [...files, { ...common, ...PLAYLIST, name, part: 'master', steps, refersTo, fingerprintInput }]
}

/** Plans the renditions of a ladder, the smallest first. */
function planSteps(facts: VideoFacts, { name, ladder, loudness, deinterlace }: HlsSpec): HlsStep[] {
  const sorted = ladder.toSorted((a, b) => a.resolution - b.resolution)
  const shortSide = Math.min(facts.width, facts.height)
  return sorted
    .filter(({ resolution }, index) => index === 0 || resolution <= shortSide)
    .map(spec => {
      const encoding = planEncoding(facts, { ...spec, loudness, deinterlace })
      const maxBitrateKbps = encoding.maxBitrateKbps ?? usualBitrateKbps(encoding)
      return { ...encoding, name: `${name}-${spec.resolution}`, maxBitrateKbps }
    })
}

const BITS_PER_PIXEL = 0.1
const USUAL_RATE = 30
/** Twice the frames are much more alike than twice the pixels. */
const RATE_EXPONENT = 0.6

/** Returns the bit rate that such a video rarely exceeds: 2.8 Mbit/s for 720p at 30 frames per second. */
function usualBitrateKbps({ width, height, frameRate }: VideoEncoding): number {
  const speed = Math.max(1, frameRate / USUAL_RATE) ** RATE_EXPONENT
  return Math.max(200, Math.round((width * height * USUAL_RATE * BITS_PER_PIXEL * speed) / 1000))
}
